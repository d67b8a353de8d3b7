import type { Procedure } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';
import type { EntryCounts } from '../contract/statuses.ts';
import type { PlannedEntry } from '../contract/views.ts';
import type { AnnouncedJob, Announcement } from './announced-creates.ts';
import type { CreatingUpdate, Creation, KeyReference } from './creation.ts';
import type { Refusal } from './decided.ts';
import type { FileJob } from './file-header.ts';
import type { ChunkCounts, FileProgress, FileState, StoredChunk } from './file-job.ts';
import type { HeldUpdate } from './held-updates.ts';
import type { Image } from './image.ts';
import type { Compacted, JobEnd, Stopped, StoredJob } from './job.ts';
import type { OrderedUpdate, Verdict } from './merge.ts';
import type { Fault, Precondition } from './precondition.ts';
import type { FoldedResult, ResultBatch } from './results.ts';
import type { SubmittedEntry } from './submission.ts';
import type { Undo, UndoneResult, UndoneVerdict } from './undo.ts';
import type { UpdateMessage } from './update-message.ts';

/** What the domain needs of the outside; `adapters/` implements it. */
export interface Procedures {
  /** @returns the procedure by its short id or id, undefined when the team has none of that name */
  find(team: string, name: string): Promise<Procedure | undefined>;
}

/** Where jobs and what became of their entries are kept. */
export interface ResultLog {
  /** @returns the header of a job; it may be as old as JOB_CACHE_MS */
  find(jobId: string): Promise<StoredJob | undefined>;
  /** Appends to the job's log of results. */
  appendResults(jobId: string, batch: ResultBatch): Promise<void>;
  /** Reads a job as it is now with all of its results; undefined when there is no such job. */
  readWhole(jobId: string): Promise<JobState | undefined>;
}

export interface Jobs extends ResultLog {
  /**
   * Takes the next numbers of the team's order of acceptance: strictly after all numbers taken before, and not before
   * the present time in units of 10 ms, so that a counter that is new or restored goes on where the last one was.
   * @param count - how many
   * @returns the last of them
   */
  nextSequence(team: string, now: number, count?: number): Promise<number>;
  /** Stores a job, whose submission is stored already. */
  create(job: StoredJob): Promise<void>;
  /** Notes that all entries are queued, but for those named. */
  markQueued(jobId: string, queuedAt: number, notQueued: readonly number[]): Promise<void>;
  /** Notes that accepting broke off at that time. */
  markBrokenOff(jobId: string, at: number): Promise<void>;
  /**
   * Notes that the entries before an index may be queued, unless the job is stopped.
   * @returns whether they may
   */
  markReleased(jobId: string, releasedTo: number, at: number): Promise<boolean>;
  /** Notes that the entries before an index are queued, unless more are. */
  markQueuedTo(jobId: string, queuedTo: number): Promise<void>;
  /** Notes that what is not applied yet is not to be applied any more, unless that or the job's end is noted. */
  markStopped(jobId: string, stopped: Stopped): Promise<void>;
  /**
   * Notes the approval of a plan, unless it is approved, stopped or ended.
   * @returns whether this is the approval that counts
   */
  markApproved(jobId: string, approved: NonNullable<StoredJob['approved']>): Promise<boolean>;
  /**
   * Notes that a plan is discarded or has expired, unless it is approved, stopped or ended.
   * @returns whether it was noted
   */
  markDiscarded(jobId: string, stopped: Stopped): Promise<boolean>;
  /**
   * Notes the undo of a job, unless another than the one given is noted.
   * @returns whether this is the undo that counts
   */
  markUndone(jobId: string, undo: StoredJob, instead: string | undefined): Promise<boolean>;
  /**
   * Reads a job as it is now, and its results unless its end was counted and nothing came late.
   * @returns undefined when there is no such job
   */
  read(jobId: string): Promise<JobState | undefined>;
  /**
   * Reads some jobs of a team, those accepted before the one of a sequence, or the newest.
   * @param view - makes of each job what is kept of it, since the logs of all need not fit the memory; undefined
   *   leaves it out
   */
  list<View>(
    team: string,
    query: JobsQuery,
    view: (state: JobState) => View | undefined,
  ): Promise<PageOfJobs<View>>;
  /**
   * Stores the end of a job.
   * @returns whether the caller is to publish it: not if it is published, or another end is stored
   */
  close(jobId: string, end: JobEnd): Promise<boolean>;
  markAnnounced(jobId: string, at: number): Promise<void>;
  /** Notes what is counted of the job of a chunk so far. */
  markSeen(jobId: string, seen: NonNullable<StoredJob['seen']>): Promise<void>;
  /** Notes that the end was counted again, when no result can come any more that is not noted as late. */
  markCounted(jobId: string, end: JobEnd, at: number, compacted?: Compacted): Promise<void>;
  /** Reads a job as it is now, and its results unless the compact ones stand for them, and nothing came late. */
  readByChunk(jobId: string): Promise<JobState | undefined>;
}

