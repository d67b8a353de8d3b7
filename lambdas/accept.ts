import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AnnouncementStore } from './adapters/announcement-store.ts';
import { createDocumentClient } from './adapters/document-client.ts';
import { DryRunProcesses, type OnChanges, type OnRead } from './adapters/dry-run-processes.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { IdempotencyStore } from './adapters/idempotency-store.ts';
import { JobCheckQueue } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { PlanStore } from './adapters/plan-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { definedOf } from './contract/defined-of.ts';
import { updateQuery } from './contract/queries.ts';
import { includesScope } from './contract/scopes.ts';
import { acceptOnce, fingerprintOf } from './domain/accept-once.ts';
import { type AcceptedJob, acceptUpdates } from './domain/accept-updates.ts';
import { dryRun } from './domain/dry-run.ts';
import { planUpdates } from './domain/plan-updates.ts';
import { apiHandler } from './http/api-handler.ts';
import { checkScope } from './http/caller.ts';
import { countedParts, dryRunResponse } from './http/dry-run-response.ts';
import { acknowledgment } from './http/job-response.ts';
import { idempotencyKey, readQuery } from './http/parameters.ts';
import { procedureOf } from './http/procedure-of.ts';
import { readUpdateRequest } from './http/update-request.ts';
import { withoutMember } from './http/without-member.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';
import { publishMetrics } from './runtime/metrics.ts';
import type { Services } from './runtime/services.ts';

const environment = readEnvironment(
  'JOBS_TABLE',
  'PROCEDURES_TABLE',
  'PROCESSES_TABLE',
  'PRIMARY_KEY_INDEX',
  'UPDATE_QUEUE_URL',
  'JOB_CHECK_QUEUE_URL',
);

/** From /v1/ext/procedure/{procedure}/process, and one level deeper. */
const JOBS = '../../background-job';
const JOBS_OF_CREATE = '../../../background-job';

/** PATCH /v1/ext/procedure/{procedure}/process, and POST …/process/bulk-create */
export function createHandler({
  documents,
  queues,
  now,
  pause,
}: Pick<Services, 'documents' | 'queues' | 'now' | 'pause'>) {
  const procedures = new ProcedureStore(documents, environment.PROCEDURES_TABLE, now);
  const processes = new ProcessStore(documents, processesTable(environment), now);
  const onError = (error: unknown) => logger.warn('A send to the queue failed', { error });
  const ports = {
    jobs: new JobStore(documents, environment.JOBS_TABLE),
    announcements: new AnnouncementStore(documents, environment.JOBS_TABLE, pause),
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    heldUpdates: new HeldUpdatesStore(documents, environment.JOBS_TABLE),
    idempotencyRecords: new IdempotencyStore(documents, environment.JOBS_TABLE),
    jobChecks: new JobCheckQueue(queues, environment.JOB_CHECK_QUEUE_URL),
    queue: new SqsUpdateQueue(queues, environment.UPDATE_QUEUE_URL, pause, onError),
    plans: new PlanStore(documents, environment.JOBS_TABLE),
    processes: (onChanges: OnChanges, onRead: OnRead) =>
      new DryRunProcesses(processes, now, onChanges, onRead),
    onFailure: (error: unknown) => logger.error('A process could not be read', error as Error),
    now,
    newId: randomUUID,
  };

  return apiHandler(
    // What more a request needs, the handler finds out.
    'read',
    async (request) => {
      const { event, context } = request;
      const query = readQuery(event, updateQuery);
      const isDryRun = query.dryRun === 'true';
      // A key that may not even plan is told so before its body is read.
      if (!includesScope(request.caller.scope, 'plan'))
        checkScope(request.caller, isDryRun ? 'plan' : 'write');
      const key = idempotencyKey(event);
      const procedure = await procedureOf(request, procedures);
      const creates = event.resource.endsWith('/bulk-create') ? ('all' as const) : undefined;
      const jobs = creates === undefined ? JOBS : JOBS_OF_CREATE;
      const { text, ...frame } = readUpdateRequest(event, creates);
      const deadline = () => now() + context.getRemainingTimeInMillis();
      const update = { procedure, ...frame, ...(creates && { creates }) };
      if (isDryRun) {
        return dryRunResponse(
          await dryRun(update, {
            ...ports,
            deadline,
            onChanges: countedParts(),
            onEntry: countedParts(),
          }),
        );
      }

      const isPlan = frame.options.plan === true;
      // What the body asks for is known only now.
      if (!isPlan) checkScope(request.caller, 'write');
      const accept = (jobId: string) =>
        (isPlan ? planUpdates : acceptUpdates)(jobId, update, { ...ports, deadline });
      if (key === undefined) {
        const accepted = await accept(randomUUID());
        note(accepted);
        return acknowledgment(accepted, jobs);
      }
      const items = withoutMember(text, 'options');
      const counting = definedOf({ ...frame.options, creates });
      const fingerprint = fingerprintOf(procedure.shortId, items, counting);
      const keyed = { team: procedure.team, key, fingerprint };
      const { isReplay, ...accepted } = await acceptOnce(keyed, accept, { ...ports, deadline });
      if (isReplay) logger.info('Accepted before', summary(accepted));
      else note(accepted);
      const response = acknowledgment(accepted, jobs);
      return { ...response, headers: { ...response.headers, 'idempotency-replayed': String(isReplay) } };
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

function note(accepted: AcceptedJob): void {
  const { job, queued } = accepted;
  logger.info('Accepted', summary(accepted));
  publishMetrics({
    counts: { Accepted: queued, Invalid: job.invalid, NotQueued: job.total - job.invalid - queued },
    about: { team: job.team, jobId: job.id },
  });
}

function summary({ job, queued }: AcceptedJob) {
  return { team: job.team, jobId: job.id, total: job.total, queued, invalid: job.invalid };
}
