import { APPLY_LIMIT_MS, DAY_MS } from '../contract/limits.ts';
import type { EntryCounts, JobStatus, Outcome, PlannedCounts } from '../contract/statuses.ts';
import type { FileJob } from './file-header.ts';
import type { Creates } from './request-check.ts';
import { orderOf, type UpdateMessage } from './update-message.ts';

/** How long jobs and their entries are kept. */
export const RETENTION_MS = 30 * DAY_MS;

/**
 * Whether a job is still kept. After that, the table's TTL removes its items one by one over some days: do not read
 * those that are left.
 */
export function isKept({ createdAt }: Pick<StoredJob, 'createdAt'>, now: number): boolean {
  return now <= createdAt + RETENTION_MS;
}

/** How long apply trusts what it read of a job. */
export const JOB_CACHE_MS = 1_000;

/** The clocks of two functions differ by this much at most; docs/guarantees.md says what follows where they differ more. */
export const CLOCK_SKEW_MS = 2_000;

/** A request is done this much later than it was first sent, at most: four attempts of one second, and the last in flight. */
export const IN_FLIGHT_MS = 5_000;

/** Whether another function has ended for certain by its deadline, and what it had sent has arrived. */
export function isOver(deadline: number, now: number): boolean {
  return now > deadline + CLOCK_SKEW_MS + IN_FLIGHT_MS;
}

/** By then every invocation of apply has noticed what changed in a job. */
export const NOTICE_MS = JOB_CACHE_MS + CLOCK_SKEW_MS;

/** By then every invocation that had not noticed has ended, and what it had sent has arrived. */
export const RECONCILE_MS = NOTICE_MS + APPLY_LIMIT_MS + CLOCK_SKEW_MS + IN_FLIGHT_MS;

/** Time limit of an invocation that finalizes jobs. */
export const FINALIZE_LIMIT_MS = 30_000;

/** How long after a job's end a result may still be recorded without being marked as late. */
export const COUNT_AGAIN_MS =
  NOTICE_MS + Math.max(APPLY_LIMIT_MS, FINALIZE_LIMIT_MS) + CLOCK_SKEW_MS + IN_FLIGHT_MS;

/** The header of a job: what is known when it is accepted, and its end when it has one. Times in epoch ms. */
export interface StoredJob {
  id: string;
  team: string;
  procedure: string;
  /** Short id of the procedure's primary key, by which entries show their identifier. */
  primaryKey: string;
  /** What a person calls it. */
  name?: string;
  /** Name of the file that its items come from. No response shows it so far. */
  file?: string;
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
  /** Entries that could not be queued. */
  notQueued?: number[];
  /** The steps in which its entries are released to the queue, where that is not at once. Accepting releases the first. */
  steps?: Step[];
  /** Whether the first step is a canary. */
  isCanary?: boolean;
  /** Of the job of a chunk whose first step ends a canary: what that came to in the chunks before. */
  canaryBefore?: { failed: number; processed: number };
  /** No further step is released when more of the processed entries failed. */
  errorPercent?: number;
  /** Index of the first entry of each chunk of the updates that wait for their release. */
  heldStarts?: number[];
  /** Index after the last entry that may be on the queue; absent before the second step. None beyond it ever was. */
  releasedTo?: number;
  /** When that was noted. */
  releasedAt?: number;
  /** Index after the last entry that is on the queue; absent before the second step. */
  queuedTo?: number;
  /** What stopped it first. */
  stopped?: Stopped;
  /** What the plan sums up to, of a job that was to be planned and not applied at once. */
  plan?: PlannedCounts;
  /** When the plan was approved, and the place in the team's order of acceptance that it got then. */
  approved?: { at: number; sequence: number };
  /** Which of its entries may create their process. */
  creates?: Creates;
  /** Of a job from a file: what is known of that. Its entries are those of jobs of their own, one for each chunk. */
  fileJob?: FileJob;
  /** Of the job of a chunk: the job from a file that it belongs to, and the chunk's first row, its rows and its place. */
  partOf?: { id: string; row: number; rows: number; number: number };
  /** Of the job of a chunk: what was counted when it was last checked. The file job shows it, whose reader reads no log. */
  seen?: { counts: EntryCounts; startedAt: number; updatedAt: number };
  /** The job whose failed entries this one retries. */
  parent?: string;
  /** The job that this one undoes. */
  undoes?: string;
  /**
   * The job that undoes this one, as it is created. Of this job nothing is applied any more.
   */
  undoneBy?: StoredJob;
  /** Its end, noted once it has one. */
  end?: JobEnd;
  /** When the event of its end was published. */
  announcedAt?: number;
  /**
   * When `end` was counted again, with the results of all who had not noticed it: from then on it stands for the log of
   * results, but for late ones. Jobs of earlier releases have none, and their log is read.
   */
  countedAt?: number;
  /** Its compact results, where it has some: those that came in time. Noted with `countedAt`. */
  compacted?: Compacted;
}

/** The order number of an entry: of a plan by its approval, since only then it is accepted. */
export function orderIn({ approved, sequence }: StoredJob, index: number): number {
  return orderOf(approved?.sequence ?? sequence, index);
}

/** Entries that are released together. Both figures count those of the steps before, too. */
export interface Step {
  /** Index after its last entry. */
  to: number;
  /** Number of valid entries. */
  valid: number;
}

/** What is not applied at that time is not to be applied any more: a client said so, or too many entries had failed. */
export type Stopped =
  | { at: number; why: 'cancelled' | 'expired' }
  | { at: number; why: 'threshold'; failed: number; processed: number };

export interface JobEnd {
  status: Exclude<JobStatus, 'PLANNED' | 'AWAITING_UPLOAD' | 'IN_PROGRESS'>;
  counts: EntryCounts;
  /** Number of entries that a retry sends. Earlier releases noted none. */
  retryable?: number;
  startedAt: number;
  completedAt: number;
}

/** What the header notes of compact results: where they are, and what would take all of them to count. */
export interface Compacted {
  /** How many pieces each chunk of the submission has, of those results that are not late. */
  pieces: number[];
  outcomes: Partial<Record<Outcome, number>>;
}

/**
 * The end of a job that stands for its log of results; undefined where the log has to be read. Earlier releases did not
 * note how many entries a retry sends.
 */
export function countedEnd({ end, countedAt }: StoredJob): Required<JobEnd> | undefined {
  if (end === undefined || countedAt === undefined) return undefined;
  const retryable = end.retryable ?? (end.counts.ERROR === 0 ? 0 : undefined);
  return retryable === undefined ? undefined : { ...end, retryable };
}

/**
 * Whether apply skips an update: of a job that is stopped or undone, or of an entry that is to end as not
 * queued. `reconcileEntries` then finds out what had been applied before that was noticed. An update from the
 * dead-letter queue has ended already, and is to end better.
 */
export function shouldSkip(
  { acceptingUntil, queuedAt, stopped, notQueued, undoneBy }: StoredJob,
  { index, buried = false }: Pick<UpdateMessage, 'index' | 'buried'>,
  now: number,
): boolean {
  if (stopped !== undefined || undoneBy !== undefined) return true;
  const hasBrokenOff = queuedAt === undefined && now > acceptingUntil + NOTICE_MS + IN_FLIGHT_MS;
  return !buried && (hasBrokenOff || notQueued?.includes(index) === true);
}
