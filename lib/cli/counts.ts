import { counted } from '../../lambdas/contract/counted.ts';
import { ENTRY_STATUSES } from '../../lambdas/contract/statuses.ts';
import { contradiction } from '../client/api-error.ts';
import type { Entry, EntryCounts } from '../client/index.ts';

export function noCounts(): EntryCounts {
  return { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
}

/** Adds counts, and subtracts others. */
export function sum(all: readonly EntryCounts[], less: EntryCounts = noCounts()): EntryCounts {
  const total = noCounts();
  for (const status of ENTRY_STATUSES) {
    total[status] = all.reduce((before, counts) => before + counts[status], -less[status]);
  }
  return total;
}

/** Counts entries by status. */
export function tally(entries: Iterable<Entry>): EntryCounts {
  const counts = noCounts();
  for (const { completionStatus } of entries) counts[completionStatus] += 1;
  return counts;
}

/**
 * Checks that the counts of a job or a dry run add up to the number of its items.
 * @throws ApiError when they do not
 */
export function checkCounts(counts: EntryCounts, items: number): void {
  const told = ENTRY_STATUSES.map((status) => counts?.[status]);
  const isWhole = told.every((count) => Number.isSafeInteger(count) && count >= 0);
  const total = told.reduce((before, count) => before + count, 0);
  if (!isWhole || total !== items) throw miscount(isWhole ? total : 'an unknown number of', items);
}

/** Returns the error of a response about another number of items than was sent. */
export function miscount(told: number | string, items: number): Error {
  const text = typeof told === 'number' ? counted(told, 'item') : `${told} items`;
  return contradiction(200, `reported ${text} instead of ${items}`);
}
