import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import { RequestError } from './domain/errors.ts';
import { foldResults, jobView, progressOf } from './domain/job.ts';
import { apiHandler } from './http/api-handler.ts';
import { checkAllowed } from './http/caller.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('JOBS_TABLE');
const jobs = new JobStore(createDocumentClient(), environment.JOBS_TABLE);

/** A UUID; the table's other keys are none. */
const JOB_ID = /^[0-9a-f-]{36}$/;

/** GET /v1/ext/background-job/{id} */
export const handler = apiHandler(async ({ event, caller }) => {
  const id = event.pathParameters?.id ?? '';
  const job = JOB_ID.test(id) ? await jobs.find(id) : undefined;
  if (job === undefined || job.team !== caller.team) {
    throw new RequestError('JOB_NOT_FOUND', 'There is no such background job. Jobs are kept for 30 days.');
  }
  checkAllowed(caller, job.procedure);
  const now = Date.now();
  const progress = progressOf(job, foldResults(await jobs.readResults(id), now), now);
  return {
    status: 200,
    data: jobView(job, progress),
    meta: { total: job.total, bjEntryCompletionStatusVsCount: progress.counts },
  };
}, logger);
