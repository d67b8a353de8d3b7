import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { JobCheck, JobChecks } from '../domain/ports.ts';

const jobCheckSchema = v.object({
  jobId: v.string(),
  acceptingUntil: v.number(),
  undoes: v.exactOptional(v.string()),
});

export class JobCheckQueue implements JobChecks {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async schedule(jobCheck: JobCheck, seconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: JSON.stringify(jobCheck),
        DelaySeconds: seconds,
      }),
    );
  }
}

/** @throws SyntaxError or ValiError when a message's body is not a job check */
export function parseJobCheck(body: string): JobCheck {
  return v.parse(jobCheckSchema, JSON.parse(body));
}