/** A job and its log of results; a counted `end` stands for a log that is not read. */
export interface JobState {
  job: StoredJob;
  log: ResultBatch[];
  /** Of a job from a file. */
  file?: FileState;
}

/** The results of jobs that have ended, folded and in the order of submission; see `compactResults`. */
export interface CompactResults {
  /**
   * Stores the results of each chunk of a submission.
   * @returns how many pieces each chunk takes, for the header
   */
  store(jobId: string, chunks: readonly (readonly FoldedResult[])[], createdAt: number): Promise<number[]>;
  readChunk(job: StoredJob, number: number): Promise<ResultBatch[]>;
}

/** What is known of jobs that may create processes. */
export interface Announcements {
  announce(announcement: Announcement): Promise<void>;
  withdraw(announcement: Pick<Announcement, 'team' | 'procedure' | 'jobId'>): Promise<void>;
  /** Reads those of one procedure, with their jobs, as they are now. */
  of(team: string, procedure: string): Promise<AnnouncedJob[]>;
}

/** Where the images of entries lie. */
export interface ImageReader {
  /**
   * @param part - `imageAt` of a result
   * @returns the images that lie there, by the index of their entries
   */
  read(jobId: string, part: string): Promise<ReadonlyMap<number, Image>>;
}

/** The entries of requests as they were sent. */
export interface Submissions {
  /** Stores chunks made by `SubmissionWriter`. */
  store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void>;
  readChunk(jobId: string, number: number): Promise<SubmittedEntry[]>;
}

/** The updates of entries that wait for their release, as they were checked. */
export interface HeldUpdates {
  /** Stores chunks made by `HeldUpdatesWriter`. */
  store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void>;
  readChunk(jobId: string, number: number): Promise<HeldUpdate[]>;
}

/** What is planned for the entries of jobs. */
export interface Plans {
  /** Stores chunks made by `PlanWriter`. */
  store(jobId: string, chunks: readonly Uint8Array[], createdAt: number): Promise<void>;
  /** @param number - of the submission's chunk that holds the same entries */
  readChunk(jobId: string, number: number): Promise<PlannedEntry[]>;
}

/** Asks to finalize a job when it has ended. */
export interface JobCheck {
  jobId: string;
  /** A job that does not exist by then, in epoch ms, never will. */
  acceptingUntil: number;
  /** The job that it undoes, which knows it first. */
  undoes?: string;
}

/** Has `finalizeJob` check a job after some seconds, and again until the job has ended. */
export interface JobChecks {
  schedule(jobCheck: JobCheck, seconds: number): Promise<void>;
}

