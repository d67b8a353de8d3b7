import type { Outcome } from '../contract/statuses.ts';
import type { Compacted, StoredJob } from './job.ts';
import type { CompactResults, JobState } from './ports.ts';
import { type FoldedResult, foldResults } from './results.ts';

/** Reads the results of the entries of one chunk of the submission. It may give those of others, too. */
export type ReadResults = (chunk: number) => Promise<ReadonlyMap<number, FoldedResult>>;

/** A log of that many batches of ten usual updates is a read unit: no more than its compact form. */
const SMALL_LOG = 2;

/**
 * Stores the results of a job that has ended once more, folded and in the order of submission, so that a page of entries need
 * not read all of the log. No result may come any more that is not late.
 *
 * Late results stay out. So whoever does this again writes the same, and a reader folds them on top, whenever they come.
 *
 * @returns undefined where the log is small and stays the only form
 */
export async function compactResults(
  { job, log }: JobState,
  store: CompactResults,
): Promise<Compacted | undefined> {
  const inTime = log.filter(({ isLate }) => !isLate);
  if (inTime.length <= SMALL_LOG) return undefined;
  const results = foldResults(inTime);
  const chunks = job.chunkStarts.map((_, chunk) => resultsIn(job, chunk, results));
  const pieces = await store.store(job.id, chunks, job.createdAt);
  return { pieces, outcomes: countOutcomes(results.values()) };
}

/** The results of the entries of a chunk, in their order. */
export function resultsIn(
  { chunkStarts, total }: StoredJob,
  chunk: number,
  results: ReadonlyMap<number, FoldedResult>,
): FoldedResult[] {
  const found: FoldedResult[] = [];
  const end = chunkStarts[chunk + 1] ?? total;
  for (let index = chunkStarts[chunk] ?? end; index < end; index++) {
    const result = results.get(index);
    if (result !== undefined) found.push(result);
  }
  return found;
}

/** How the results of a job are read that was read by `readByChunk`. */
export function resultsReader(state: JobState, store: CompactResults): ReadResults {
  const { job, log } = state;
  if (hasResultsApart(state)) return async (chunk) => foldResults(await store.readChunk(job, chunk));
  const results = foldResults(log);
  return async () => results;
}

/** Counts the entries that ended with an outcome, of a job that was read by `readByChunk`. */
export function countOutcome(state: JobState, outcome: Outcome): number {
  const outcomes = hasResultsApart(state)
    ? (state.job.compacted?.outcomes ?? {})
    : countOutcomes(foldResults(state.log).values());
  return outcomes[outcome] ?? 0;
}

/** Whether the log was left unread for the compact results. With late ones on top it is read whole. */
function hasResultsApart({ job, log }: JobState): boolean {
  return job.compacted !== undefined && log.length === 0;
}

function countOutcomes(results: Iterable<FoldedResult>): Compacted['outcomes'] {
  const counts: Compacted['outcomes'] = {};
  for (const { result } of results) {
    if ('outcome' in result) counts[result.outcome] = (counts[result.outcome] ?? 0) + 1;
  }
  return counts;
}
