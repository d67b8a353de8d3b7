import { ENTRY_STATUSES } from '../../lambdas/contract/statuses.ts';
import type { RowError } from '../../lambdas/rows/row.ts';
import type { Entry, EntryStatus } from './index.ts';

/** An item that was not applied. */
export interface Failure {
  /** Its place in the file, from 0. */
  position: number;
  errors: readonly RowError[];
}

/** Whether a value is an entry of a request. @param count - of its items */
export function isEntryOf(entry: Entry | null, count: number): boolean {
  const { index = -1, completionStatus, errors } = entry ?? {};
  const isInside = Number.isSafeInteger(index) && index >= 0 && index < count;
  const hasStatus = ENTRY_STATUSES.some((status) => status === completionStatus);
  const isError = (error: RowError | null) =>
    typeof error?.code === 'string' && typeof error.message === 'string';
  return isInside && hasStatus && Array.isArray(errors) && errors.every(isError);
}

/** Statuses of entries that were not applied. */
export const FAILED_STATUSES = ['INVALID', 'ERROR', 'CANCELLED'] as const satisfies readonly EntryStatus[];

/** Returns the failed entries of a request, in the order of the file. */
export function failuresAmong(entries: readonly Entry[], start: number): Failure[] {
  return entries
    .filter(({ completionStatus }) => FAILED_STATUSES.some((status) => status === completionStatus))
    .sort((a, b) => a.index - b.index)
    .map(({ index, errors, completionStatus }) => ({
      position: start + index,
      errors: completionStatus === 'CANCELLED' ? [CANCELLED] : errors,
    }));
}

/** Of an item that was not looked at. */
export const CANCELLED: RowError = {
  code: 'CANCELLED',
  message: 'The job was cancelled or aborted before this item was applied. Send it again.',
};
