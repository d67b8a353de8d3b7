import type { ErrorBody } from '../contract/errors.ts';
import type { Entry } from '../contract/views.ts';
import { type FileState, partId, type StoredChunk } from './file-job.ts';
import {
  type EntriesFilter,
  type EntriesPage,
  type EntriesPorts,
  type EntriesQuery,
  type ListedEntry,
  listEntries,
} from './list-entries.ts';
import type { FileJobs, JobState, Jobs } from './ports.ts';
import { progressOfState } from './progress.ts';

export interface FileEntriesPorts extends EntriesPorts {
  jobs: Jobs;
  fileJobs: FileJobs;
}

/** Maximum number of chunks that a page looks at. */
const MAX_CHUNKS = 20;

/** One page of the entries of a file job, in the order of its rows; it may be short of the limit and still go on. */
export async function listFileEntries(
  { job }: JobState,
  { filter, from, limit, maxBytes, bytesOf }: EntriesQuery,
  ports: FileEntriesPorts,
): Promise<EntriesPage> {
  const listed: ListedEntry[] = [];
  let bytes = 0;
  let next = from;
  const chunks = await ports.fileJobs.chunksFrom(job.id, from, MAX_CHUNKS);
  for (const chunk of chunks) {
    const end = chunk.row + chunk.rows;
    if (next >= end || !mayHave(chunk, filter)) {
      next = Math.max(next, end);
      continue;
    }
    if (listed.length === limit || bytes >= maxBytes) return { listed, next };
    const query = {
      ...{
        filter,
        from: next - chunk.row,
        limit: limit - listed.length,
        maxBytes: maxBytes - bytes,
        bytesOf,
      },
    };
    const state = await ports.jobs.readByChunk(partId(job.id, chunk.row));
    const page = state === undefined ? blankPage(chunk, query) : await listEntries(state, query, ports);
    for (const each of page.listed) {
      const moved = { ...each, entry: movedBy(chunk.row, each.entry) };
      bytes += bytesOf(moved);
      // Alone in its chunk's page, one may have more than is left of this page.
      if (bytes > maxBytes && listed.length > 0) return { listed, next: moved.entry.index };
      listed.push(moved);
    }
    if (page.next !== undefined) return { listed, next: chunk.row + page.next };
    next = end;
  }
  return { listed, next: chunks.length < MAX_CHUNKS ? undefined : next };
}

/** Counts the entries of a file job that have the status and the outcome that are asked for. */
export function fileEntriesWith(
  state: JobState & { file: FileState },
  { completionStatus, outcome }: EntriesFilter,
): number {
  const { progress } = state.file;
  if (outcome === undefined)
    return completionStatus === undefined
      ? progress.position.row + progress.surplus
      : progressOfState(state).counts[completionStatus];
  return completionStatus !== undefined && completionStatus !== 'SUCCESS' ? 0 : progress.counts[outcome];
}

/** Whether a chunk may have entries that are asked for, as far as it is known. */
function mayHave({ counts }: StoredChunk, { completionStatus, outcome }: EntriesFilter): boolean {
  if (counts === undefined) return true;
  if (outcome !== undefined && counts[outcome] === 0) return false;
  return (
    completionStatus === undefined || (completionStatus !== 'NOT_STARTED' && counts[completionStatus] > 0)
  );
}

/** Of rows that have no job yet, or get none, no more is known than that. What they hold, the files of results tell. */
function blankPage({ rows, counts }: StoredChunk, { filter, from, limit }: EntriesQuery): EntriesPage {
  const completionStatus = counts === undefined ? ('NOT_STARTED' as const) : ('CANCELLED' as const);
  const isAsked =
    filter.outcome === undefined &&
    (filter.completionStatus === undefined || filter.completionStatus === completionStatus);
  if (!isAsked) return { listed: [], next: undefined };
  const count = Math.min(limit, rows - from);
  const listed = Array.from({ length: count }, (_, offset): ListedEntry => {
    const entry: Entry = {
      ...{ index: from + offset, identifier: {}, processId: null, completionStatus, outcome: null },
      ...{ errors: [], line: null, attempts: 0, completedAt: 0 },
    };
    return { entry, item: {} };
  });
  const next = from + count;
  return { listed, next: next < rows ? next : undefined };
}

/** An entry of the job of a chunk as one of the whole file. */
function movedBy(row: number, entry: Entry): Entry {
  if (row === 0) return entry;
  const own = `/processes/${entry.index}`;
  const index = entry.index + row;
  const moved = (error: ErrorBody): ErrorBody =>
    error.pointer?.startsWith(own)
      ? { ...error, pointer: `/processes/${index}${error.pointer.slice(own.length)}` }
      : error;
  return { ...entry, index, errors: entry.errors.map(moved) };
}
