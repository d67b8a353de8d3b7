import { randomUUID } from 'node:crypto';
import { createQueueClient } from './adapters/deliveries.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { ReminderQueue } from './adapters/reminder-queue.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { acceptUpdates } from './domain/accept-updates.ts';
import { RequestError } from './domain/errors.ts';
import { progressOfState } from './domain/progress.ts';
import { retryOf } from './domain/retry-job.ts';
import { type ApiAnswer, type ApiRequest, apiHandler } from './http/api-handler.ts';
import { acknowledgment, jobAnswer } from './http/job-answer.ts';
import { jobOf } from './http/job-of.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCEDURES_TABLE',
  'UPDATE_QUEUE_URL',
  'REMINDER_QUEUE_URL',
);
const client = createDocumentClient();
const queueClient = createQueueClient();
const procedures = new ProcedureStore(client, environment.PROCEDURES_TABLE);
const jobs = new JobStore(client, environment.JOBS_TABLE);
const submissions = new SubmissionStore(client, environment.JOBS_TABLE);
const reminders = new ReminderQueue(queueClient, environment.REMINDER_QUEUE_URL);
const queue = new SqsUpdateQueue(queueClient, environment.UPDATE_QUEUE_URL, (error) =>
  logger.warn('A send to the queue failed', { error }),
);

/** POST /v1/ext/background-job/{id}/cancel and POST /v1/ext/background-job/{id}/retry */
export const handler = apiHandler(
  (request) => (request.event.resource.endsWith('/cancel') ? cancel(request) : retry(request)),
  logger,
);

async function cancel(request: ApiRequest): Promise<ApiAnswer> {
  const state = await jobOf(request, (id) => jobs.read(id));
  const { id } = state.job;
  const before = progressOfState(state, Date.now()).status;
  if (before !== 'IN_PROGRESS') throw finished(before);
  await jobs.markCancelled(id, Date.now());

  // It may have ended meanwhile.
  const after = await jobOf(request, (jobId) => jobs.read(jobId));
  const { status } = progressOfState(after, Date.now());
  if (status === 'COMPLETED' || status === 'FAILED') throw finished(status);
  logger.info('Cancelled', { jobId: id });
  return jobAnswer(after, request.event, Date.now());
}

function finished(status: string): RequestError {
  return new RequestError('JOB_FINISHED', `The job has ended (${status}): there is nothing left to cancel.`);
}

async function retry(request: ApiRequest): Promise<ApiAnswer> {
  const state = await jobOf(request, (id) => jobs.readWhole(id));
  const { team, procedure: name } = state.job;
  const procedure = await procedures.find(team, name);
  if (procedure === undefined) {
    throw new RequestError('PROCEDURE_NOT_FOUND', `The job's procedure "${name}" does not exist any more.`);
  }
  const update = await retryOf(state, procedure, submissions, Date.now());
  const accepted = await acceptUpdates(randomUUID(), update, {
    jobs,
    submissions,
    reminders,
    queue,
    now: Date.now,
    deadline: () => Date.now() + request.context.getRemainingTimeInMillis(),
  });
  logger.info('Retried', { jobId: accepted.job.id, parent: state.job.id, total: accepted.job.total });
  return acknowledgment(accepted);
}
