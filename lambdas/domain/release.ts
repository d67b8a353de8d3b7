import type { UpdateOptions } from '../contract/options.ts';
import type { EntryCounts } from '../contract/statuses.ts';
import type { HeldUpdate, IndexedItem } from './held-updates.ts';
import { orderIn, type Step, type Stopped, type StoredJob } from './job.ts';
import { isPlanned } from './plan.ts';
import type { HeldUpdates, JobState, Jobs, UpdateQueue } from './ports.ts';
import { endedStatus, foldResults } from './results.ts';
import type { UpdateMessage } from './update-message.ts';

/** With a threshold, the results are looked at first after this number of entries, unless the request says otherwise. */
const FIRST_LOOK = 100;
/** Number of entries from one look to the next, unless the first is later: the bound of what is applied beyond the threshold. */
const WAVE = 1_000;

type Release = Pick<StoredJob, 'steps' | 'isCanary' | 'errorPercent'>;

/** In which steps the valid entries of a request are released; nothing where that is all at once. */
export function releaseOf(
  valid: readonly Pick<IndexedItem, 'index'>[],
  options: Pick<UpdateOptions, 'canary' | 'abortOn'>,
): Release {
  const release = stepsOf(valid, options);
  return release.steps.length <= 1 ? {} : release;
}

/** The same, of a plan, of which accepting releases nothing. */
export function stepsOf(
  valid: readonly Pick<IndexedItem, 'index'>[],
  { canary, abortOn }: Pick<UpdateOptions, 'canary' | 'abortOn'>,
): Release & Required<Pick<Release, 'steps'>> {
  const steps = [...stepEnds(valid.length, canary, abortOn)].map(
    (count): Step => ({ to: (valid[count - 1]?.index ?? 0) + 1, valid: count }),
  );
  if (canary === undefined && abortOn === undefined) return { steps };
  const errorPercent = abortOn?.errorPercent ?? 0;
  return canary === undefined ? { steps, errorPercent } : { steps, isCanary: true, errorPercent };
}

/** After how many of all valid entries each step ends. */
function* stepEnds(
  all: number,
  canary: number | undefined,
  abortOn: UpdateOptions['abortOn'],
): Generator<number> {
  let end = canary ?? 0;
  if (end > 0 && end < all) yield end;
  if (abortOn !== undefined) {
    const { after = FIRST_LOOK } = abortOn;
    if (after > end && after < all) {
      end = after;
      yield end;
    }
    const wave = Math.max(after, WAVE);
    for (end += wave; end < all; end += wave) yield end;
  }
  yield all;
}

/** The valid entries that accepting releases. */
export function firstOf<Item>(valid: readonly Item[], { steps }: Pick<StoredJob, 'steps'>): readonly Item[] {
  const [first] = steps ?? [];
  return first === undefined ? valid : valid.slice(0, first.valid);
}

/** Index after the last entry that may be on the queue. */
export function releasedTo({ releasedTo, steps, total }: StoredJob): number {
  return releasedTo ?? steps?.[0]?.to ?? total;
}

/** How many valid entries wait for their release. */
export function heldBack(job: StoredJob): number {
  if (job.steps === undefined) return 0;
  const released = job.steps.find(({ to }) => to === releasedTo(job));
  return job.total - job.invalid - (released?.valid ?? 0);
}

/** What is to be done with a job that is released in steps. */
export type NextStep =
  | { release: Step }
  | { queue: Step }
  | { stop: Omit<Extract<Stopped, { why: 'threshold' }>, 'at'> };

/**
 * A step is looked at when all of its entries have results: then the next is released, or the job stopped. A step that is
 * released is queued, whatever breaks off.
 * @returns undefined when nothing is due
 */
