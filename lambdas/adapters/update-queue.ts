import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { pack } from '../domain/pack.ts';
import type { UpdateQueue } from '../domain/ports.ts';
import { delaySeconds, type UpdateMessage, writeMessage } from '../domain/update-message.ts';

/** Calls in flight: enough to hide the round trip, few enough for the function's memory and sockets. */
export const SENDS_IN_FLIGHT = 24;
/** Maximum number of times that a batch is sent, with pauses of 100 ms, 200 ms, 400 ms and jitter in between. */
const SEND_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;

interface Envelope {
  message: UpdateMessage;
  body: string;
  bytes: number;
}

export class SqsUpdateQueue implements UpdateQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #onError: (error: unknown) => void;

  /** @param onError - told of each call that failed altogether, and of each message refused */
  constructor(
    client: SQSClient,
    queueUrl: string,
    pause: (ms: number) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#pause = pause;
    this.#onError = onError;
  }

  async send(messages: Iterable<UpdateMessage>, isOver: () => boolean): Promise<UpdateMessage[]> {
    const unsent = await pMap(pack(envelopes(messages)), (batch) => this.#sendBatch(batch, isOver), {
      concurrency: SENDS_IN_FLIGHT,
    });
    return unsent.flat();
  }

  /** Sends a batch, then what the queue refused of it, until nothing is left or the attempts are used up. */
  async #sendBatch(batch: readonly Envelope[], isOver: () => boolean): Promise<UpdateMessage[]> {
    let left = batch;
    for (let attempt = 1; attempt <= SEND_ATTEMPTS && left.length > 0 && !isOver(); attempt++) {
      if (attempt > 1) await this.#pause(FIRST_PAUSE_MS * 2 ** (attempt - 2) * (0.5 + Math.random()));
      left = await this.#trySend(left);
    }
    return left.map(({ message }) => message);
  }

  /** @returns what was not accepted; a call that fails altogether accepted nothing that is known */
  async #trySend(batch: readonly Envelope[]): Promise<readonly Envelope[]> {
    const Entries = batch.map(
      ({ message, body }, position): SendMessageBatchRequestEntry => ({
        Id: String(position),
        MessageBody: body,
        // Fair queues: a team that floods the queue does not make the others wait.
        MessageGroupId: groupOf(message.team),
        DelaySeconds: message.postponed === undefined ? undefined : delaySeconds(message.postponed),
      }),
    );
    try {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
      );
      if (Failed.length > 0) this.#onError(Failed);
      const refused = new Set(Failed.map(({ Id }) => Number(Id)));
      return batch.filter((_, position) => refused.has(position));
    } catch (error) {
      this.#onError(error);
      return batch;
    }
  }
}

function* envelopes(messages: Iterable<UpdateMessage>): Generator<Envelope> {
  for (const message of messages) {
    const body = writeMessage(message);
    yield { message, body, bytes: Buffer.byteLength(body) };
  }
}

/** A message group id has at most 128 of these characters. Teams whose ids differ only in others share a group. */
export function groupOf(team: string): string {
  return team.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 128) || '_';
}
