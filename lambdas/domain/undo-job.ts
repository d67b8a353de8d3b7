import { beginAgain, scheduleSteps } from './begin-again.ts';
import type { StoredJob } from './job.ts';
import type { FileJobs, FileSteps, JobState } from './ports.ts';
import { prepareUndo } from './prepare-undo.ts';
import { progressOfState } from './progress.ts';
import { RequestError } from './request-error.ts';
import { type ReleasedPorts, storeReleased } from './store-released.ts';

export interface UndoJobPorts extends ReleasedPorts {
  fileJobs: Pick<FileJobs, 'begin'>;
  fileSteps: FileSteps;
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
  ports: UndoJobPorts,
): Promise<{ job: StoredJob; isReplay: boolean }> {
  const { jobs } = ports;
  checkUndoable(state);
  const standing = await standingUndoOf(state.job, ports);
  if (standing !== undefined) return { job: standing, isReplay: true };
  const { id, undoneBy } = state.job;
  const undo = await storeUndo(state, ports);
  if (await jobs.markUndone(id, undo, undoneBy?.id)) {
    await jobs.create(undo);
    return { job: undo, isReplay: false };
  }
  const latest = await jobs.find(id);
  const other = latest && (await standingUndoOf(latest, ports));
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
  if (status === 'IN_PROGRESS' || status === 'AWAITING_UPLOAD') {
    throw new RequestError(
      'JOB_NOT_ENDED',
      'The job is still in progress. Undo it when it has ended, or cancel it first.',
    );
  }
  if (counts.SUCCESS === 0)
    throw new RequestError('NOTHING_TO_UNDO', 'No entry of the job has succeeded: there is nothing to undo.');
}

/** The undo that a job has already, unless it did not come to its end or was undone itself. */
async function standingUndoOf(
  { undoneBy }: StoredJob,
  { jobs, fileSteps }: Pick<UndoJobPorts, 'jobs' | 'fileSteps'>,
): Promise<StoredJob | undefined> {
  if (undoneBy === undefined) return undefined;
  const state = await jobs.read(undoneBy.id);
  // Whoever noted it has not created it yet, or has died.
  if (state === undefined) {
    // Its steps may have ended, since it was not there.
    if (undoneBy.fileJob !== undefined) await scheduleSteps(undoneBy, fileSteps);
    await jobs.create(undoneBy);
    return undoneBy;
  }
  const { status } = progressOfState(state);
  const isOff = status === 'CANCELLED' || status === 'FAILED' || state.job.undoneBy !== undefined;
  return isOff ? undefined : state.job;
}

/** Stores all of an undo but its header, which it returns. */
async function storeUndo(state: JobState, ports: UndoJobPorts): Promise<StoredJob> {
  const { job } = state;
  if (job.fileJob !== undefined) return beginAgain({ ...job, fileJob: job.fileJob }, 'undo', ports);
  const sequence = await ports.jobs.nextSequence(job.team, ports.now());
  const { entries, updates } = await prepareUndo(state, sequence, ports.submissions);
  return storeReleased({ ...job, sequence, undoes: job.id }, { entries, updates }, ports);
}
