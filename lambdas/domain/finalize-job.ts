import { definedOf } from '../contract/defined-of.ts';
import { COUNT_AGAIN_MS, isOver, type StoredJob } from './job.ts';
import type { Events, JobCheck, JobState } from './ports.ts';
import { endOf, type JobProgress, progressOfState, secondsLeft } from './progress.ts';
import { nextReconciliation, type ReconcilePorts, reconcileEntries } from './reconcile-job.ts';

export interface FinalizePorts extends ReconcilePorts {
  events: Events;
}

/** Pause while accepting may still store the job, or when another invocation has noted its end meanwhile. */
const PAUSE_SECONDS = 5;
/** Pause when an invocation had no time to reconcile all entries. */
const GO_ON_SECONDS = 1;
/** The longest pause between two checks of a job. */
const LONGEST_PAUSE_SECONDS = 15 * 60;

/**
 * Reconciles entries that can no longer get a result, stores the end of a job, and publishes it once.
 *
 * The event is published before that is noted: an invocation that dies in between, or two at the same moment, leave a
 * second event of the same end, never none.
 *
 * Invocations of apply, and others of this function, that had not noticed the end may still record a second result of an
 * entry. So the end is counted again when all of them have ended; until then a reader counts the results itself.
 *
 * @returns after how many seconds to try again, or undefined when nothing is left to do
 */
export async function finalizeJob(
  { jobId, acceptingUntil }: JobCheck,
  ports: FinalizePorts,
): Promise<number | undefined> {
  const { jobs, events, now } = ports;
  let state = await jobs.read(jobId);
  if (state === undefined) return isOver(acceptingUntil, now()) ? undefined : PAUSE_SECONDS;
  const { job } = state;
  if (job.announcedAt !== undefined) return countAgain(state, job.announcedAt + COUNT_AGAIN_MS, ports);

  let progress = progressOfState(state);
  if (progress.status === 'IN_PROGRESS') {
    const { count, isCutShort } = await reconcileEntries(state, ports);
    if (isCutShort) return GO_ON_SECONDS;
    if (count > 0) {
      state = (await jobs.read(jobId)) ?? state;
      progress = progressOfState(state);
    }
  }
  const found = endOf(progress);
  if (found === undefined) return secondsToCheck(state.job, progress, now());

  const end = job.end ?? found;
  if (!(await jobs.close(jobId, end))) return PAUSE_SECONDS;
  await events.publish({
    id: jobId,
    team: job.team,
    procedure: job.procedure,
    name: job.name ?? null,
    status: end.status,
    total: job.total,
    counts: end.counts,
    durationMs: end.completedAt - job.createdAt,
    ...definedOf({ parent: job.parent }),
  });
  await jobs.markAnnounced(jobId, now());
  return Math.ceil(COUNT_AGAIN_MS / 1000);
}

/** @param from - the end is to be counted again from then on */
async function countAgain(
  state: JobState,
  from: number,
  { jobs, now }: FinalizePorts,
): Promise<number | undefined> {
  if (state.job.countedAt !== undefined) return undefined;
  if (now() < from) return Math.ceil((from - now()) / 1000);
  const end = endOf(progressOfState(state));
  if (end !== undefined) await jobs.markCounted(state.job.id, end, now());
  return undefined;
}

/**
 * When the job is likely to have ended, or some of its entries may be reconciled. A job that takes long, since the
 * queue is full or holds a message back, is checked less and less often: at most a tenth of its age after its end.
 */
function secondsToCheck(job: StoredJob, progress: JobProgress, now: number): number {
  const untilReconciliation = Math.ceil((nextReconciliation(job, now) - now) / 1000);
  const tenthOfAge = Math.min((now - job.createdAt) / 10_000, LONGEST_PAUSE_SECONDS);
  return Math.min(Math.max(secondsLeft(job, progress, now), Math.ceil(tenthOfAge)), untilReconciliation);
}
