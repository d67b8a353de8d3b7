import type { DryRun } from '../domain/dry-run.ts';
import { RequestError } from '../domain/errors.ts';
import type { ApiAnswer } from './api-handler.ts';

/** A function's answer has at most 6 MB, in which every quotation mark is escaped. */
const MAX_ANSWER_BYTES = 4_500_000;

/** @throws RequestError 413 when the answer would be too large */
export function dryRunAnswer({ entries, counts }: DryRun): ApiAnswer {
  if (Buffer.byteLength(JSON.stringify(entries)) > MAX_ANSWER_BYTES) {
    throw new RequestError(
      'ANSWER_TOO_LARGE',
      'The answer of this dry run, with all errors, would be too large. Send fewer items at a time.',
    );
  }
  const total = entries.length;
  const { INVALID: invalid } = counts;
  return {
    status: 200,
    data: { entries },
    meta: { total, queued: 0, invalid, bjEntryCompletionStatusVsCount: counts },
  };
}
