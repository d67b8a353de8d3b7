import { setTimeout } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { clientSettings, type LocalCredentials } from './credentials.ts';
import { tell } from './tell.ts';
import { LOCAL_REGION } from './template.ts';

/** Lambda starts with five pollers; more would only queue up behind the function's local concurrency. */
const POLLERS = 5;

/** Between a receive that failed, whose SDK has tried it several times already, and the next. */
const PAUSE_MS = 1_000;

export interface EventSourceOptions {
  endpoint: string;
  credentials: LocalCredentials;
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  reportsBatchItemFailures: boolean;
  invoke: (event: { Records: SQSRecord[] }) => Promise<unknown>;
}

/**
 * Polls a queue and invokes a function, as Lambda's event source mapping does: several pollers; batches; what
 * the function reports as failed stays in the queue, and so does everything when it fails as a whole. The
 * queue then counts receives, makes messages visible again and moves them to its dead-letter queue.
 *
 * A queue that cannot be reached is asked again; messages that cannot be deleted come again, as on AWS.
 */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #client: SQSClient;
  readonly #stopped = new AbortController();
  #pollers: Promise<void>[] = [];

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#client = new SQSClient(clientSettings(options.endpoint, options.credentials));
  }

  start(): void {
    this.#pollers = Array.from({ length: POLLERS }, () => this.#poll());
  }

  /** Stops polling; batches that are being processed end first. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#pollers);
    this.#client.destroy();
  }

  async #poll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const messages = await this.#receive();
      if (messages.length > 0) await this.#process(messages);
    }
  }

  async #receive(): Promise<Message[]> {
    const { queueUrl, batchSize } = this.#options;
    try {
      const { Messages = [] } = await this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: batchSize,
          WaitTimeSeconds: 20,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: this.#stopped.signal },
      );
      return Messages;
    } catch (error) {
      const { signal } = this.#stopped;
      if (signal.aborted) return [];
      tell('Receiving messages failed, and is tried again:', error);
      await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => {});
      return [];
    }
  }

  async #process(messages: Message[]): Promise<void> {
    const done = await this.#invoke(messages);
    if (done.length === 0) return;
    try {
      const { Failed = [] } = await this.#client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: this.#options.queueUrl,
          Entries: done.map(({ ReceiptHandle }, position) => ({ Id: String(position), ReceiptHandle })),
        }),
      );
      if (Failed.length > 0) tell('Messages could not be deleted, and come again:', Failed);
    } catch (error) {
      tell('Messages could not be deleted, and come again:', error);
    }
  }

  /** @returns the messages that are done */
  async #invoke(messages: Message[]): Promise<Message[]> {
    const { invoke, reportsBatchItemFailures } = this.#options;
    try {
      const response = await invoke({ Records: messages.map((message) => this.#recordOf(message)) });
      return reportsBatchItemFailures ? succeeded(messages, response) : messages;
    } catch (error) {
      tell('A batch failed and comes again after its visibility timeout:', (error as Error).message);
      return [];
    }
  }

  #recordOf(message: Message): SQSRecord {
    const attributes = message.Attributes as Record<string, string>;
    return {
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      body: message.Body ?? '',
      md5OfBody: message.MD5OfBody ?? '',
      attributes: attributes as unknown as SQSRecord['attributes'],
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: this.#options.queueArn,
      awsRegion: LOCAL_REGION,
    };
  }
}

/**
 * Lambda's reading of a batch response: none, or an empty list, is success of all; an identifier that is
 * empty or not of the batch is failure of all.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function succeeded(messages: Message[], response: unknown): Message[] {
  const { batchItemFailures } = (response ?? {}) as Partial<SQSBatchResponse>;
  const failed = new Set((batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const ids = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => !ids.has(id))) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
}
