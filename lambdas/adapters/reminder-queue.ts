import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { Reminder, Reminders } from '../domain/ports.ts';

const reminderSchema = v.object({ jobId: v.string(), acceptingUntil: v.number() });

export class ReminderQueue implements Reminders {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async remind(reminder: Reminder, seconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: JSON.stringify(reminder),
        DelaySeconds: seconds,
      }),
    );
  }
}

/** @throws SyntaxError or ValiError when a message's body is not a reminder */
export function parseReminder(body: string): Reminder {
  return v.parse(reminderSchema, JSON.parse(body));
}
