import type { EntryStatus, Outcome } from '../contract/statuses.ts';
import type { Entry } from '../contract/views.ts';
import { countOutcome, resultsIn, resultsReader } from './compact-results.ts';
import { entryOf } from './entry.ts';
import type { CompactResults, JobState, Plans, Submissions } from './ports.ts';
import { progressOfState } from './progress.ts';
import { endedStatus, type FoldedResult } from './results.ts';
import type { SubmittedEntry } from './submission.ts';

/** An entry and the item that it was sent as. */
export interface ListedEntry {
  entry: Entry;
  item: unknown;
  /** The item as it is written, where parsing loses something. */
  text?: string | undefined;
}

/** Which entries are listed: all of them, if nothing is asked for. */
export interface EntriesFilter {
  completionStatus?: EntryStatus | undefined;
  outcome?: Outcome | undefined;
  /** The id or the primary key by which an entry names its process, as text. */
  identifier?: string | undefined;
}

export interface EntriesQuery {
  filter: EntriesFilter;
  /** Index of the first entry of the page. */
  from: number;
  limit: number;
  /** The page ends before it has more bytes, unless one entry alone has. */
  maxBytes: number;
  /** The bytes that an entry takes in the response. */
  bytesOf: (listed: ListedEntry) => number;
}

export interface EntriesPorts {
  submissions: Submissions;
  plans: Plans;
  compactResults: CompactResults;
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
  state: JobState,
  { filter, from, limit, maxBytes, bytesOf }: EntriesQuery,
  { submissions, plans, compactResults }: EntriesPorts,
): Promise<EntriesPage> {
  const { job } = state;
  const readResults = resultsReader(state, compactResults);
  const listed: ListedEntry[] = [];
  let bytes = 0;
  let chunksRead = 0;
  const firstChunk = job.chunkStarts.findLastIndex((start) => start <= from);
  for (let chunk = firstChunk; chunk < job.chunkStarts.length; chunk++) {
    const start = job.chunkStarts[chunk] ?? 0;
    const results = await readResults(chunk);
    if (!mayFit(resultsIn(job, chunk, results), filter)) continue;
    chunksRead += 1;
    if (chunksRead > MAX_CHUNKS) return { listed, next: start };
    const entries = await submissions.readChunk(job.id, chunk);
    const plan = job.plan === undefined ? [] : await plans.readChunk(job.id, chunk);
    for (const [offset, submitted] of entries.entries()) {
      const index = start + offset;
      if (index < from) continue;
      const entry = entryOf(job, index, submitted, results.get(index), plan[offset]);
      if (!fits(entry, submitted, filter)) continue;
      const next = { entry, item: submitted.item, text: submitted.text };
      bytes += bytesOf(next);
      const isFull = listed.length === limit || bytes > maxBytes;
      if (isFull && listed.length > 0) return { listed, next: index };
      listed.push(next);
    }
  }
  return { listed, next: undefined };
}

/**
 * Counts the entries of a job that have the status and the outcome that are asked for. Which of them name a process is
 * not counted: only the submission tells.
 */
export function entriesWith(state: JobState, { completionStatus, outcome }: EntriesFilter): number {
  const { counts } = progressOfState(state);
  if (outcome === undefined)
    return completionStatus === undefined ? state.job.total : counts[completionStatus];
  if (completionStatus !== undefined && completionStatus !== 'SUCCESS') return 0;
  return countOutcome(state, outcome);
}

/** Whether entries with these results may fit: by their results alone, where only those decide. */
function mayFit(results: readonly FoldedResult[], { completionStatus, outcome }: EntriesFilter): boolean {
  const needsResult = outcome !== undefined || completionStatus === 'SUCCESS' || completionStatus === 'ERROR';
  const fits = ({ result }: FoldedResult) =>
    (completionStatus === undefined || endedStatus(result) === completionStatus) &&
    (outcome === undefined || ('outcome' in result && result.outcome === outcome));
  return !needsResult || results.some(fits);
}

function fits(
  entry: Entry,
  { key }: SubmittedEntry,
  { completionStatus, outcome, identifier }: EntriesFilter,
): boolean {
  return (
    (completionStatus === undefined || entry.completionStatus === completionStatus) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (identifier === undefined || key === identifier || names(entry).includes(identifier))
  );
}

/** What an entry names its process by, as text: a number with the digits that were sent. */
function names({ identifier }: Entry): string[] {
  return Object.values(identifier).map((name) => (typeof name === 'string' ? name : JSON.stringify(name)));
}
