import { definedOf } from '../contract/defined-of.ts';
import { type HeldUpdate, holdUpdates } from './held-updates.ts';
import type { StoredJob } from './job.ts';
import type { HeldUpdates, JobChecks, JobState, Jobs, Submissions } from './ports.ts';
import { prepareUndo } from './prepare-undo.ts';
import { progressOfState } from './progress.ts';
import { RequestError } from './request-error.ts';
import { SubmissionWriter, type SubmittedEntry } from './submission.ts';

export interface UndoPorts {
  jobs: Jobs;
  submissions: Submissions;
  heldUpdates: HeldUpdates;
  jobChecks: JobChecks;
  now: () => number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  newId: () => string;
}

/**
 * Undoes a job that has ended: accepts a job with an entry for each of those that succeeded, which the job check releases.
 *
 * The undone job knows its undo before that exists, all of it: so there is one, whoever asks how often, and whatever dies.
 *
 * @throws RequestError 409 when the job is in progress, or nothing of it succeeded
 */
export async function undoJob(
  state: JobState,
  ports: UndoPorts,
): Promise<{ job: StoredJob; isReplay: boolean }> {
  const { jobs } = ports;
  checkUndoable(state);
  const standing = await standingUndoOf(state.job, jobs);
  if (standing !== undefined) return { job: standing, isReplay: true };
  const { id, undoneBy } = state.job;
  const undo = await storeUndo(state, ports);
  if (await jobs.markUndone(id, undo, undoneBy?.id)) {
    await jobs.create(undo);
    return { job: undo, isReplay: false };
  }
  const latest = await jobs.find(id);
  const other = latest && (await standingUndoOf(latest, jobs));
  if (other === undefined) throw new Error(`The undo of job ${id} could not be noted`);
  return { job: other, isReplay: true };
}

/** @throws RequestError 409 when the job is in progress, or nothing of it succeeded */
export function checkUndoable(state: JobState): void {
  const { status, counts } = progressOfState(state);
  if (status === 'PLANNED')
    throw new RequestError(
      'JOB_NOT_ENDED',
      'The job is a plan that nobody has approved: it has changed nothing yet. Cancel it instead, if nothing of it is to be applied.',
    );
  if (status === 'IN_PROGRESS') {
    throw new RequestError(
      'JOB_NOT_ENDED',
      'The job is still in progress. Undo it when it has ended, or cancel it first.',
    );
  }
  if (counts.SUCCESS === 0)
    throw new RequestError('NOTHING_TO_UNDO', 'No entry of the job has succeeded: there is nothing to undo.');
}

/** The undo that a job has already, unless it did not come to its end or was undone itself. */
async function standingUndoOf({ undoneBy }: StoredJob, jobs: Jobs): Promise<StoredJob | undefined> {
  if (undoneBy === undefined) return undefined;
  const state = await jobs.read(undoneBy.id);
  // Whoever noted it has not created it yet, or has died.
  if (state === undefined) {
    await jobs.create(undoneBy);
    return undoneBy;
  }
  const { status } = progressOfState(state);
  const isOff = status === 'CANCELLED' || status === 'FAILED' || state.job.undoneBy !== undefined;
  return isOff ? undefined : state.job;
}

/** Stores all of an undo but its header, which it returns. */
async function storeUndo(state: JobState, ports: UndoPorts): Promise<StoredJob> {
  const { job } = state;
  const sequence = await ports.jobs.nextSequence(job.team, ports.now());
  const { entries, updates } = await prepareUndo(state, sequence, ports.submissions);
  return storeReleased({ ...job, sequence, undoes: job.id }, { entries, updates }, ports);
}

/** What a job has of the one whose entries it is about. */
type Origin = Pick<
  StoredJob,
  'team' | 'procedure' | 'primaryKey' | 'name' | 'file' | 'sequence' | 'undoes' | 'parent'
>;

/** Stores entries and their updates, for a job of one step that the job check releases. @returns its header */
export async function storeReleased(
  { team, procedure, primaryKey, name, file, sequence, undoes, parent }: Origin,
  { entries, updates }: { entries: readonly SubmittedEntry[]; updates: readonly HeldUpdate[] },
  { submissions, heldUpdates, jobChecks, now, deadline, newId }: UndoPorts,
): Promise<StoredJob> {
  const id = newId();
  const createdAt = now();
  const acceptingUntil = deadline();
  const submission = new SubmissionWriter();
  for (const entry of entries) submission.add(entry);
  submission.end();
  const total = entries.length;
  const steps = [{ to: total, valid: total }];
  const held = holdUpdates(updates, [{ to: total, valid: updates.length }], 0);
  await submissions.store(id, submission.chunks, createdAt);
  await heldUpdates.store(id, held.chunks, createdAt);
  await jobChecks.schedule(definedOf({ jobId: id, acceptingUntil, undoes }), 1);
  return definedOf({
    ...{ id, team, procedure, primaryKey, name, file, sequence, createdAt, total, invalid: 0 },
    chunkStarts: submission.chunkStarts,
    acceptingUntil,
    queuedAt: createdAt,
    steps,
    heldStarts: held.starts,
    releasedTo: 0,
    undoes,
    parent,
  });
}
