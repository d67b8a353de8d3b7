import type { Entry } from '../contract/views.ts';
import type { DryRunResult } from '../domain/dry-run.ts';
import { RequestError } from '../domain/request-error.ts';
import type { ApiResponse } from './api-handler.ts';
import { bytesInResponse, MAX_RESPONSE_BYTES } from './response-size.ts';

/**
 * Counts the bytes of a response's entries, each as soon as it is known, so that nothing is collected that
 * cannot be sent.
 * @returns what is told of each entry; it throws RequestError 413 when the response would be too large
 */
export function countedEntries(): (entry: Entry) => void {
  let bytes = 0;
  return (entry) => {
    bytes += bytesInResponse(JSON.stringify(entry));
    if (bytes > MAX_RESPONSE_BYTES) throw responseTooLarge();
  };
}

export function dryRunResponse({ entries, counts }: DryRunResult): ApiResponse {
  const total = entries.length;
  const { INVALID: invalid } = counts;
  return {
    status: 200,
    data: { entries },
    meta: { total, queued: 0, invalid, bjEntryCompletionStatusVsCount: counts },
  };
}

function responseTooLarge(): RequestError {
  return new RequestError(
    'ANSWER_TOO_LARGE',
    'The response of this dry run, with all errors, would be too large. Send fewer items at a time.',
  );
}