/** How far jobs from files are, and what their files are cut in. */
export interface FileJobs {
  /** Begins to note how far a job is. */
  begin(jobId: string, createdAt: number): Promise<void>;
  /**
   * Notes that an upload is completed, unless that is noted, or the job is stopped.
   * @returns whether it was noted
   */
  markAccepted(job: StoredJob, accepted: NonNullable<FileJob['accepted']>): Promise<boolean>;
  find(jobId: string): Promise<FileProgress | undefined>;
  /** Stores the next chunk, and how far reading is after it, unless another invocation did. @returns whether it was stored */
  addChunk(job: StoredJob, chunk: StoredChunk, read: ReadSoFar): Promise<boolean>;
  /** Notes how far reading is, without a new chunk, unless another invocation has read on. */
  markRead(jobId: string, chunks: number, read: Partial<ReadSoFar>): Promise<boolean>;
  /** @returns the chunks from the one on that has a row, in their order */
  chunksFrom(jobId: string, row: number, limit: number): Promise<StoredChunk[]>;
  /**
   * Notes that a chunk has a job of its own, unless that is noted, or something else.
   * @param canary - valid entries so far, if they are counted
   * @returns whether it was noted
   */
  markReleased(jobId: string, chunk: StoredChunk, canary: number | undefined): Promise<boolean>;
  /**
   * Notes what became of a chunk's rows, and adds it to the sum, unless something else than in `chunk` is noted by now.
   * @returns whether it was noted
   */
  report(jobId: string, chunk: StoredChunk, report: ChunkReport): Promise<boolean>;
  /** Notes that the chunks before a row are counted again. */
  markRecounted(jobId: string, row: number): Promise<void>;
  /** Notes whether other file jobs of the team are to end first. */
  markWaiting(jobId: string, isWaiting: boolean): Promise<void>;
  /** Takes a place among the team's file jobs, in the order of acceptance. */
  queue(job: StoredJob): Promise<void>;
  /** Whether a job is among the first of its team's file jobs. */
  isAmongFirst(job: StoredJob, count: number): Promise<boolean>;
  /** Takes one of the turns of the team's file jobs, of which there are `count`, unless it has one. @returns whether it has one */
  takeTurn(job: StoredJob, count: number): Promise<boolean>;
  /** Gives a place up. */
  leave(job: StoredJob): Promise<void>;
}

/** What reading a file has come to. */
export type ReadSoFar = Pick<FileProgress, 'position' | 'bytesRead' | 'isTotalFinal' | 'head' | 'fault'>;

/** What became of the rows of a chunk, and when the first and the last were processed; 0 for never. */
export interface ChunkReport {
  counts: ChunkCounts;
  retryable: number;
  startedAt: number;
  lastAt: number;
  /** Whether the rows were never in a job of their own. */
  isGivenUp?: boolean;
}

/** Files in S3. */
export interface Files {
  /** Bytes from an offset on, of the object with that ETag. */
  read(key: string, from: { from?: number; etag?: string }): AsyncIterable<Uint8Array>;
  readWhole(key: string): Promise<Uint8Array | undefined>;
  put(key: string, body: Uint8Array, contentType: string): Promise<void>;
}

/** Uploads of files, in parts. */
export interface Uploads {
  /** @returns the id of the upload */
  beginUpload(key: string): Promise<string>;
  /** Makes one file of the parts; again the same when that was done before. */
  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<CompletedUpload>;
  abortUpload(key: string, uploadId: string): Promise<void>;
}

export interface UploadedPart {
  partNumber: number;
  etag: string;
}

export type CompletedUpload =
  | { status: 'COMPLETED'; etag: string; size: number }
  | { status: 'REFUSED'; fault: string; message: string };

/** Has a step of a file job done after some seconds, and again until it says that nothing is left. */
export interface FileSteps {
  schedule(step: FileStep, seconds: number): Promise<void>;
}

/**
 * Reading the file to its end; applying what is read, until the job has ended; removing an upload that was not completed in
 * time; or reporting a chunk again, of which a result came late.
 */
export interface FileStep {
  jobId: string;
  kind: 'read' | 'apply' | 'expire' | 'report';
  /** Of a report: the first row of the chunk. */
  row?: number;
  /** What is not stored by then, in epoch ms, never will be. */
  acceptingUntil: number;
  /** The job that it undoes, which knows it first. */
  undoes?: string;
}

/** What is told of a finished job. Duration in ms. */
export interface JobFinished {
  id: string;
  team: string;
  procedure: string;
  /** What a person called the job. */
  name: string | null;
  status: JobEnd['status'];
  total: number;
  counts: EntryCounts;
  durationMs: number;
  /** The job whose failed entries this one retried. */
  parent?: string;
  /** The job that this one undid. */
  undoes?: string;
}

export interface Events {
  publish(event: JobFinished): Promise<void>;
}

/** An Idempotency-Key taken by a request. Times in epoch ms. */
export interface IdempotencyRecord {
  team: string;
  key: string;
  /** Tells the request apart from others with the same key. */
  fingerprint: string;
  jobId: string;
  /** Until then the request is being accepted, or has been. */
  acceptingUntil: number;
}

