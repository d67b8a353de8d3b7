import { definedOf } from '../contract/defined-of.ts';
import { MAX_FILE_JOBS } from '../contract/file-job.ts';
import type { EntryCounts, JobStatus } from '../contract/statuses.ts';
import type { JobCounts, JobView } from '../contract/views.ts';
import type { FileState } from './file-job.ts';
import { progressOfFile } from './file-progress.ts';
import { countedEnd, IN_FLIGHT_MS, type JobEnd, RECONCILE_MS, type StoredJob } from './job.ts';
import type { JobProgress } from './job-progress.ts';
import { isDiscarded, isPlanned } from './plan.ts';
import type { JobState } from './ports.ts';
import { canaryMessage, heldBack, thresholdMessage } from './release.ts';
import { endedStatus, type FoldedResult, foldResults, isRetryable } from './results.ts';

/** Entries that are processed in a second, once it goes on: for a first guess when to look again. */
const ENTRIES_PER_SECOND = 500;
/** Nobody is asked to wait longer before looking again. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Where a job stands, from its header and its folded results. It has ended when every entry has a result.
 */
export function progressOf(job: StoredJob, results: ReadonlyMap<number, FoldedResult>): JobProgress {
  const counts: EntryCounts = { INVALID: job.invalid, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
  let startedAt = 0;
  let lastResultAt = 0;
  let retryable = 0;
  for (const entry of results.values()) {
    if (isRetryable(entry.result)) retryable += 1;
    counts[endedStatus(entry.result)] += 1;
    startedAt = startedAt === 0 ? entry.startedAt : Math.min(startedAt, entry.startedAt);
    lastResultAt = Math.max(lastResultAt, entry.completedAt);
  }
  const open = job.total - job.invalid - results.size;
  // Nothing of a plan that is not approved was released, so its header tells.
  if (isDiscarded(job)) counts.CANCELLED += open;
  else counts.NOT_STARTED = open;

  const isFinished = counts.NOT_STARTED === 0 && !isPlanned(job);
  const { createdAt, queuedAt = 0, releasedAt = 0, approved } = job;
  const discardedAt = isDiscarded(job) ? (job.stopped?.at ?? 0) : 0;
  const lastAt = Math.max(createdAt, queuedAt, releasedAt, approved?.at ?? 0, discardedAt, lastResultAt);
  return {
    status: isPlanned(job) ? 'PLANNED' : isFinished ? statusAtEnd(job, results) : 'IN_PROGRESS',
    counts,
    retryable: isFinished ? retryable : 0,
    startedAt: startedAt || (isFinished ? job.createdAt : 0),
    updatedAt: lastAt,
    completedAt: isFinished ? lastAt : 0,
  };
}

/** What became of the entries tells: a stop that found nothing left to stop leaves a job completed. */
function statusAtEnd(job: StoredJob, results: ReadonlyMap<number, FoldedResult>): JobEnd['status'] {
  const { queuedAt, stopped } = job;
  if (isDiscarded(job)) return 'CANCELLED';
  const isCancelled = ({ result }: FoldedResult) => 'cancelled' in result;
  if (results.values().some(isCancelled)) return stopped?.why === 'threshold' ? 'ABORTED' : 'CANCELLED';
  const isNotQueued = ({ result }: FoldedResult) => 'error' in result && result.error === 'NOT_QUEUED';
  return queuedAt === undefined && results.values().some(isNotQueued) ? 'FAILED' : 'COMPLETED';
}

/** What is noted of a job that has ended. */
export function endOf({
  status,
  counts,
  retryable,
  startedAt,
  completedAt,
}: JobProgress): JobEnd | undefined {
  return status === 'IN_PROGRESS' || status === 'PLANNED' || status === 'AWAITING_UPLOAD'
    ? undefined
    : { status, counts, retryable, startedAt, completedAt };
}

/** The seconds that entries just queued are likely to take: 1 to 60. */
export function secondsToProcess(entries: number): number {
  return secondsOf(guessMs(entries));
}

/**
 * The seconds until the job is likely to have ended: 1 to 60.
 *
 * - What is stopped, or was not queued when accepting broke off, ends when it is reconciled, at a known time.
 * - What is being processed goes on at the speed that it had until the last result. A job begins slowly, so that speed
 *   makes nobody wait longer than the first guess until the job has run for that long.
 * - While nothing happens, whatever the estimate, a tenth of the time since anything did.
 */
export function secondsLeft(job: StoredJob, progress: JobProgress, now: number): number {
  // Other functions' clocks may be ahead.
  const updatedAt = Math.min(progress.updatedAt, now);
  const reconciledAt = reconciliationAt(job, progress, now);
  const endsAt = reconciledAt ?? Math.max(updatedAt + msToProcess(job, progress), unqueuedUntil(job));
  const quietSince = Math.max(updatedAt, reconciledAt ?? 0);
  return secondsOf(Math.max(endsAt - now, (now - quietSince) / 10));
}

/** How long what is queued is likely to take, from the last result on. */
function msToProcess(job: StoredJob, { counts, startedAt, updatedAt }: JobProgress): number {
  const left = counts.NOT_STARTED - (job.notQueued?.length ?? 0);
  const done = counts.SUCCESS + counts.ERROR + counts.CANCELLED;
  const guess = guessMs(left);
  if (done === 0) return guess;
  const ranMs = updatedAt - startedAt;
  const atItsSpeed = (left * ranMs) / done;
  return ranMs < guess ? Math.min(atItsSpeed, guess) : atItsSpeed;
}

/** When all that is left of a job is reconciled, where it waits for nothing else. */
function reconciliationAt(job: StoredJob, { counts }: JobProgress, now: number): number | undefined {
  const { stopped, queuedAt, acceptingUntil } = job;
  if (stopped !== undefined) return stopped.at + (counts.NOT_STARTED > heldBack(job) ? RECONCILE_MS : 0);
  return queuedAt === undefined && now > acceptingUntil
    ? acceptingUntil + IN_FLIGHT_MS + RECONCILE_MS
    : undefined;
}

/** When the entries that the queue refused are reconciled; 0 without such entries. */
function unqueuedUntil({ notQueued, queuedAt = 0 }: StoredJob): number {
  return notQueued === undefined ? 0 : queuedAt + RECONCILE_MS;
}

function guessMs(entries: number): number {
  return (entries * 1000) / ENTRIES_PER_SECOND;
}

function secondsOf(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms / 1000), 1), LONGEST_WAIT_SECONDS);
}

