import type { EntryErrorCode } from './errors.ts';
import type { Outcome } from './merge.ts';

export const ENTRY_STATUSES = ['INVALID', 'NOT_STARTED', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];
export type EntryCounts = Record<EntryStatus, number>;

/** Jobs and their entries are kept so long; then the table's TTL removes them. */
export const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

/** The header of a job: what is known when it is accepted, and its end when it has one. Times in epoch ms. */
export interface Job {
  id: string;
  team: string;
  procedure: string;
  /** The request's place in the team's order of acceptance. */
  sequence: number;
  createdAt: number;
  total: number;
  invalid: number;
  /** Index of the first entry of each chunk of the submission. */
  chunkStarts: number[];
  /** By then accepting has ended, well or badly: the time limit of the accepting function. */
  acceptingUntil: number;
  /** When the last entry was queued; absent while accepting, and for ever when accepting broke off. */
  queuedAt?: number;
}

/** What became of one entry. */
export interface EntryResult {
  index: number;
  result: { outcome: Outcome } | { error: EntryErrorCode };
  /** The process found through its primary key; entries that named an id know it already. */
  processId?: string;
  /** So often the queue had delivered the entry. */
  attempts: number;
}

/** Results as they are logged: those of one job that were recorded together. Times in epoch ms. */
export interface ResultBatch {
  startedAt: number;
  completedAt: number;
  /**
   * Marks results recorded in advance, on the last attempt: they count only from that time on, when the
   * attempt has certainly ended, so that an entry that succeeds is never seen as failed.
   */
  effectiveAt?: number;
  results: EntryResult[];
}

/** The result that stands for an entry, with its times. */
export type FoldedResult = EntryResult & { startedAt: number; completedAt: number };

const isSuccess = ({ result }: EntryResult) => 'outcome' in result;

/**
 * Folds a log of results into one result an entry, whatever is in it twice or in any order: success beats
 * error, and between equals the earliest stands.
 */
export function foldResults(log: Iterable<ResultBatch>, now: number): Map<number, FoldedResult> {
  const folded = new Map<number, FoldedResult>();
  for (const { results, startedAt, completedAt, effectiveAt } of log) {
    if (effectiveAt !== undefined && effectiveAt > now) continue;
    for (const result of results) {
      const entry = { ...result, startedAt, completedAt: effectiveAt ?? completedAt };
      const known = folded.get(entry.index);
      if (known === undefined || beats(entry, known)) folded.set(entry.index, entry);
    }
  }
  return folded;
}

function beats(entry: FoldedResult, known: FoldedResult): boolean {
  if (isSuccess(entry) !== isSuccess(known)) return isSuccess(entry);
  return entry.completedAt < known.completedAt;
}

export type JobStatus = 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface JobProgress {
  status: JobStatus;
  counts: EntryCounts;
  startedAt: number;
  updatedAt: number;
  completedAt: number;
}

/** Whether accepting broke off: its time is over and not everything was queued. */
export function hasFailed(job: Job, now: number): boolean {
  return job.queuedAt === undefined && now > job.acceptingUntil;
}

/** Where a job stands, from its header and its folded results. */
export function progressOf(job: Job, results: ReadonlyMap<number, FoldedResult>, now: number): JobProgress {
  const counts: EntryCounts = { INVALID: job.invalid, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
  let startedAt = 0;
  let lastResultAt = 0;
  for (const entry of results.values()) {
    counts[isSuccess(entry) ? 'SUCCESS' : 'ERROR'] += 1;
    startedAt = startedAt === 0 ? entry.startedAt : Math.min(startedAt, entry.startedAt);
    lastResultAt = Math.max(lastResultAt, entry.completedAt);
  }
  const open = job.total - job.invalid - results.size;
  const failed = hasFailed(job, now);
  // What broke off before it was queued is an error of its own: NOT_QUEUED.
  counts[failed ? 'ERROR' : 'NOT_STARTED'] += open;

  const finished = failed || (open === 0 && job.queuedAt !== undefined);
  const endedAt = Math.max(failed ? job.acceptingUntil : (job.queuedAt ?? 0), lastResultAt);
  return {
    status: failed ? 'FAILED' : finished ? 'COMPLETED' : 'IN_PROGRESS',
    counts,
    startedAt: startedAt || (finished ? job.createdAt : 0),
    updatedAt: Math.max(job.createdAt, job.queuedAt ?? 0, lastResultAt, finished ? endedAt : 0),
    completedAt: finished ? endedAt : 0,
  };
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
    statusMessage: null,
  };
}
