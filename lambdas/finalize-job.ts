import { setTimeout } from 'node:timers/promises';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { CompactResultsStore } from './adapters/compact-results-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { createEventsClient, EventBus } from './adapters/event-bus.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { parseJobCheck } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient, QueueConsumer } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { type FinalizePorts, finalizeJob } from './domain/finalize-job.ts';
import type { JobEnd, StoredJob } from './domain/job.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import { publishMetrics } from './runtime/metrics.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCESSES_TABLE',
  'PRIMARY_KEY_INDEX',
  'UPDATE_QUEUE_URL',
  'JOB_CHECK_QUEUE_URL',
);

/**
 * Consumes the job checks: releases the next steps of jobs, stores and publishes the end of jobs; jobs in progress are
 * checked again later.
 */
export function createHandler({
  documents,
  queues,
  events,
  now,
  pause,
}: Pick<Services, 'documents' | 'queues' | 'events' | 'now' | 'pause'>) {
  const ports = {
    jobs: new JobStore(documents, environment.JOBS_TABLE),
    announcements: new AnnouncementStore(documents, environment.JOBS_TABLE, pause),
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    compactResults: new CompactResultsStore(documents, environment.JOBS_TABLE),
    heldUpdates: new HeldUpdatesStore(documents, environment.JOBS_TABLE),
    queue: new SqsUpdateQueue(queues, environment.UPDATE_QUEUE_URL, pause, (error) =>
      logger.warn('A send to the queue failed', { error }),
    ),
    processes: new ProcessStore(documents, processesTable(environment), now),
    events: new EventBus(events),
    onEnd,
    now,
  };
  const queue = new QueueConsumer(queues, environment.JOB_CHECK_QUEUE_URL, (error) =>
    logger.warn('A job check could not be scheduled earlier', { error }),
  );

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadline = () => now() + context.getRemainingTimeInMillis();
    const checked = await Promise.all(Records.map((record) => check(record, { ...ports, deadline })));
    const later = checked.filter((retry) => retry !== undefined);
    await queue.retryAfter(later.filter(({ seconds }) => seconds > 0));
    return { batchItemFailures: later.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  events: createEventsClient(),
  now: Date.now,
  pause: setTimeout,
});

function onEnd({ id, team }: StoredJob, { status }: JobEnd): void {
  if (status === 'ABORTED') publishMetrics({ counts: { Aborted: 1 }, about: { team, jobId: id } });
}

async function check({ messageId, receiptHandle, body }: SQSRecord, ports: FinalizePorts) {
  try {
    const jobCheck = parseJobCheck(body);
    const seconds = await finalizeJob(jobCheck, ports);
    if (seconds === undefined) return undefined;
    const openMs = Math.max(0, ports.now() - jobCheck.acceptingUntil);
    publishMetrics({ durations: { JobOpen: openMs }, about: { jobId: jobCheck.jobId } });
    return { messageId, receiptHandle, seconds };
  } catch (error) {
    logger.error('A job could not be finalized and is checked again', error as Error);
    // After the visibility timeout.
    return { messageId, receiptHandle, seconds: 0 };
  }
}
