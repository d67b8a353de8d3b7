import type { Job, ResultBatch } from './job.ts';
import type { OrderedUpdate, Verdict } from './merge.ts';
import type { Procedure } from './procedure.ts';
import type { UpdateMessage } from './update-message.ts';

/** What the domain needs of the outside; `adapters/` implements it. */
export interface Procedures {
  /** @returns the procedure by its short id or id, undefined when the team has none of that name */
  find(team: string, name: string): Promise<Procedure | undefined>;
}

export interface Jobs {
  /** Takes the next number of the team's order of acceptance: strictly after all numbers taken before. */
  nextSequence(team: string): Promise<number>;
  /** Stores the submission and then the job, so that a job seen is whole. */
  create(job: Job, submission: Submission): Promise<void>;
  /** Notes that all entries are queued, or logged as not queued. */
  markQueued(jobId: string, queuedAt: number): Promise<void>;
  /** Notes that accepting broke off: the job reads as failed from `failedAt` on. */
  markFailed(jobId: string, failedAt: number): Promise<void>;
  /** Appends to the job's log of results. */
  appendResults(jobId: string, batch: ResultBatch): Promise<void>;
}

/** The entries of a request as sent, gzipped in chunks; see `SubmissionWriter`. */
export interface Submission {
  chunks: Uint8Array[];
}

export interface UpdateQueue {
  /**
   * Queues every message, resending what the queue refuses for a while.
   * @param isOver - tells when to stop trying
   * @returns the messages that could not be queued
   */
  send(messages: Iterable<UpdateMessage>, isOver: () => boolean): Promise<UpdateMessage[]>;
}

/** The stored process that updates are for, resolved to its id. */
export interface ResolvedTarget {
  id: string;
  team: string;
  procedure: string;
}

/** One update of a process; a primary key given must be the process's. */
export interface TargetedUpdate extends OrderedUpdate {
  primaryKey?: string;
}

export type ApplyVerdict =
  | Verdict
  | { error: 'PROCESS_NOT_FOUND' | 'PRIMARY_KEY_MISMATCH' | 'PROCESS_TOO_LARGE' };

export interface Processes {
  /** @returns the ids of the processes with that primary key, the deleted ones only when there is no other */
  findIds(team: string, procedure: string, primaryKey: string): Promise<string[]>;
  /**
   * Applies updates of one process, with one conditional write in the common case.
   * @returns a verdict on each update, in the order given
   * @throws when it could not be decided (throttled, timed out, too much contention): try again later
   */
  apply(target: ResolvedTarget, updates: readonly TargetedUpdate[]): Promise<ApplyVerdict[]>;
}
