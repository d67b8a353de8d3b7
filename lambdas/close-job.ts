import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createQueueClient, Deliveries } from './adapters/deliveries.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { EventBus } from './adapters/event-bus.ts';
import { JobStore } from './adapters/job-store.ts';
import { parseReminder } from './adapters/reminder-queue.ts';
import { closeJob } from './domain/close-job.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('JOBS_TABLE', 'REMINDER_QUEUE_URL');
const jobs = new JobStore(createDocumentClient(), environment.JOBS_TABLE);
const events = new EventBus();
const queue = new Deliveries(createQueueClient(), environment.REMINDER_QUEUE_URL, (error) =>
  logger.warn('A reminder could not be brought back earlier', { error }),
);

/** Consumes the reminder queue: notes and announces the end of jobs; the others are looked at again later. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const later = (await Promise.all(Records.map(look))).filter((retry) => retry !== undefined);
  await queue.retryAfter(later.filter(({ seconds }) => seconds > 0));
  return { batchItemFailures: later.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function look({ messageId, receiptHandle, body }: SQSRecord) {
  try {
    const seconds = await closeJob(parseReminder(body), { jobs, events, now: Date.now });
    return seconds === undefined ? undefined : { messageId, receiptHandle, seconds };
  } catch (error) {
    logger.error('A job could not be closed and is looked at again', error as Error);
    // After the visibility timeout.
    return { messageId, receiptHandle, seconds: 0 };
  }
}
