import { setTimeout } from 'node:timers/promises';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { createEventsClient, EventBus } from './adapters/event-bus.ts';
import { FileJobStore } from './adapters/file-job-store.ts';
import { parseFileStep } from './adapters/file-step-queue.ts';
import { createFilesClient, FileStore } from './adapters/file-store.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { JobCheckQueue } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { createQueueClient, QueueConsumer } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import type { JobEnd, StoredJob } from './domain/job.ts';
import { type FileStepPorts, runFileStep } from './domain/run-file-step.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import { publishMetrics } from './runtime/metrics.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCEDURES_TABLE',
  'JOB_CHECK_QUEUE_URL',
  'FILES_BUCKET',
  'FILE_STEPS_QUEUE_URL',
  'FILE_CHUNKS_IN_FLIGHT',
);

/**
 * For how long a step is hidden from other invocations, again and again while it is being done: so the step of one that has
 * died comes back soon, though an invocation may take a quarter of an hour.
 */
const LEASE_SECONDS = 60;
/** The lease is renewed when this much of it is over. */
const RENEW_MS = 15_000;
/** Pause after a failure. */
const RETRY_SECONDS = 5;
/** No chunk is begun when less time than this remains. */
const RESERVE_MS = 30_000;

/**
 * Consumes the steps of file jobs: reads files, makes jobs of their chunks, and ends file jobs.
 * @param chunkLimits - the size of a chunk; default: that of a request
 */
export function createHandler(
  {
    documents,
    queues,
    events,
    files,
    now,
    pause,
  }: Pick<Services, 'documents' | 'queues' | 'events' | 'files' | 'now' | 'pause'>,
  chunkLimits?: FileStepPorts['chunkLimits'],
) {
  const table = environment.JOBS_TABLE;
  const store = new FileStore(files, environment.FILES_BUCKET);
  const fileJobs = new FileJobStore(documents, table, now);
  const ports = {
    procedures: new ProcedureStore(documents, environment.PROCEDURES_TABLE, now),
    jobs: new JobStore(documents, table),
    announcements: new AnnouncementStore(documents, table, pause),
    submissions: new SubmissionStore(documents, table),
    heldUpdates: new HeldUpdatesStore(documents, table),
    fileJobs,
    jobChecks: new JobCheckQueue(queues, environment.JOB_CHECK_QUEUE_URL),
    files: store,
    uploads: store,
    events: new EventBus(events),
    chunksInFlight: environment.FILE_CHUNKS_IN_FLIGHT,
    chunkLimits,
    onEnd,
    now,
  };
  const queue = new QueueConsumer(queues, environment.FILE_STEPS_QUEUE_URL, (error) =>
    logger.warn('A step could not be hidden', { error }),
  );

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadline = () => now() + context.getRemainingTimeInMillis();
    const failed: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of Records) {
      if (!(await run(record, deadline))) failed.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures: failed };
  };

  /** @returns whether nothing is left to do */
  async function run({ receiptHandle, body }: SQSRecord, deadline: () => number): Promise<boolean> {
    let renewedAt = now();
    await queue.retryAfter([{ receiptHandle, seconds: LEASE_SECONDS }]);
    const mayGoOn = async () => {
      if (now() - renewedAt > RENEW_MS) {
        renewedAt = now();
        await queue.retryAfter([{ receiptHandle, seconds: LEASE_SECONDS }]);
      }
      return now() < deadline() - RESERVE_MS;
    };
    try {
      const step = parseFileStep(body);
      const seconds = await runFileStep(step, { ...ports, deadline, mayGoOn });
      if (seconds === undefined) return true;
      await queue.retryAfter([{ receiptHandle, seconds }]);
    } catch (error) {
      logger.error('A step of a file job failed and comes again', { error: error as Error, step: body });
      await queue.retryAfter([{ receiptHandle, seconds: RETRY_SECONDS }]);
    }
    await tellStandstill(body);
    return false;
  }

  /** Publishes how long a file job has stood still, whether its step succeeds or fails: each second while it runs. */
  async function tellStandstill(body: string): Promise<void> {
    try {
      const { jobId, kind } = parseFileStep(body);
      // An upload is the client's to bring, and a job that has ended moves no more.
      const movedAt = kind === 'read' || kind === 'apply' ? await fileJobs.movedAt(jobId) : undefined;
      if (movedAt === undefined) return;
      const stalledMs = Math.max(0, now() - movedAt);
      publishMetrics({ durations: { FileStalled: stalledMs }, about: { jobId } });
    } catch (error) {
      logger.warn('How long a file job has stood still could not be found out', { error });
    }
  }
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  events: createEventsClient(),
  files: createFilesClient(),
  now: Date.now,
  pause: setTimeout,
});

function onEnd({ id, team }: StoredJob, { status }: JobEnd): void {
  if (status === 'ABORTED') publishMetrics({ counts: { Aborted: 1 }, about: { team, jobId: id } });
}