/** Where a job stands by its state as it was read. */
export function progressOfState({ job, log, file }: JobState): JobProgress {
  if (file !== undefined) return { ...progressOfFile(job, file), file };
  const end = log.length === 0 ? countedEnd(job) : undefined;
  if (end !== undefined) return { ...end, updatedAt: end.completedAt };
  const progress = progressOf(job, foldResults(log));
  return wasToldCancelled(job) ? { ...progress, status: 'CANCELLED' } : progress;
}

/** Earlier releases published a job as CANCELLED that was cancelled too late for any entry: it stays CANCELLED. */
function wasToldCancelled({ end }: StoredJob): boolean {
  return end?.status === 'CANCELLED' && end.counts.CANCELLED === 0;
}

/** The job as a client sees it. */
export function jobView(job: StoredJob, progress: JobProgress): JobView {
  return definedOf({
    id: job.id,
    type: 'bulk_api_job' as const,
    team: job.team,
    procedure: job.procedure,
    name: job.name ?? null,
    createdAt: job.createdAt,
    updatedAt: progress.updatedAt,
    startedAt: progress.startedAt,
    completedAt: progress.completedAt,
    completionStatus: progress.status,
    statusMessage: statusMessage(job, progress),
    parent: job.parent,
    undoes: job.undoes,
    undoneBy: job.undoneBy?.id,
  });
}

/** What is counted of its entries, always in the same order, which stored counts may have lost. */
export function countsView(
  { total, plan, fileJob }: StoredJob,
  { retryable, counts, file }: JobProgress,
): JobCounts {
  const { INVALID, NOT_STARTED, SUCCESS, ERROR, CANCELLED } = counts;
  return {
    total: file === undefined ? total : INVALID + NOT_STARTED + SUCCESS + ERROR + CANCELLED,
    ...(file &&
      fileJob && {
        isTotalFinal: file.progress.isTotalFinal,
        bytesRead: file.progress.bytesRead,
        size: fileJob.size,
      }),
    retryable,
    bjEntryCompletionStatusVsCount: { INVALID, NOT_STARTED, SUCCESS, ERROR, CANCELLED },
    ...(plan && {
      plannedCompletionStatusVsCount: { INVALID: plan.INVALID, SUCCESS: plan.SUCCESS, ERROR: plan.ERROR },
    }),
  };
}

const EXPIRED = 'The plan was not approved within 24 hours, and has expired.';

function statusMessage(job: StoredJob, { status, counts, file }: JobProgress): string | null {
  const { stopped } = job;
  if (file !== undefined) return fileMessage(job, status, file);
  if (isDiscarded(job)) return stopped?.why === 'expired' ? EXPIRED : 'The plan was discarded.';
  if (status === 'FAILED') return 'Accepting broke off: entries that were not queued are not processed.';
  if (status !== 'IN_PROGRESS' && status !== 'ABORTED') return null;
  if (stopped === undefined) return canaryMessage(job, counts);
  return stopped.why === 'threshold' ? thresholdMessage(stopped, job) : 'Being cancelled.';
}

const WAITS = `Waits until one of the ${MAX_FILE_JOBS} file jobs of the team that are in progress has ended.`;

const NOTHING: EntryCounts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

function fileMessage(
  { fileJob, stopped, ...job }: StoredJob,
  status: JobStatus,
  file: FileState,
): string | null {
  const { fault, isWaiting } = file.progress;
  if (status === 'AWAITING_UPLOAD') return 'Waits for its file to be uploaded.';
  if (fileJob?.accepted === undefined)
    return stopped?.why === 'expired'
      ? 'The file was not uploaded within 24 hours.'
      : 'The upload was cancelled.';
  if (status === 'FAILED') return fault?.message ?? null;
  const isStopped = status === 'IN_PROGRESS' || status === 'ABORTED';
  if (stopped?.why === 'threshold' && isStopped)
    return thresholdMessage(stopped, { ...job, errorPercent: fileJob.options.abortOn?.errorPercent ?? 0 });
  if (status !== 'IN_PROGRESS') return null;
  if (stopped !== undefined) return 'Being cancelled.';
  if (isWaiting) return WAITS;
  const canaries = file.open.map((part) => canaryMessage(part, part.seen?.counts ?? NOTHING));
  return canaries.find((message) => message !== null) ?? null;
}