export interface IdempotencyRecords {
  /**
   * Takes a key, unless it was taken less than 24 h ago.
   * @param replaced - the job of the record that this one replaces
   * @returns the record that stands in the way
   */
  take(record: IdempotencyRecord, now: number, replaced?: string): Promise<IdempotencyRecord | undefined>;
  /** Gives a key back, if it still has that record. */
  release(record: IdempotencyRecord): Promise<void>;
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
export interface ResolvedReference {
  id: string;
  team: string;
  procedure: string;
}

/** One update of a process; a primary key given must be the process's. */
export interface ReferencedUpdate extends OrderedUpdate, Precondition {
  /** Of an undo, which brings nothing else. */
  undo?: Undo;
  primaryKey?: string;
  /** What creates the process if none has the primary key. */
  create?: Creation;
  /** Whether the index led to the process: it may be for another one of its primary key. */
  isByIndex?: boolean;
  /**
   * Whether it is tried once more when its state may not follow yet: that refusal is not final, and not remembered. An undo is
   * when its process may come back once the same undo has deleted another one.
   */
  isTriedAgain?: boolean;
}

export type UpdateVerdict =
  | Verdict
  | { outcome: 'CREATED' }
  | { error: 'PROCESS_NOT_FOUND' | 'PROCESS_NOT_WRITABLE' | 'PROCESS_EXISTS' }
  | { error: 'PRECONDITION_FAILED'; faults: readonly Fault[] };

/** Of an undo, a verdict on each of its entries. */
export type ApplyVerdict = UpdateVerdict | { undone: readonly UndoneVerdict[] };

export interface ApplyOptions {
  /** Told of each update that is written, once it is, or of an entry of an undo, what it found in the fields that it has set. */
  onImage?: ((update: ReferencedUpdate, image: Image, index?: number) => void) | undefined;
  /** Finds out whether an update has its result. Asked where it came late, and could win all the same. */
  hasEnded?: ((update: ReferencedUpdate) => Promise<boolean>) | undefined;
}

/** What a process shows of an update, or of an entry of an undo. */
export type Trace = { outcome: 'APPLIED' | 'CREATED' } | { error: Refusal } | UndoneResult;

export interface JobsQuery {
  before: number | undefined;
  limit: number;
  /** How many jobs are looked at for one page, at most. */
  lookedAt: number;
  /** Whether a job may belong to the page, by its header: else its results are not read. */
  mayBelong: (job: StoredJob) => boolean;
  /** Tells when to end the page with what is read by then, one job at least. */
  isOver: () => boolean;
}

/** A page of a team's jobs, newest first. */
export interface PageOfJobs<View> {
  jobs: View[];
  /** Sequence to go on before, or undefined after the oldest. */
  before: number | undefined;
}

/**
 * What came of creating a process: it is there, or another is that the update is for; or it is larger than may be stored; or the
 * update has its result, from when an earlier process was not deleted.
 */
export type Created = { id: string } | { found: string } | 'TOO_LARGE' | 'ENDED';

export interface Processes {
  /** @returns the ids of the processes with that primary key, the deleted ones only when there is no other */
  findIds(team: string, procedure: string, primaryKey: string): Promise<string[]>;
  /** Finds the process that shows an update, of those with a primary key that the index knows, deleted or not. */
  findShowing(key: KeyReference, order: number): Promise<string | undefined>;
  /** Reads a process as it is now. */
  get(id: string): Promise<Process | undefined>;
  /**
   * Creates the process that an update is for, unless it is there.
   */
  create(
    key: KeyReference,
    update: CreatingUpdate,
    known: {
      /** Whether processes of the primary key are known that are deleted, as they must still be. */
      isDeleted: boolean;
      /** Finds out whether the update has its result. Asked where others are deleted. */
      hasEnded: () => Promise<boolean>;
    },
  ): Promise<Created>;
  /**
   * What a process shows of the update with that order number, or of an entry of an undo with it: undefined when it shows
   * nothing.
   */
  traceOf(target: ResolvedReference, order: number, index?: number): Promise<Trace | undefined>;
  /**
   * Applies updates of one process, with one conditional write in the common case.
   * @returns a verdict on each update, in the order given
   * @throws when it could not be decided (throttled, timed out, too much contention): try again later
   */
  apply(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    options?: ApplyOptions,
  ): Promise<ApplyVerdict[]>;
}
