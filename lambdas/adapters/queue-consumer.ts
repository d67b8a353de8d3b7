import { ChangeMessageVisibilityBatchCommand, DeleteMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export function createQueueClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 3,
    requestHandler: {
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
      connectionTimeout: 2_000,
      httpsAgent: { maxSockets: 64 },
    },
  });
}

/** What a consumer does with messages that it was given. */
export class QueueConsumer {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #onError: (error: unknown) => void;

  /** @param onError - told of each call that failed */
  constructor(client: SQSClient, queueUrl: string, onError: (error: unknown) => void) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#onError = onError;
  }

  /**
   * Makes messages of one batch visible again after some seconds instead of the queue's visibility timeout.
   *
   * A failure is harmless: the message then comes back after the visibility timeout.
   */
  async retryAfter(messages: readonly { receiptHandle: string; seconds: number }[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ receiptHandle, seconds }, position) => ({
      Id: String(position),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }));
    await this.#client
      .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queueUrl, Entries }))
      .catch(this.#onError);
  }

  /** Removes a message. A failure is harmless: it comes again, and changes nothing. */
  async remove(receiptHandle: string): Promise<void> {
    await this.#client
      .send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }))
      .catch(this.#onError);
  }
}
