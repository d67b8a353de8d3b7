import { randomUUID } from 'node:crypto';
import { createDocumentClient } from './adapters/document-client.ts';
import { DryRunProcesses, type OnChanges } from './adapters/dry-run-processes.ts';
import { FileJobStore } from './adapters/file-job-store.ts';
import { FileStepQueue } from './adapters/file-step-queue.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { ImageStore } from './adapters/image-store.ts';
import { JobCheckQueue } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { undoQuery } from './contract/queries.ts';
import { progressOfState } from './domain/progress.ts';
import { fileUndoDryRun, undoDryRun } from './domain/undo-dry-run.ts';
import { undoJob } from './domain/undo-job.ts';
import { apiHandler } from './http/api-handler.ts';
import { checkScope } from './http/caller.ts';
import { countedParts, dryRunResponse } from './http/dry-run-response.ts';
import { jobOf } from './http/job-of.ts';
import { acknowledgment } from './http/job-response.ts';
import { checkNoBody } from './http/no-body.ts';
import { readQuery } from './http/parameters.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCESSES_TABLE',
  'PRIMARY_KEY_INDEX',
  'JOB_CHECK_QUEUE_URL',
  'FILE_STEPS_QUEUE_URL',
);

/** POST /v1/ext/background-job/{id}/undo */
export function createHandler({ documents, queues, now }: Pick<Services, 'documents' | 'queues' | 'now'>) {
  const processes = new ProcessStore(documents, processesTable(environment), now);
  const ports = {
    jobs: new JobStore(documents, environment.JOBS_TABLE),
    fileJobs: new FileJobStore(documents, environment.JOBS_TABLE),
    fileSteps: new FileStepQueue(queues, environment.FILE_STEPS_QUEUE_URL),
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    heldUpdates: new HeldUpdatesStore(documents, environment.JOBS_TABLE),
    images: new ImageStore(documents, environment.JOBS_TABLE),
    jobChecks: new JobCheckQueue(queues, environment.JOB_CHECK_QUEUE_URL),
    processes: (onChanges: OnChanges) => new DryRunProcesses(processes, now, onChanges),
    onFailure: (error: unknown) => logger.error('A process could not be read', error as Error),
    now,
    newId: randomUUID,
  };
  return apiHandler(
    'plan',
    async (request) => {
      const { dryRun } = readQuery(request.event, undoQuery);
      checkNoBody(request.event);
      if (dryRun !== 'true') checkScope(request.caller, 'write');
      const state = await jobOf(request, (id) => ports.jobs.readWhole(id), now());
      const deadline = () => now() + request.context.getRemainingTimeInMillis();
      if (dryRun === 'true') {
        const onEntry = countedParts('Undo the job without a dry run: the undo can be undone, too.');
        const tryUndo = state.file === undefined ? undoDryRun : fileUndoDryRun;
        return dryRunResponse(await tryUndo(state, { ...ports, deadline, onEntry }));
      }
      const { job, isReplay } = await undoJob(state, { ...ports, deadline });
      logger.info(isReplay ? 'Undone before' : 'Undone', {
        jobId: job.id,
        undoes: state.job.id,
        total: job.total,
      });
      // From /v1/ext/background-job/{id}/undo.
      const queued = job.fileJob === undefined ? job.total : progressOfState(state).counts.SUCCESS;
      const response = acknowledgment({ job, queued }, '..');
      return { ...response, headers: { ...response.headers, 'idempotency-replayed': String(isReplay) } };
    },
    logger,
  );
}

export const handler = createHandler({
  documents: createDocumentClient(),
  queues: createQueueClient(),
  now: Date.now,
});
