import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadMessage } from '../domain/dead-letter-updates.ts';
import { pack } from '../domain/pack.ts';
import { groupOf } from './update-queue.ts';

/** Keeps the updates that failed at every attempt until an operator redrives them. */
export class DeadLetterQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #onError: (error: unknown) => void;

  /** @param onError - told of each call that failed altogether, and of each message refused */
  constructor(client: SQSClient, queueUrl: string, onError: (error: unknown) => void) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#onError = onError;
  }

  /** @returns the messages that did not get there */
  async put(messages: readonly DeadMessage[]): Promise<DeadMessage[]> {
    const sized = messages.map((message) => ({ message, bytes: Buffer.byteLength(message.body) }));
    const batches = [...pack(sized)].map((batch) => batch.map(({ message }) => message));
    return (await Promise.all(batches.map((batch) => this.#putBatch(batch)))).flat();
  }

  async #putBatch(batch: readonly DeadMessage[]): Promise<readonly DeadMessage[]> {
    const Entries = batch.map(({ body, message }, position) => ({
      Id: String(position),
      MessageBody: body,
      MessageGroupId: message && groupOf(message.team),
    }));
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
