import type { EntryCounts, Job, JobEnd, JobStatus } from './job.ts';
import type { JobState } from './ports.ts';
import { endedStatus, type FoldedResult, foldResults } from './results.ts';

export interface JobProgress {
  status: JobStatus;
  counts: EntryCounts;
  startedAt: number;
  updatedAt: number;
  completedAt: number;
}

/** Entries that are processed in a second, at least: for a first guess when to look again. */
const ENTRIES_PER_SECOND = 500;
/** Nobody is asked to wait longer before looking again. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Where a job stands, from its header and its folded results. It has ended when every entry has a result.
 */
export function progressOf(job: Job, results: ReadonlyMap<number, FoldedResult>): JobProgress {
  const counts: EntryCounts = { INVALID: job.invalid, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
  let startedAt = 0;
  let lastResultAt = 0;
  for (const entry of results.values()) {
    counts[endedStatus(entry.result)] += 1;
    startedAt = startedAt === 0 ? entry.startedAt : Math.min(startedAt, entry.startedAt);
    lastResultAt = Math.max(lastResultAt, entry.completedAt);
  }
  counts.NOT_STARTED = job.total - job.invalid - results.size;

  const isFinished = counts.NOT_STARTED === 0;
  const lastAt = Math.max(job.createdAt, job.queuedAt ?? 0, lastResultAt);
  return {
    status: isFinished ? endOf(job, results) : 'IN_PROGRESS',
    counts,
    startedAt: startedAt || (isFinished ? job.createdAt : 0),
    updatedAt: lastAt,
    completedAt: isFinished ? lastAt : 0,
  };
}

/** What became of the entries tells: a cancellation that found nothing left to cancel leaves a job completed. */
function endOf({ queuedAt }: Job, results: ReadonlyMap<number, FoldedResult>): JobEnd['status'] {
  const isCancelled = ({ result }: FoldedResult) => 'cancelled' in result;
  if (results.values().some(isCancelled)) return 'CANCELLED';
  const isNotQueued = ({ result }: FoldedResult) => 'error' in result && result.error === 'NOT_QUEUED';
  return queuedAt === undefined && results.values().some(isNotQueued) ? 'FAILED' : 'COMPLETED';
}

/** Where a job stands whose end is noted, without its results. */
function progressAtEnd(end: JobEnd): JobProgress {
  return { ...end, updatedAt: end.completedAt };
}

/** The seconds that entries just queued are likely to take: 1 to 60. */
export function secondsToProcess(entries: number, perSecond = ENTRIES_PER_SECOND): number {
  return Math.min(Math.max(Math.ceil(entries / perSecond), 1), LONGEST_WAIT_SECONDS);
}

/** The seconds until the job is likely to have ended, from what is left and its speed so far: 1 to 60. */
export function secondsLeft({ counts, startedAt }: JobProgress, now: number): number {
  const done = counts.SUCCESS + counts.ERROR + counts.CANCELLED;
  if (done === 0 || now <= startedAt) return secondsToProcess(counts.NOT_STARTED);
  return secondsToProcess(counts.NOT_STARTED, (done * 1000) / (now - startedAt));
}

/** Where a job stands by its state as it was read. */
export function progressOfState({ job, log }: JobState): JobProgress {
  if (job.end !== undefined && job.countedAt !== undefined && log.length === 0) return progressAtEnd(job.end);
  return progressOf(job, foldResults(log));
}

/** The job as a client sees it. */
export function jobView(job: Job, progress: JobProgress) {
  return {
    id: job.id,
    type: 'bulk_api_job',
    team: job.team,
    procedure: job.procedure,
    createdAt: job.createdAt,
    updatedAt: progress.updatedAt,
    startedAt: progress.startedAt,
    completedAt: progress.completedAt,
    completionStatus: progress.status,
    statusMessage: statusMessage(job, progress),
    ...(job.parent === undefined ? {} : { parent: job.parent }),
  };
}

function statusMessage({ cancelledAt }: Job, { status }: JobProgress): string | null {
  if (status === 'FAILED') return 'Accepting broke off: entries that were not queued are not processed.';
  if (status === 'IN_PROGRESS' && cancelledAt !== undefined) return 'Being cancelled.';
  return null;
}
