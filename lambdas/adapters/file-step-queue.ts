import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { FileStep, FileSteps } from '../domain/ports.ts';

const fileStepSchema = v.object({
  jobId: v.string(),
  kind: v.picklist(['read', 'apply', 'expire', 'report']),
  row: v.exactOptional(v.number()),
  acceptingUntil: v.number(),
  undoes: v.exactOptional(v.string()),
});

export class FileStepQueue implements FileSteps {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async schedule(step: FileStep, seconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: JSON.stringify(step),
        DelaySeconds: seconds,
      }),
    );
  }
}

/** @throws SyntaxError or ValiError when a message's body is no step of a file job */
export function parseFileStep(body: string): FileStep {
  return v.parse(fileStepSchema, JSON.parse(body));
}
