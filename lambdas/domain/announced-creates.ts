import { createHash } from 'node:crypto';
import { MAX_ENTRIES } from '../contract/limits.ts';
import { partId } from './file-job.ts';
import { isOver, type StoredJob } from './job.ts';
import { isDiscarded, isPlanned } from './plan.ts';

/**
 * What a job says before it is accepted that may create processes: which primary keys they would have.
 *
 * An update that was accepted after a create may be processed before it. By the announcement it knows that its process may
 * still come; an update of a key that nobody is about to create does not wait.
 */
export interface Announcement {
  team: string;
  procedure: string;
  jobId: string;
  /** Undefined where any key may be among them: of a file that is not read yet. */
  marks?: Uint8Array;
  /** A job that does not exist by then, in epoch ms, never will. */
  acceptingUntil: number;
}

/** An announcement, with its job as it is now; undefined while that does not exist. */
export interface AnnouncedJob extends Pick<Announcement, 'marks' | 'acceptingUntil'> {
  job: StoredJob | undefined;
}

/** Of a job of 10,000 creates one key in 1,700 that it does not create looks as if it did, and waits in vain. */
const MARK_BYTES = 3;

/** The marks of primary keys: 30 KB of 10,000. */
export function marksOf(primaryKeys: Iterable<string>): Uint8Array {
  const marks = new Set(Array.from(primaryKeys, markOf));
  const bytes = Buffer.alloc(marks.size * MARK_BYTES);
  for (const [position, mark] of [...marks].entries())
    bytes.writeUIntBE(mark, position * MARK_BYTES, MARK_BYTES);
  return bytes;
}

/** Reads marks as a set, to look many keys up. */
function readMarks(marks: Uint8Array): ReadonlySet<number> {
  const bytes = Buffer.from(marks.buffer, marks.byteOffset, marks.byteLength);
  const read = new Set<number>();
  for (let at = 0; at < bytes.length; at += MARK_BYTES) read.add(bytes.readUIntBE(at, MARK_BYTES));
  return read;
}

function markOf(primaryKey: string): number {
  return createHash('sha256').update(primaryKey).digest().readUIntBE(0, MARK_BYTES);
}

/**
 * Returns what tells whether a job that was accepted before an update may still create the process with its primary key.
 * @param announced - read after the update was accepted: what was not announced by then comes after it
 */
export function awaitedCreates(
  announced: readonly AnnouncedJob[],
  now: number,
): (primaryKey: string, order: number, jobId: string) => boolean {
  const open = announced
    .filter((announcement) => isOpen(announcement, now))
    .map(({ job, marks }) => ({ job, marks: marks && readMarks(marks) }));
  return (primaryKey, order, jobId) =>
    open.some(
      ({ job, marks }) =>
        job?.id !== jobId &&
        !isPartOf(jobId, job) &&
        (marks === undefined || marks.has(markOf(primaryKey))) &&
        // Its number is taken after its announcement, and may be the smaller one while it is not known.
        (job === undefined || sequenceOf(job) * MAX_ENTRIES < order),
    );
}

/** Whether a job is that of a chunk of another. Chunks before it have announcements of their own. */
function isPartOf(jobId: string, job: StoredJob | undefined): boolean {
  return job !== undefined && jobId.startsWith(partId(job.id, ''));
}

function sequenceOf({ approved, fileJob, sequence }: StoredJob): number {
  return approved?.sequence ?? fileJob?.accepted?.sequence ?? sequence;
}

function isOpen({ job, acceptingUntil }: AnnouncedJob, now: number): boolean {
  if (job === undefined) return !isOver(acceptingUntil, now);
  if (job.fileJob !== undefined && job.fileJob.accepted === undefined) return !isOver(acceptingUntil, now);
  return job.end === undefined && !isPlanned(job) && !isDiscarded(job);
}
