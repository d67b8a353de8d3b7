import { type EntryErrorCode, RETRYABLE_CODES } from '../contract/errors.ts';
import type { Outcome } from '../contract/statuses.ts';
import type { FieldName } from './field.ts';
import type { Image } from './image.ts';
import type { Fault } from './precondition.ts';

/** How the processing of an entry ended. */
export type Result =
  | {
      outcome: Outcome;
      /** Of an entry of an undo that is reverted: the fields that stay as they are. */
      kept?: readonly FieldName[];
    }
  | {
      error: EntryErrorCode;
      /** What a precondition failed for. */
      faults?: readonly Fault[];
    }
  | { cancelled: true };

/** What became of one entry. */
export interface EntryResult {
  index: number;
  result: Result;
  /** The process found through its primary key; entries that named an id know it already. */
  processId?: string;
  /** How often the queue had delivered the entry. */
  attempts: number;
  /** What it found in the fields that it has set. Only the copy of an update that wrote has one. */
  image?: Image;
  /** Where the image of a result lies that was read. */
  imageAt?: string;
}

/** Results as they are logged: those of one job that were recorded together. Times in epoch ms. */
export interface ResultBatch {
  startedAt: number;
  completedAt: number;
  /** Whether they came when the end of the job was noted: of updates from the dead-letter queue, mostly. */
  isLate?: boolean;
  results: EntryResult[];
}

/** The result that stands for an entry, with its times. */
export type FoldedResult = EntryResult & { startedAt: number; completedAt: number };

export type EndedStatus = 'SUCCESS' | 'ERROR' | 'CANCELLED';

export function endedStatus(result: Result): EndedStatus {
  if ('outcome' in result) return 'SUCCESS';
  return 'error' in result ? 'ERROR' : 'CANCELLED';
}

/** Whether a retry of an ended job sends the entry again. */
export function isRetryable(result: Result): boolean {
  return 'error' in result && RETRYABLE_CODES.includes(result.error);
}

/**
 * Folds a log of results into one result an entry, whatever is in it twice or in any order: success beats
 * all, giving up yields to all, and between equals the earliest stands.
 */
export function foldResults(log: Iterable<ResultBatch>): Map<number, FoldedResult> {
  const folded = new Map<number, FoldedResult>();
  for (const { results, startedAt, completedAt } of log) {
    for (const result of results) {
      const entry = { ...result, startedAt, completedAt };
      const known = folded.get(entry.index);
      const best = known === undefined || beats(entry, known) ? entry : known;
      // The copy that wrote need not be the first that was recorded.
      const imageAt = best.imageAt ?? entry.imageAt ?? known?.imageAt;
      folded.set(entry.index, imageAt === undefined ? best : { ...best, imageAt });
    }
  }
  return folded;
}

function beats(entry: FoldedResult, known: FoldedResult): boolean {
  const difference = weight(entry.result) - weight(known.result) || known.completedAt - entry.completedAt;
  if (difference !== 0) return difference > 0;
  // Whichever, but always the same.
  return JSON.stringify(entry.result) < JSON.stringify(known.result);
}

/** Giving up is not final: a redrive may still bring a result. */
function weight(result: Result): number {
  if ('outcome' in result) return 2;
  return 'error' in result && result.error === 'PROCESSING_FAILED' ? 0 : 1;
}
