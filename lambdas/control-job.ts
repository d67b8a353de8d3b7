import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { FileJobStore } from './adapters/file-job-store.ts';
import { FileStepQueue } from './adapters/file-step-queue.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { JobCheckQueue } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { noQuery } from './contract/queries.ts';
import { type AcceptPorts, acceptUpdates } from './domain/accept-updates.ts';
import { approvePlan } from './domain/approve-plan.ts';
import { retryFile } from './domain/begin-again.ts';
import { RECONCILE_MS } from './domain/job.ts';
import type { FileJobs, FileSteps, Procedures } from './domain/ports.ts';
import { progressOfState } from './domain/progress.ts';
import { RequestError } from './domain/request-error.ts';
import { retryOf } from './domain/retry-job.ts';
import { retryUndo } from './domain/retry-undo.ts';
import { type ApiRequest, type ApiResponse, apiHandler } from './http/api-handler.ts';
import { checkScope } from './http/caller.ts';
import { jobOf } from './http/job-of.ts';
import { acknowledgment, approval, etagOf, jobResponse, matches } from './http/job-response.ts';
import { checkNoBody } from './http/no-body.ts';
import { readQuery } from './http/parameters.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCEDURES_TABLE',
  'UPDATE_QUEUE_URL',
  'JOB_CHECK_QUEUE_URL',
  'FILE_STEPS_QUEUE_URL',
);

/** POST /v1/ext/background-job/{id}/cancel, …/retry and …/approve */
export function createHandler({
  documents,
  queues,
  now,
  pause,
}: Pick<Services, 'documents' | 'queues' | 'now' | 'pause'>) {
  const onError = (error: unknown) => logger.warn('A send to the queue failed', { error });
  const ports = {
    procedures: new ProcedureStore(documents, environment.PROCEDURES_TABLE, now),
    jobs: new JobStore(documents, environment.JOBS_TABLE),
    fileJobs: new FileJobStore(documents, environment.JOBS_TABLE),
    fileSteps: new FileStepQueue(queues, environment.FILE_STEPS_QUEUE_URL),
    announcements: new AnnouncementStore(documents, environment.JOBS_TABLE, pause),
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    heldUpdates: new HeldUpdatesStore(documents, environment.JOBS_TABLE),
    jobChecks: new JobCheckQueue(queues, environment.JOB_CHECK_QUEUE_URL),
    queue: new SqsUpdateQueue(queues, environment.UPDATE_QUEUE_URL, pause, onError),
    now,
  };
  return apiHandler(
    // To discard a plan takes no more; the others ask for what they need.
    'plan',
    (request) => {
      readQuery(request.event, noQuery);
      checkNoBody(request.event);
      const action = request.event.resource.split('/').at(-1);
      if (action === 'cancel') return cancel(request, ports);
      checkScope(request.caller, 'write');
      return action === 'approve' ? approve(request, ports) : retry(request, ports);
    },
    logger,
  );
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  now: Date.now,
  pause: setTimeout,
});

interface ControlPorts extends Omit<AcceptPorts, 'deadline'> {
  procedures: Procedures;
  fileJobs: FileJobs;
  fileSteps: FileSteps;
}

async function cancel(request: ApiRequest, ports: ControlPorts): Promise<ApiResponse> {
  const { jobs, jobChecks, now } = ports;
  const state = await jobOf(request, (id) => jobs.read(id), now());
  const { id, acceptingUntil } = state.job;
  const before = progressOfState(state).status;
  const stopped = { at: now(), why: 'cancelled' } as const;
  const isDiscarded = before === 'PLANNED' && (await jobs.markDiscarded(id, stopped));
  if (!isDiscarded) {
    checkScope(request.caller, 'write');
    if (!['IN_PROGRESS', 'PLANNED', 'AWAITING_UPLOAD'].includes(before)) throw finished(before);
    await jobs.markStopped(id, stopped);
  }
  // The steps of a file that is uploaded see it themselves.
  if (before === 'AWAITING_UPLOAD')
    await ports.fileSteps.schedule({ jobId: id, kind: 'expire', acceptingUntil }, 1);
  else if (state.file === undefined)
    await jobChecks.schedule({ jobId: id, acceptingUntil }, isDiscarded ? 1 : Math.ceil(RECONCILE_MS / 1000));

  // It may have ended meanwhile.
  const after = await jobOf(request, (jobId) => jobs.read(jobId), now());
  const { status } = progressOfState(after);
  if (status !== 'IN_PROGRESS' && status !== 'CANCELLED') throw finished(status);
  logger.info(isDiscarded ? 'Discarded' : 'Cancelled', { jobId: id });
  return jobResponse(after, request.event, now());
}

async function approve(request: ApiRequest, ports: ControlPorts): Promise<ApiResponse> {
  const { jobs, now } = ports;
  const state = await jobOf(request, (id) => jobs.read(id), now());
  const ifMatch = request.event.headers['if-match'];
  const isAsSeen = () => ifMatch === undefined || matches(ifMatch, etagOf(state));
  await approvePlan(state, isAsSeen, ports);
  const approved = await jobOf(request, (id) => jobs.read(id), now());
  logger.info('Approved', { jobId: approved.job.id, total: approved.job.total });
  // From /v1/ext/background-job/{id}/approve.
  return approval(approved, '..', now());
}

function finished(status: string): RequestError {
  return new RequestError('JOB_FINISHED', `The job has ended (${status}): there is nothing left to cancel.`);
}

async function retry(request: ApiRequest, ports: ControlPorts): Promise<ApiResponse> {
  const { jobs, submissions, procedures, now } = ports;
  const state = await jobOf(request, (id) => jobs.readWhole(id), now());
  const deadline = () => now() + request.context.getRemainingTimeInMillis();
  const { team, procedure: name, undoes } = state.job;
  if (state.file !== undefined) {
    const again = await retryFile(state, { ...ports, deadline, newId: randomUUID });
    logger.info('Retried', { jobId: again.job.id, parent: state.job.id });
    return acknowledgment(again, '..');
  }
  if (undoes !== undefined) {
    const job = await retryUndo(state, { ...ports, deadline, newId: randomUUID });
    return acknowledgment({ job, queued: job.total }, '..');
  }
  const procedure = await procedures.find(team, name);
  if (procedure === undefined) {
    throw new RequestError('PROCEDURE_NOT_FOUND', `The job's procedure "${name}" does not exist any more.`);
  }
  const update = await retryOf(state, procedure, submissions);
  const accepted = await acceptUpdates(randomUUID(), update, { ...ports, deadline });
  logger.info('Retried', { jobId: accepted.job.id, parent: state.job.id, total: accepted.job.total });
  // From /v1/ext/background-job/{id}/retry.
  return acknowledgment(accepted, '..');
}
