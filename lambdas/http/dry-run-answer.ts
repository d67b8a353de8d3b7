import type { DryRun } from '../domain/dry-run.ts';
import { RequestError } from '../domain/errors.ts';
import { bytesInAnswer, MAX_ANSWER_BYTES } from './answer-size.ts';
import type { ApiAnswer } from './api-handler.ts';

/** @throws RequestError 413 when the answer would be too large */
export function dryRunAnswer({ entries, counts }: DryRun): ApiAnswer {
  let bytes = 0;
  for (const entry of entries) {
    bytes += bytesInAnswer(JSON.stringify(entry));
    if (bytes > MAX_ANSWER_BYTES) throw answerTooLarge();
  }
  const total = entries.length;
  const { INVALID: invalid } = counts;
  return {
    status: 200,
    data: { entries },
    meta: { total, queued: 0, invalid, bjEntryCompletionStatusVsCount: counts },
  };
}

function answerTooLarge(): RequestError {
  return new RequestError(
    'ANSWER_TOO_LARGE',
    'The answer of this dry run, with all errors, would be too large. Send fewer items at a time.',
  );
}
