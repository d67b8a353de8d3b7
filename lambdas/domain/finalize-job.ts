import { definedOf } from '../contract/defined-of.ts';
import { PLAN_MS } from '../contract/limits.ts';
import { compactResults } from './compact-results.ts';
import { COUNT_AGAIN_MS, isOver, type JobEnd, type StoredJob } from './job.ts';
import type { JobProgress } from './job-progress.ts';
import { isPlanned } from './plan.ts';
import type { Announcements, CompactResults, Events, JobCheck, JobState, Jobs } from './ports.ts';
import { endOf, progressOfState, secondsLeft, secondsToProcess } from './progress.ts';
import { nextReconciliation, type ReconcilePorts, reconcileEntries } from './reconcile-job.ts';
import { heldBack, nextStepOf, queueStep, type ReleasePorts } from './release.ts';

export interface FinalizePorts extends ReconcilePorts, ReleasePorts {
  announcements: Pick<Announcements, 'withdraw'>;
  compactResults: CompactResults;
  events: Events;
  /** Told of the end of a job when it is published. */
  onEnd: (job: StoredJob, end: JobEnd) => void;
}

/** Pause while accepting may still store the job, or when another invocation has noted its end meanwhile. */
const PAUSE_SECONDS = 5;
/** Pause when an invocation did not reconcile, or queue, all entries, or has stopped the job. */
const GO_ON_SECONDS = 1;
/** The longest pause between two checks of the job of a chunk. Each reads the log, 178 read units of 10,000 entries in the end. */
const LONGEST_PART_PAUSE_SECONDS = 20;
/** The longest pause between two checks of a job. */
const LONGEST_PAUSE_SECONDS = 15 * 60;
/**
 * The same of a plan, whose approval schedules a check of its own. SQS hides a message for 12 hours at most.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const LONGEST_PLAN_PAUSE_SECONDS = 6 * 60 * 60;

/**
 * Reconciles entries that can no longer get a result, releases the next step of a job or stops it, stores the end of a job,
 * and publishes it once.
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
  { jobId, acceptingUntil, undoes }: JobCheck,
  ports: FinalizePorts,
): Promise<number | undefined> {
  const { jobs, announcements, now } = ports;
  let state = await jobs.read(jobId);
  if (state === undefined && undoes !== undefined) state = await createNoted(jobId, undoes, jobs);
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
  if (found === undefined && job.partOf !== undefined && hasNews(state.job, progress)) {
    const { counts, startedAt, updatedAt } = progress;
    await jobs.markSeen(jobId, { counts, startedAt, updatedAt });
  }
  if (found === undefined) return (await goOn(state, progress, ports)) ?? pauseOf(state.job, progress, now());

  const end = job.end ?? found;
  if (!(await jobs.close(jobId, end))) return PAUSE_SECONDS;
  if (job.creates !== undefined)
    await announcements.withdraw({ team: job.team, procedure: job.procedure, jobId });
  // What became of a chunk's job, the file job tells.
  if (job.partOf === undefined) await publishEnd(job, end, ports);
  await jobs.markAnnounced(jobId, now());
  return Math.ceil(COUNT_AGAIN_MS / 1000);
}

/** The file job shows what was seen of a chunk, and has room for another one when this one has ended. */
function pauseOf(job: StoredJob, progress: JobProgress, now: number): number {
  const seconds = secondsToCheck(job, progress, now);
  return job.partOf === undefined ? seconds : Math.min(seconds, LONGEST_PART_PAUSE_SECONDS);
}

/** Whether more of the entries of a chunk have ended than was noted. */
function hasNews({ seen }: StoredJob, { counts }: JobProgress): boolean {
  return seen === undefined ? counts.NOT_STARTED > 0 : seen.counts.NOT_STARTED !== counts.NOT_STARTED;
}

/** Publishes the end of a job. */
export async function publishEnd(
  job: StoredJob,
  end: JobEnd,
  { events, onEnd }: Pick<FinalizePorts, 'events' | 'onEnd'>,
): Promise<void> {
  await events.publish({
    id: job.id,
    team: job.team,
    procedure: job.procedure,
    name: job.name ?? null,
    status: end.status,
    total: job.total,
    counts: end.counts,
    durationMs: end.completedAt - job.createdAt,
    ...definedOf({ parent: job.parent, undoes: job.undoes }),
  });
  onEnd(job, end);
}

/** Creates an undo that the job which it undoes knows already: the invocation that noted it there has died since. */
export async function createNoted(jobId: string, undoes: string, jobs: Jobs): Promise<JobState | undefined> {
  const undone = await jobs.find(undoes);
  if (undone?.undoneBy?.id !== jobId) return undefined;
  await jobs.create(undone.undoneBy);
  return jobs.read(jobId);
}

/**
 * Releases the next step of a job, or stops it.
 * @returns after how many seconds to check again, or undefined when the entries that are released have no results yet
 */
async function goOn(
  state: JobState,
  { counts }: JobProgress,
  ports: FinalizePorts,
): Promise<number | undefined> {
  const { jobs, now } = ports;
  const { job } = state;
  if (isPlanned(job)) {
    const leftMs = job.createdAt + PLAN_MS - now();
    if (leftMs > 0) return Math.min(Math.ceil(leftMs / 1000), LONGEST_PLAN_PAUSE_SECONDS);
    await jobs.markDiscarded(job.id, { at: now(), why: 'expired' });
    return GO_ON_SECONDS;
  }
  const next = nextStepOf(state);
  if (next === undefined) return undefined;
  if ('stop' in next) {
    await jobs.markStopped(job.id, { at: now(), ...next.stop });
    return GO_ON_SECONDS;
  }
  const step = 'release' in next ? next.release : next.queue;
  const mayQueue = 'queue' in next || (await jobs.markReleased(job.id, step.to, now()));
  if (!mayQueue || !(await queueStep(job, step, ports))) return GO_ON_SECONDS;
  return secondsToProcess(step.valid - counts.SUCCESS - counts.ERROR);
}

/** @param from - the end is to be counted again from then on */
async function countAgain(
  state: JobState,
  from: number,
  { jobs, compactResults: store, now }: FinalizePorts,
): Promise<number | undefined> {
  if (state.job.countedAt !== undefined) return undefined;
  if (now() < from) return Math.ceil((from - now()) / 1000);
  const end = endOf(progressOfState(state));
  if (end !== undefined) await jobs.markCounted(state.job.id, end, now(), await compactResults(state, store));
  return undefined;
}

/**
 * When what is released of the job is likely to have ended, or some of its entries may be reconciled. A job that takes
 * long, since the queue is full or holds a message back, is checked less and less often: at most a tenth of its age after
 * its end. Its age counts from the last release.
 */
function secondsToCheck(job: StoredJob, progress: JobProgress, now: number): number {
  const untilReconciliation = Math.ceil((nextReconciliation(job, now) - now) / 1000);
  const age = now - (job.releasedAt ?? job.createdAt);
  const tenthOfAge = Math.min(age / 10_000, LONGEST_PAUSE_SECONDS);
  const { counts } = progress;
  const released = { ...progress, counts: { ...counts, NOT_STARTED: counts.NOT_STARTED - heldBack(job) } };
  return Math.min(Math.max(secondsLeft(job, released, now), Math.ceil(tenthOfAge)), untilReconciliation);
}
