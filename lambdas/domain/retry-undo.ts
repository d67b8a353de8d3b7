import type { HeldUpdate } from './held-updates.ts';
import { orderIn, type StoredJob } from './job.ts';
import type { JobState } from './ports.ts';
import type { PreparedUndo } from './prepare-undo.ts';
import { checkRetryable, nothingToRetry, retriedOf } from './retry-job.ts';
import { type ReleasedPorts, storeReleased } from './store-released.ts';
import type { SubmittedEntry } from './submission.ts';
import { indexesOf } from './update-message.ts';

/**
 * Sends the failed entries of an undo again that may succeed, with the order numbers that they have.
 *
 * @throws RequestError 409 when the job is in progress, is undone itself, or has no such entries
 */
export async function retryUndo(state: JobState, ports: ReleasedPorts): Promise<StoredJob> {
  const { job } = state;
  const failed = await failedOfUndo(state, ports);
  const sequence = await ports.jobs.nextSequence(job.team, ports.now());
  const retry = await storeReleased({ ...job, sequence, parent: job.id }, failed, ports);
  await ports.jobs.create(retry);
  return retry;
}

/**
 * The failed entries of an undo that may succeed if they are sent again, with their updates.
 *
 * @throws RequestError 409 when the job is in progress, is undone itself, or has no such entries
 */
export async function failedOfUndo(
  state: JobState,
  ports: Pick<ReleasedPorts, 'submissions' | 'heldUpdates'>,
): Promise<PreparedUndo> {
  const { job } = state;
  checkRetryable(state);
  const isSentAgain = retriedOf(state);
  const known = new Map<number, SubmittedEntry>();
  for (const [number, start] of job.chunkStarts.entries()) {
    for (const [offset, entry] of (await ports.submissions.readChunk(job.id, number)).entries()) {
      const index = start + offset;
      if (isSentAgain(index)) known.set(index, { ...entry, order: entry.order ?? orderIn(job, index) });
    }
  }
  const places = new Map([...known.keys()].map((index, position) => [index, position]));
  const updates: HeldUpdate[] = [];
  for (const number of job.heldStarts?.keys() ?? []) {
    for (const update of await ports.heldUpdates.readChunk(job.id, number)) {
      // Those of one message share its fate.
      if (update.refused === undefined && indexesOf(update).every(isSentAgain))
        updates.push(movedTo(places, { ...update, order: update.order ?? orderIn(job, update.index) }));
    }
  }
  if (updates.length === 0) throw nothingToRetry();
  return { entries: [...known.values()], updates };
}

function movedTo(places: ReadonlyMap<number, number>, update: HeldUpdate): HeldUpdate {
  const placeOf = (index: number) => places.get(index) ?? index;
  const { undo, index } = update;
  if (undo === undefined) return { ...update, index: placeOf(index) };
  const entries = undo.entries.map(([each, ...rest]) => [placeOf(each), ...rest] as const);
  return { ...update, index: placeOf(index), undo: { ...undo, entries } };
}
