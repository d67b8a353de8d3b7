import { setTimeout } from 'node:timers/promises';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { isTransient } from './adapters/aws-errors.ts';
import { cached } from './adapters/cache.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { FileStepQueue } from './adapters/file-step-queue.ts';
import { ImageStore } from './adapters/image-store.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient, QueueConsumer } from './adapters/queue-consumer.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { UPDATE_RETENTION_MS } from './contract/limits.ts';
import type { Outcome } from './contract/statuses.ts';
import { applyUpdates } from './domain/apply-updates.ts';
import { attemptOf, type Delivery } from './domain/delivery.ts';
import { JOB_CACHE_MS } from './domain/job.ts';
import type { ResultLog } from './domain/ports.ts';
import type { EntryResult } from './domain/results.ts';
import { parseMessage } from './domain/update-message.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import { publishMetrics } from './runtime/metrics.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'PROCESSES_TABLE',
  'PRIMARY_KEY_INDEX',
  'JOBS_TABLE',
  'UPDATE_QUEUE_URL',
  'FILE_STEPS_QUEUE_URL',
  'MAX_RECEIVE_COUNT',
  'UNDO',
);

/** Copies that are not sent by then come again by themselves. */
const SEND_RESERVE_MS = 1_000;

/** Consumes the update queue. Only the messages that are to come again are reported as failed. */
export function createHandler({
  documents,
  queues,
  now,
  pause,
}: Pick<Services, 'documents' | 'queues' | 'now' | 'pause'>) {
  let merges = 0;
  const processes = new ProcessStore(documents, processesTable(environment), now, () => {
    merges += 1;
  });
  const jobStore = new JobStore(documents, environment.JOBS_TABLE);
  const jobs: ResultLog = {
    find: cached((jobId) => jobStore.find(jobId), JOB_CACHE_MS, now),
    appendResults: (jobId, batch) => jobStore.appendResults(jobId, batch),
    readWhole: (jobId) => jobStore.readWhole(jobId),
  };
  const announcements = new AnnouncementStore(documents, environment.JOBS_TABLE, pause);
  const images = new ImageStore(documents, environment.JOBS_TABLE);
  const fileSteps = new FileStepQueue(queues, environment.FILE_STEPS_QUEUE_URL);
  const queue = new QueueConsumer(queues, environment.UPDATE_QUEUE_URL, (error) =>
    logger.warn('Messages could not be removed or brought back earlier', { error }),
  );
  const updates = new SqsUpdateQueue(queues, environment.UPDATE_QUEUE_URL, pause, (error) =>
    logger.warn('Copies of messages could not be sent', { error }),
  );
  const processor = new BatchProcessor(EventType.SQS);

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deliveries = new Map(event.Records.map((record) => [record.messageId, deliveryOf(record)]));
    const receiptHandles = new Map(
      event.Records.map(({ messageId, receiptHandle }) => [messageId, receiptHandle]),
    );
    const receiptHandleOf = ({ messageId }: Delivery) => receiptHandles.get(messageId) ?? '';
    const readable = [...deliveries.values()].filter((delivery) => delivery !== undefined);
    const deadline = () => now() + context.getRemainingTimeInMillis();
    const retries = await applyUpdates(readable, {
      processes,
      jobs,
      announcements,
      images,
      fileSteps,
      keepsImages: environment.UNDO,
      now,
      maxAttempts: environment.MAX_RECEIVE_COUNT,
      deadline,
      remove: (delivery) => queue.remove(receiptHandleOf(delivery)),
      postpone: async (copies) => {
        publishMetrics({ counts: { Postponed: copies.length } });
        return updates.send(copies, () => now() > deadline() - SEND_RESERVE_MS);
      },
      isTransient,
      onFailure: (error, failed) =>
        logger.error('Updates failed and come again', {
          error: error as Error,
          entries: failed.map((delivery) => ({
            jobId: delivery.message.jobId,
            index: delivery.message.index,
            attempt: attemptOf(delivery),
          })),
        }),
      onRecorded: (job, results) =>
        publishMetrics({
          counts: countsOf(results),
          durations: { EndToEnd: now() - job.createdAt },
          about: { team: job.team, jobId: job.id },
        }),
    });
    publishMetrics({ counts: { Merged: merges } });
    merges = 0;
    await queue.retryAfter(
      [...retries].map(([delivery, seconds]) => ({ receiptHandle: receiptHandleOf(delivery), seconds })),
    );
    return processPartialResponse(
      event,
      async (record: SQSRecord) => {
        const delivery = deliveries.get(record.messageId);
        if (delivery === undefined || retries.has(delivery)) throw new Error('The message is to come again');
      },
      processor,
      { context, throwOnFullBatchFailure: false },
    );
  };
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  now: Date.now,
  pause: setTimeout,
});

const OUTCOME_METRICS: Readonly<Record<Outcome, string>> = {
  APPLIED: 'Applied',
  UNCHANGED: 'Unchanged',
  SUPERSEDED: 'Superseded',
  CREATED: 'Created',
  REVERTED: 'Reverted',
  KEPT: 'Kept',
};

/** How many entries ended in each way: `Applied`, `Superseded`, …, `Failed`, and `Failed_PROCESS_NOT_FOUND`, …. */
function countsOf(results: readonly EntryResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { result } of results) {
    if ('outcome' in result) count(OUTCOME_METRICS[result.outcome]);
    if ('error' in result) for (const name of ['Failed', `Failed_${result.error}`]) count(name);
  }
  return counts;
}

/** A message that accept did not write has no job to report to; it ends in the dead-letter queue. */
function deliveryOf(record: SQSRecord): Delivery | undefined {
  try {
    const { ApproximateReceiveCount, SentTimestamp } = record.attributes;
    return {
      messageId: record.messageId,
      message: parseMessage(record.body),
      receives: Number(ApproximateReceiveCount),
      keptUntil: Number(SentTimestamp) + UPDATE_RETENTION_MS,
    };
  } catch {
    // The error would quote the message, which holds customers' data.
    logger.error('Unreadable message', { messageId: record.messageId });
    return undefined;
  }
}
