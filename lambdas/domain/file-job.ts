import { FILES_PREFIXES } from '../contract/file-keys.ts';
import { type EntryStatus, OUTCOMES, type Outcome } from '../contract/statuses.ts';
import type { FilePosition } from '../rows/file-fault.ts';
import type { FileHead } from '../rows/split-file.ts';
import type { FileJob } from './file-header.ts';
import type { StoredJob } from './job.ts';

/**
 * How far a file job is. Reading and applying go on side by side, each at its own pace: reading writes what is above
 * `released`, applying the rest.
 */
export interface FileProgress {
  /** Where reading goes on. */
  position: FilePosition;
  /** Bytes of the file as it was uploaded that are read. */
  bytesRead: number;
  /** Number of chunks that the file is cut in so far. */
  chunks: number;
  isTotalFinal: boolean;
  /** Of a CSV. */
  head?: FileHead;
  /** What is wrong with the file, and when that was found, in epoch ms. Rows from there on are not processed. */
  fault?: { at: number; message: string };
  /** Whether other file jobs of the team are to end first. */
  isWaiting?: boolean;
  /** The first row, from 0, that neither is in a job of its own nor was given up. */
  released: number;
  /** Number of valid entries in jobs of their own, while they are counted for a canary. */
  canary?: number;
  /** First rows of the chunks whose jobs are not reported yet. */
  open: readonly number[];
  /** The sum of what is reported of chunks. */
  counts: ChunkCounts;
  retryable: number;
  /** How many entries more were reported of chunks than they had rows: of what is done again, late results change that. */
  surplus: number;
  /** The first row, from 0, whose chunk was not counted again after the end. */
  recounted?: number;
  /** When the first entry was processed, and the last; 0 for not yet. */
  startedAt: number;
  lastAt: number;
}

/** How far a job is whose file was not read. */
export function nothingRead(): FileProgress {
  return {
    position: { byte: 0, row: 0, line: 0 },
    ...{ bytesRead: 0, chunks: 0, isTotalFinal: false, released: 0, open: [], counts: NO_COUNTS },
    ...{ retryable: 0, surplus: 0, startedAt: 0, lastAt: 0 },
  };
}

/** What is counted of the rows of a chunk: how they ended, and how those that succeeded did. */
export type ChunkCounts = Record<(typeof COUNTED)[number], number>;
export const COUNTED = ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED', ...OUTCOMES] as const satisfies readonly (
  | EntryStatus
  | Outcome
)[];
export const NO_COUNTS = Object.fromEntries(COUNTED.map((name) => [name, 0])) as ChunkCounts;

/** A chunk of a file: some rows, one after the other, that become the entries of one job. */
export interface StoredChunk {
  /** Its first row, from 0. */
  row: number;
  rows: number;
  /** Its place among the chunks. */
  number: number;
  /** Where it begins in the file. */
  from: FilePosition;
  /** Of a job without a file of its own: the chunk of the other job whose entries it has, and that of the file with their rows. */
  again?: { row: number; file: { jobId: string; row: number } };
  /** Whether the file was found to be wrong before it, so that it is not processed. */
  isBroken?: boolean;
  /** What became of its rows, once that is known. */
  counts?: ChunkCounts;
  retryable?: number;
}

/** A file job as it is read: how far it is, and the headers of the jobs of its chunks that are not reported yet. */
export interface FileState {
  progress: FileProgress;
  open: readonly StoredJob[];
}

/** The id of the job of a chunk. No client can name it. */
export function partId(jobId: string, row: number | ''): string {
  return `${jobId}/${row}`;
}

/** The keys of what S3 keeps of a file job. */
export const fileKeys = {
  upload: (jobId: string) => `${FILES_PREFIXES.uploads}${jobId}`,
  chunk: (jobId: string, row: number) => `${FILES_PREFIXES.chunks}${jobId}/${padded(row)}`,
  result: (jobId: string, status: ResultKind, row: number, format: FileJob['format']) =>
    `${FILES_PREFIXES.results}${jobId}/${status}-${padded(row)}.${format}`,
};

/** Which rows a result file has. */
export const RESULT_KINDS = ['succeeded', 'failed', 'unprocessed'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

/** The statuses of the entries that are in each kind of result file. */
export const STATUSES_OF: Readonly<Record<ResultKind, readonly Exclude<EntryStatus, 'NOT_STARTED'>[]>> = {
  succeeded: ['SUCCESS'],
  failed: ['ERROR', 'INVALID'],
  unprocessed: ['CANCELLED'],
};

/** A row's number, so that texts sort as the numbers do. */
export function padded(row: number): string {
  return String(row).padStart(9, '0');
}

/** Whether a file job waits for its file, and may still get it. */
export function isAwaitingUpload({ fileJob, stopped }: StoredJob): boolean {
  return fileJob !== undefined && fileJob.accepted === undefined && stopped === undefined;
}
