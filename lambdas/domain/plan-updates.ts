import { definedOf } from '../contract/defined-of.ts';
import type { PlannedEntry } from '../contract/views.ts';
import { type AcceptedJob, type AcceptPorts, newJob, type UpdateRequest } from './accept-updates.ts';
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
  const held = holdUpdates(decided.map(heldUpdate), release.steps, 0);

  const { INVALID, SUCCESS, ERROR } = counts;
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

/** What was planned to fail fails, and is never applied. */
function heldUpdate({ fields, end, ...item }: DecidedUpdate): HeldUpdate {
  if (end === undefined || !('error' in end.result)) return definedOf({ ...item, planned: fields });
  const { result, processId } = end;
  return { ...item, refused: definedOf({ result, processId }) };
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
