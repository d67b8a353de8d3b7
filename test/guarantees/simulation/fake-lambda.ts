import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { succeeded } from '../../../lib/local/event-source.ts';
import type { FakeQueues } from './fake-queues.ts';
import type { Caller } from './service.ts';
import type { World } from './world.ts';

/** What may go wrong with a function. */
export interface FunctionFaults {
  /** Probability that an invocation is killed at some moment. */
  killed: number;
  /** Probability that a batch is received and no invocation is free for it. */
  throttled: number;
  /** Clocks of environments differ from the true time by at most this, in ms. */
  skewMs: number;
}

type Handler = (event: never, context: never) => Promise<unknown>;

/** An execution environment: a handler with services and a clock of its own, killed with whatever it waits for. */
export interface Environment extends Caller {
  handler: Handler;
}

/** Makes the handler of a new environment. */
export type Create = (caller: Caller, now: () => number) => Handler;

/** Usual invocations take so long, and most kills are to strike one. */
const KILLED_WITHIN_MS = 200;

/** A function whose environments take one invocation at a time, are reused, and end at the time limit. */
export class FakeFunction {
  /** How many invocations ended without an answer. */
  died = 0;
  readonly #world: World;
  readonly #create: Create;
  readonly #limitMs: number;
  readonly #faults: () => FunctionFaults;
  readonly #idle: Environment[] = [];

  constructor(world: World, create: Create, limitMs: number, faults: () => FunctionFaults) {
    this.#world = world;
    this.#create = create;
    this.#limitMs = limitMs;
    this.#faults = faults;
  }

  /** @returns the answer, or undefined when there is none: it threw, was killed, or took too long */
  invoke(event: unknown): Promise<unknown> {
    const environment = this.#idle.pop() ?? this.#start();
    const endsAt = this.#world.now + this.#limitMs;
    const context = { getRemainingTimeInMillis: () => endsAt - this.#world.now, awsRequestId: 'request' };
    return new Promise((resolve) => {
      const end = () => {
        if (!environment.isAlive) return;
        environment.isAlive = false;
        this.died += 1;
        resolve(undefined);
      };
      let isAnswered = false;
      const endInvocation = () => {
        if (!isAnswered) end();
      };
      this.#world.after(this.#limitMs, endInvocation);
      if (this.#world.happens(this.#faults().killed)) {
        this.#world.after(this.#world.number(KILLED_WITHIN_MS), endInvocation);
      }
      const answer = (result: unknown) => {
        if (!environment.isAlive) return;
        isAnswered = true;
        this.#idle.push(environment);
        resolve(result);
      };
      environment.handler(event as never, context as never).then(answer, () => answer(undefined));
    });
  }

  #start(): Environment {
    const { skewMs } = this.#faults();
    const skew = Math.round(this.#world.number(2 * skewMs) - skewMs);
    const caller = { isAlive: true };
    return Object.assign(caller, { handler: this.#create(caller, () => Math.floor(this.#world.now + skew)) });
  }
}

/** How an event source mapping polls. */
export interface Polling {
  /** Invocations at a time. */
  concurrency: number;
  /** A queue is looked at after so many ms at most. */
  pauseMs: number;
  /** Whether batches are filled, where that many are waiting. */
  isFilling: boolean;
  /** The largest batch: 10 unless told. */
  batchSize?: number;
}

const BATCH_SIZE = 10;

/**
 * Lambda's event source mapping: receives batches, several at a time, and removes from the queue what the
 * function does not report as failed. Removing may fail; then the messages come again.
 */
export class FakeEventSource {
  readonly #world: World;
  readonly #queues: FakeQueues;
  readonly #queue: string;
  readonly #target: FakeFunction;
  readonly #faults: () => { answerLost: number; throttled: number };
  readonly #polling: Polling;
  #running = 0;

  constructor(
    world: World,
    queues: FakeQueues,
    queue: string,
    target: FakeFunction,
    faults: () => { answerLost: number; throttled: number },
    polling: Polling,
  ) {
    this.#polling = polling;
    this.#world = world;
    this.#queues = queues;
    this.#queue = queue;
    this.#target = target;
    this.#faults = faults;
  }

  pollIn(ms: number): void {
    this.#world.after(ms + this.#world.number(this.#polling.pauseMs), () => void this.#poll());
  }

  async #poll(): Promise<void> {
    if (this.#running >= this.#polling.concurrency) return;
    const { isFilling, batchSize = BATCH_SIZE } = this.#polling;
    const size = isFilling ? batchSize : 1 + Math.floor(this.#world.number(batchSize));
    const receive = new ReceiveMessageCommand({ QueueUrl: this.#queue, MaxNumberOfMessages: size });
    const { Messages = [] } = this.#queues.perform(receive) as ReceiveMessageCommandOutput;
    if (Messages.length === 0) return;
    if (this.#world.happens(this.#faults().throttled)) return this.#pollNext();
    this.#running += 1;
    const Records = Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
    }));
    const response = await this.#target.invoke({ Records } as unknown as SQSEvent);
    this.#running -= 1;
    const done = response === undefined ? [] : succeeded(Messages, response as SQSBatchResponse);
    if (!this.#world.happens(this.#faults().answerLost)) {
      const Entries = done.map(({ ReceiptHandle }, position) => ({ Id: String(position), ReceiptHandle }));
      this.#queues.perform(new DeleteMessageBatchCommand({ QueueUrl: this.#queue, Entries }));
    }
    this.#pollNext();
  }

  #pollNext(): void {
    const next = this.#queues.nextIn(this.#queue);
    if (next !== undefined) this.pollIn(next);
  }
}