export function nextStepOf({ job, log }: JobState): NextStep | undefined {
  const { steps = [], stopped, queuedAt, queuedTo, errorPercent = 100, canaryBefore } = job;
  if (stopped !== undefined || queuedAt === undefined || isPlanned(job)) return undefined;
  const position = steps.findIndex(({ to }) => to === releasedTo(job));
  const [step, next] = [steps[position], steps[position + 1]];
  const isQueuedByAccepting = job.plan === undefined && job.undoes === undefined && job.partOf === undefined;
  // Of a plan that was just approved, of an undo, or of a chunk of a file, nothing is released yet.
  if (step === undefined) return isQueuedByAccepting || next === undefined ? undefined : { release: next };
  const isQueued = (position === 0 && isQueuedByAccepting) || queuedTo === step.to;
  if (!isQueued) return { queue: step };
  // Its log is read after its header: another invocation may have released the next step meanwhile.
  const results = [...foldResults(log).values()].filter(({ index }) => index < step.to);
  if (next === undefined || results.length < step.valid) return undefined;
  const before = position === 0 ? canaryBefore : undefined;
  const processed = results.length + (before?.processed ?? 0);
  const failed =
    results.filter(({ result }) => endedStatus(result) === 'ERROR').length + (before?.failed ?? 0);
  if (failed * 100 > errorPercent * processed) return { stop: { why: 'threshold', failed, processed } };
  return { release: next };
}

export interface ReleasePorts {
  jobs: Jobs;
  heldUpdates: HeldUpdates;
  queue: UpdateQueue;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
}

/** How long before the deadline sending stops. */
const RESERVE_MS = 5_000;

/**
 * Queues the entries of a step that is released, chunk by chunk, and notes each. What a plan said would fail gets its
 * result instead. What is queued twice keeps its order number, and is applied as if it were queued once: so what broke off
 * is begun again at the chunk that was not noted.
 * @returns whether all are queued
 */
export async function queueStep(job: StoredJob, step: Step, ports: ReleasePorts): Promise<boolean> {
  const { jobs, heldUpdates, queue, now } = ports;
  const isOver = () => now() > ports.deadline() - RESERVE_MS;
  const { heldStarts: starts = [], queuedTo = 0 } = job;
  for (const [number, start] of starts.entries()) {
    if (start < queuedTo || start >= step.to) continue;
    if (isOver()) return false;
    const updates = await heldUpdates.readChunk(job.id, number);
    const refused = updates.flatMap(({ index, refused }) =>
      refused ? [{ index, ...refused, attempts: 0 }] : [],
    );
    const at = now();
    if (refused.length > 0) {
      await jobs.appendResults(job.id, { startedAt: at, completedAt: at, results: refused });
    }
    const due = updates.filter((update) => update.refused === undefined);
    const unsent = await queue.send(messagesOf(job, due), isOver);
    if (unsent.length > 0) return false;
    await jobs.markQueuedTo(job.id, Math.min(starts[number + 1] ?? step.to, step.to));
  }
  return true;
}

/** The messages that bring updates to their processes. */
export function* messagesOf(job: StoredJob, items: readonly HeldUpdate[]): Generator<UpdateMessage> {
  for (const { index, order, target, update, expect, planned, undo, create, after } of items) {
    yield {
      jobId: job.id,
      index,
      team: job.team,
      procedure: job.procedure,
      order: order ?? orderIn(job, index),
      target,
      update,
      ...(expect && { expect }),
      ...(planned && { planned }),
      ...(undo && { undo }),
      ...(create && { create }),
      ...(after !== undefined && { after }),
    };
  }
}

/** What a client reads of a job that a threshold stopped. */
export function thresholdMessage(
  { failed, processed }: Extract<Stopped, { why: 'threshold' }>,
  { errorPercent }: Pick<StoredJob, 'errorPercent'>,
): string {
  const percent = Math.round((failed * 10_000) / processed) / 100;
  return `Stopped: ${failed} of ${processed} processed entries failed (${percent} %); the threshold is ${errorPercent} %.`;
}

/** What a client reads of a job while its canary runs; null before and after. */
export function canaryMessage(job: StoredJob, { SUCCESS, ERROR }: EntryCounts): string | null {
  const [canary] = job.steps ?? [];
  if (!job.isCanary || canary === undefined || releasedTo(job) > canary.to) return null;
  const processed = Math.min(SUCCESS + ERROR, canary.valid);
  return `Canary: ${processed} of ${canary.valid} entries are processed.`;
}
