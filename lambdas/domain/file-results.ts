import { gunzipSync } from 'node:zlib';
import type { Procedure } from '../contract/procedure.ts';
import { type ChunkReading, type ChunkRow, rowsOfChunk } from '../rows/chunk-rows.ts';
import { CLEAR_MARKER } from '../rows/csv-item.ts';
import { type RowResult, resultFiles } from '../rows/result-file.ts';
import type { FileHead } from '../rows/split-file.ts';
import { columnsOfUpload, hasFaults } from '../rows/upload-columns.ts';
import type { UploadedJob } from './accept-chunk.ts';
import { entryOf } from './entry.ts';
import { type FileProgress, fileKeys, NO_COUNTS, RESULT_KINDS, type StoredChunk } from './file-job.ts';
import type { ChunkReport, FileJobs, Files, JobState, Jobs, Submissions } from './ports.ts';
import { progressOfState } from './progress.ts';
import { foldResults } from './results.ts';

export interface RowPorts {
  jobs: Jobs;
  fileJobs: FileJobs;
  files: Files;
  procedure: Procedure;
}

/**
 * The rows of a chunk, as they were read, with the names of the file's columns.
 * @param lines - of a chunk that does some rows of a file again: where they are in that
 */
export async function rowsOf(
  job: UploadedJob,
  progress: FileProgress,
  chunk: StoredChunk,
  lines: readonly number[] | undefined,
  ports: RowPorts,
): Promise<FileRows> {
  const { again } = chunk;
  if (again === undefined)
    return { head: progress.head, rows: await readRows(job, progress.head, chunk, ports) };
  const { jobId, row } = again.file;
  const [file, fileProgress, [fileChunk]] = await Promise.all([
    ports.jobs.find(jobId),
    ports.fileJobs.find(jobId),
    ports.fileJobs.chunksFrom(jobId, row, 1),
  ]);
  if (file === undefined || fileProgress === undefined || fileChunk === undefined)
    throw new Error(`The file of job ${jobId} is missing`);
  const { head } = fileProgress;
  const rows = await readRows(file as UploadedJob, head, fileChunk, ports);
  const isAgain = new Set(lines);
  return { head, rows: rows.filter(({ line }) => isAgain.has(line)) };
}

export interface FileRows {
  head: FileHead | undefined;
  rows: ChunkRow[];
}

async function readRows(
  { id, fileJob }: UploadedJob,
  head: FileHead | undefined,
  { row, from, isBroken }: StoredChunk,
  { files, procedure }: RowPorts,
): Promise<ChunkRow[]> {
  const key = fileKeys.chunk(id, row);
  const packed = await files.readWhole(key);
  if (packed === undefined) throw new Error(`The chunk ${key} is missing`);
  const place = isBroken ? { broken: 'rows' as const, ...from } : from;
  return rowsOfChunk({ bytes: gunzipSync(packed), from: place }, readingOf(fileJob, head, procedure));
}

function readingOf(
  { format, columns = {}, expect, clearMarker = CLEAR_MARKER }: UploadedJob['fileJob'],
  head: FileHead | undefined,
  procedure: Procedure,
): ChunkReading {
  if (format === 'ndjson') return { format };
  if (head === undefined) throw new Error('The head of a CSV is missing');
  const found = columnsOfUpload(head.cells, { columns, expect }, procedure);
  // A file with faults has only broken chunks, of which nothing is sent.
  return { format, head, columns: hasFaults(found) ? [] : found, clearMarker };
}

/**
 * Stores what became of the rows of a chunk, in a file for each kind of results that it has.
 * @param results - of each row
 */
export async function storeResults(
  { id, fileJob: { format } }: UploadedJob,
  { row }: StoredChunk,
  { head, rows }: FileRows,
  results: (place: number) => RowResult,
  files: Files,
): Promise<void> {
  const shape = format === 'csv' && head !== undefined ? { format, head } : ({ format: 'ndjson' } as const);
  const made = resultFiles(rows, (_, place) => results(place), shape);
  for (const kind of RESULT_KINDS) {
    const body = made[kind];
    if (body !== undefined)
      await files.put(fileKeys.result(id, kind, row, format), body, CONTENT_TYPES[format]);
  }
}

const CONTENT_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' };

/** What became of the entries of a chunk's job, by their index, and where in the file they are. */
export async function resultsOfPart(
  { job, log }: JobState,
  submissions: Submissions,
): Promise<{ results: (index: number) => RowResult; lines: number[] }> {
  const folded = foldResults(log);
  const results: RowResult[] = [];
  const lines: number[] = [];
  for (const [number, start] of job.chunkStarts.entries()) {
    for (const [offset, submitted] of (await submissions.readChunk(job.id, number)).entries()) {
      const index = start + offset;
      const { completionStatus, outcome, errors, processId } = entryOf(
        job,
        index,
        submitted,
        folded.get(index),
      );
      lines.push(submitted.line ?? 0);
      results.push({ status: completionStatus as RowResult['status'], outcome, errors, processId });
    }
  }
  return { results: (index) => results[index] ?? GIVEN_UP, lines };
}

/** What becomes of a row that is not processed. */
export const GIVEN_UP: RowResult = { status: 'CANCELLED', outcome: null, errors: [], processId: null };

/** What is reported of a chunk whose job has ended. */
export function reportOf(state: JobState): ChunkReport {
  const { counts, retryable, startedAt, completedAt } = progressOfState(state);
  const { NOT_STARTED: _none, ...ended } = counts;
  const sum = { ...NO_COUNTS, ...ended };
  for (const { result } of foldResults(state.log).values()) if ('outcome' in result) sum[result.outcome] += 1;
  return { counts: sum, retryable, startedAt, lastAt: completedAt };
}

/** What is reported of a chunk that gets no job. */
export function reportGivenUp({ rows }: StoredChunk): ChunkReport {
  const counts = { ...NO_COUNTS, CANCELLED: rows };
  return { counts, retryable: 0, startedAt: 0, lastAt: 0, isGivenUp: true };
}
