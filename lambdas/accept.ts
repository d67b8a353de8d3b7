import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { createDocumentClient } from './adapters/document-client.ts';
import { DryRunProcesses, type OnChanges } from './adapters/dry-run-processes.ts';
import { HeldUpdatesStore } from './adapters/held-updates-store.ts';
import { IdempotencyStore } from './adapters/idempotency-store.ts';
import { JobCheckQueue } from './adapters/job-check-queue.ts';
import { JobStore } from './adapters/job-store.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { createQueueClient } from './adapters/queue-consumer.ts';
import { SubmissionStore } from './adapters/submission-store.ts';
import { SqsUpdateQueue } from './adapters/update-queue.ts';
import { updateQuery } from './contract/queries.ts';
import type { Scope } from './contract/scopes.ts';
import { acceptOnce, fingerprintOf } from './domain/accept-once.ts';
import { type AcceptedJob, acceptUpdates } from './domain/accept-updates.ts';
import { dryRun } from './domain/dry-run.ts';
import { apiHandler } from './http/api-handler.ts';
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

/** From /v1/ext/procedure/{procedure}/process. */
const JOBS = '../../background-job';

/** PATCH /v1/ext/procedure/{procedure}/process */
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
    submissions: new SubmissionStore(documents, environment.JOBS_TABLE),
    heldUpdates: new HeldUpdatesStore(documents, environment.JOBS_TABLE),
    idempotencyRecords: new IdempotencyStore(documents, environment.JOBS_TABLE),
    jobChecks: new JobCheckQueue(queues, environment.JOB_CHECK_QUEUE_URL),
    queue: new SqsUpdateQueue(queues, environment.UPDATE_QUEUE_URL, pause, onError),
    processes: (onChanges: OnChanges) => new DryRunProcesses(processes, now, onChanges),
    now,
    newId: randomUUID,
  };

  return apiHandler(
    scopeOf,
    async (request) => {
      const { event, context } = request;
      const query = readQuery(event, updateQuery);
      const key = idempotencyKey(event);
      const procedure = await procedureOf(request, procedures);
      const { text, ...frame } = readUpdateRequest(event);
      const deadline = () => now() + context.getRemainingTimeInMillis();
      const update = { procedure, ...frame };
      if (query.dryRun === 'true') {
        const onFailure = (error: unknown) => logger.error('A dry run failed', error as Error);
        return dryRunResponse(
          await dryRun(update, {
            ...ports,
            deadline,
            onFailure,
            onChanges: countedParts(),
            onEntry: countedParts(),
          }),
        );
      }

      const accept = (jobId: string) => acceptUpdates(jobId, update, { ...ports, deadline });
      if (key === undefined) {
        const accepted = await accept(randomUUID());
        note(accepted);
        return acknowledgment(accepted, JOBS);
      }
      const items = withoutMember(text, 'options');
      const fingerprint = fingerprintOf(procedure.shortId, items, frame.options);
      const keyed = { team: procedure.team, key, fingerprint };
      const { isReplay, ...accepted } = await acceptOnce(keyed, accept, { ...ports, deadline });
      if (isReplay) logger.info('Accepted before', summary(accepted));
      else note(accepted);
      const response = acknowledgment(accepted, JOBS);
      return { ...response, headers: { ...response.headers, 'idempotency-replayed': String(isReplay) } };
    },
    logger,
  );
}

/** A dry run writes nothing. */
function scopeOf(event: APIGatewayProxyEvent): Scope {
  return readQuery(event, updateQuery).dryRun === 'true' ? 'plan' : 'write';
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
