import { randomUUID } from 'node:crypto';
import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { createQueueClient, SqsUpdateQueue } from './adapters/update-queue.ts';
import { acceptUpdates } from './domain/accept-updates.ts';
import { jobView, progressOf } from './domain/job.ts';
import { apiHandler } from './http/api-handler.ts';
import { procedureOf } from './http/procedure-of.ts';
import { readUpdateRequest } from './http/update-request.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('JOBS_TABLE', 'PROCEDURES_TABLE', 'UPDATE_QUEUE_URL');
const client = createDocumentClient();
const procedures = new ProcedureStore(client, environment.PROCEDURES_TABLE, Date.now);
const jobs = new JobStore(client, environment.JOBS_TABLE);
const queue = new SqsUpdateQueue(createQueueClient(), environment.UPDATE_QUEUE_URL, (error) =>
  logger.warn('A send to the queue failed', { error }),
);

/** Entries that are processed in a second, at least: for a first guess when to look again. */
const ENTRIES_PER_SECOND = 500;

/** PATCH /v1/ext/procedure/{procedure}/process */
export const handler = apiHandler(async (request) => {
  const procedure = await procedureOf(request, procedures);
  const frame = readUpdateRequest(request.event);
  const { job, queued } = await acceptUpdates(
    { procedure, ...frame },
    {
      jobs,
      queue,
      now: Date.now,
      newId: randomUUID,
      deadline: () => Date.now() + request.context.getRemainingTimeInMillis(),
    },
  );
  logger.info('Accepted', { jobId: job.id, total: job.total, queued, invalid: job.invalid });
  return {
    status: 202,
    data: jobView(job, progressOf(job, new Map(), Date.now())),
    meta: { total: job.total, queued, invalid: job.invalid },
    headers: {
      location: `/v1/ext/background-job/${job.id}`,
      'retry-after': String(Math.ceil(1 + queued / ENTRIES_PER_SECOND)),
    },
  };
}, logger);
