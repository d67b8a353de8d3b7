import type { EntryStatus } from '../contract/statuses.ts';
import type { Entry } from '../contract/views.ts';
import { entryOf } from './entry.ts';
import type { JobState, Submissions } from './ports.ts';
import { foldResults } from './results.ts';

/** An entry and the item that it was sent as. */
export interface ListedEntry {
  entry: Entry;
  item: unknown;
  /** The item as it is written, where parsing loses something. */
  text?: string | undefined;
}

export interface EntriesQuery {
  completionStatus: EntryStatus | undefined;
  /** Index of the first entry of the page. */
  from: number;
  limit: number;
  /** The page ends before it has more bytes, unless one entry alone has. */
  maxBytes: number;
  /** The bytes that an entry takes in the response. */
  bytesOf: (listed: ListedEntry) => number;
}

export interface EntriesPage {
  listed: ListedEntry[];
  /** Index to go on from, or undefined after the last entry. */
  next: number | undefined;
}

/** Maximum number of chunks of the submission that a page reads: 5 MB of text, whatever the filter finds. */
const MAX_CHUNKS = 16;

/** One page of a job's entries in the order of submission; it may be short of the limit and still go on. */
export async function listEntries(
  { job, log }: JobState,
  { completionStatus, from, limit, maxBytes, bytesOf }: EntriesQuery,
  submissions: Submissions,
): Promise<EntriesPage> {
  const results = foldResults(log);
  const listed: ListedEntry[] = [];
  let bytes = 0;
  const firstChunk = job.chunkStarts.findLastIndex((start) => start <= from);
  for (let chunk = firstChunk; chunk < job.chunkStarts.length; chunk++) {
    const start = job.chunkStarts[chunk] ?? 0;
    if (chunk >= firstChunk + MAX_CHUNKS) return { listed, next: start };
    const entries = await submissions.readChunk(job.id, chunk);
    for (const [offset, submitted] of entries.entries()) {
      const index = start + offset;
      if (index < from) continue;
      const entry = entryOf(job, index, submitted, results.get(index));
      if (completionStatus !== undefined && entry.completionStatus !== completionStatus) continue;
      const next = { entry, item: submitted.item, text: submitted.text };
      bytes += bytesOf(next);
      const isFull = listed.length === limit || bytes > maxBytes;
      if (isFull && listed.length > 0) return { listed, next: index };
      listed.push(next);
    }
  }
  return { listed, next: undefined };
}
