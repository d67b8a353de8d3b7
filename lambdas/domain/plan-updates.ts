import { definedOf } from '../contract/defined-of.ts';
import type { PlannedEntry } from '../contract/views.ts';
import {
  type AcceptedJob,
  type AcceptPorts,
  announceCreates,
  newJob,
  type UpdateRequest,
} from './accept-updates.ts';
import { type DecidedUpdate, type DryRunPorts, dryRun } from './dry-run.ts';
import type { FieldChanges } from './field-changes.ts';
import { type HeldUpdate, holdUpdates } from './held-updates.ts';
import { InvalidItems } from './invalid-items.ts';
import { PlanWriter } from './plan.ts';
import type { Plans } from './ports.ts';
import { stepsOf } from './release.ts';
import { RequestError } from './request-error.ts';
import { SubmissionWriter } from './submission.ts';

export interface PlanPorts extends Omit<AcceptPorts, 'queue'>, Pick<DryRunPorts, 'processes' | 'onFailure'> {
  plans: Plans;
}

/** Maximum number of bytes of what changes in a plan, before and after. */
const MAX_PLAN_BYTES = 20 * 1024 * 1024;

/** A job check is put off by 15 minutes at most. */
const FIRST_CHECK_SECONDS = 900;

/**
 * Stores what would become of a request, as a job that nothing is applied of until it is approved: a dry run whose
 * submission is stored. Each update is held with what its fields have now.
 *
 * @throws RequestError when there are no items or too many, when invalid ones are not to be skipped, or when the plan is
 *   too large
 */
export async function planUpdates(
  jobId: string,
  request: UpdateRequest,
  ports: PlanPorts,
): Promise<AcceptedJob> {
  const { entries, submitted, decided, counts } = await dryRun(request, {
    ...ports,
    onChanges: countedChanges(),
    onEntry: () => {},
  });
  if (request.options?.onInvalid === 'reject') {
    const refused = new InvalidItems();
    for (const { errors } of submitted) if (errors !== undefined) refused.add(errors);
    refused.refuse(submitted.length);
  }
  const submission = new SubmissionWriter();
  for (const entry of submitted) submission.add(entry);
  submission.end();
  const plan = new PlanWriter(submission.chunkStarts);
  for (const { completionStatus, outcome, errors, before, after } of entries)
    plan.add({ completionStatus, outcome, errors, before, after } satisfies PlannedEntry);
  plan.end();
  const release = stepsOf(decided, request.options ?? {});
  const updates = heldUpdates(decided);
  const held = holdUpdates(updates, release.steps, 0);

  const { INVALID, SUCCESS, ERROR } = counts;
  await announceCreates(jobId, request, updates, ports);
  const createdAt = ports.now();
  const job = definedOf({
    ...(await newJob(jobId, request, submission.chunkStarts, { ...ports, createdAt, valid: decided.length })),
    ...release,
    heldStarts: held.starts,
    queuedAt: createdAt,
    releasedTo: 0,
    plan: { INVALID, SUCCESS, ERROR },
  });
  await ports.submissions.store(jobId, submission.chunks, createdAt);
  await ports.heldUpdates.store(jobId, held.chunks, createdAt);
  await ports.plans.store(jobId, plan.chunks, createdAt);
  const { acceptingUntil } = job;
  await ports.jobChecks.schedule({ jobId, acceptingUntil }, FIRST_CHECK_SECONDS);
  await ports.jobs.create(job);
  return { job, queued: 0 };
}

/**
 * The updates as they are held. What was planned to fail fails, and is never applied; what was planned to be created must
 * still be missing; what was planned to be updated is never created, but may be an earlier item's creation.
 */
function heldUpdates(decided: readonly DecidedUpdate[]): HeldUpdate[] {
  const creating = new Map<string, number>();
  return decided.map(({ fields, end, create, ...item }) => {
    if (end !== undefined && 'error' in end.result) {
      const { result, processId } = end;
      return { ...item, refused: definedOf({ result, processId }) };
    }
    const key = item.target.id === undefined ? item.target.primaryKey : undefined;
    if (create === undefined || key === undefined) return definedOf({ ...item, planned: fields });
    const isCreated = end !== undefined && 'outcome' in end.result && end.result.outcome === 'CREATED';
    if (!isCreated) return definedOf({ ...item, planned: fields, after: creating.get(key) });
    creating.set(key, item.index);
    return { ...item, create: { ifExists: 'PRECONDITION_FAILED', ...create } };
  });
}

function countedChanges(): (changes: FieldChanges) => void {
  let bytes = 0;
  return (changes) => {
    bytes += Buffer.byteLength(JSON.stringify(changes));
    if (bytes <= MAX_PLAN_BYTES) return;
    throw new RequestError(
      'PLAN_TOO_LARGE',
      'What changes in this plan, before and after, exceeds 20 MiB. Send fewer items at a time.',
    );
  };
}
