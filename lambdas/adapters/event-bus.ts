import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Events, JobFinished } from '../domain/ports.ts';

/** By these a rule picks the events. */
export const EVENT_SOURCE = 'bulk-update';
export const JOB_FINISHED = 'bulk-update.job.finished';

export function createEventsClient(): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 4,
    requestHandler: { requestTimeout: 5_000, throwOnRequestTimeout: true, connectionTimeout: 2_000 },
  });
}

/** Publishes on the account's default event bus. */
export class EventBus implements Events {
  readonly #client: EventBridgeClient;

  constructor(client: EventBridgeClient) {
    this.#client = client;
  }

  async publish(event: JobFinished): Promise<void> {
    const { Entries = [] } = await this.#client.send(
      new PutEventsCommand({
        Entries: [{ Source: EVENT_SOURCE, DetailType: JOB_FINISHED, Detail: JSON.stringify(event) }],
      }),
    );
    // A refused entry is told of in a response with status 200 (test/fixtures/aws/put-events-response.json).
    const [entry] = Entries;
    if (entry?.ErrorCode !== undefined) {
      throw new Error(`EventBridge refused the event: ${entry.ErrorCode} ${entry.ErrorMessage ?? ''}`);
    }
  }
}
