import type { DryRunResult } from '../domain/dry-run.ts';
import { RequestError } from '../domain/request-error.ts';
import type { ApiResponse } from './api-handler.ts';
import { bytesInResponse, MAX_RESPONSE_BYTES } from './response-size.ts';

/**
 * Counts the bytes of parts of a response, each as soon as it is known, so that nothing is collected that cannot be sent.
 * @param fix - what a client whose response would be too large can do
 * @returns what is told of each part; it throws RequestError 413 when the response would be too large
 */
export function countedParts(fix = 'Send fewer items at a time.'): (part: unknown) => void {
  let bytes = 0;
  return (part) => {
    bytes += bytesInResponse(JSON.stringify(part));
    if (bytes > MAX_RESPONSE_BYTES) throw responseTooLarge(fix);
  };
}

export function dryRunResponse({ entries, counts }: Pick<DryRunResult, 'entries' | 'counts'>): ApiResponse {
  const total = entries.length;
  const { INVALID: invalid } = counts;
  return {
    status: 200,
    data: { entries },
    meta: { total, queued: 0, invalid, bjEntryCompletionStatusVsCount: counts },
  };
}

function responseTooLarge(fix: string): RequestError {
  return new RequestError(
    'ANSWER_TOO_LARGE',
    `The response of this dry run, with all errors and changes, would be too large. ${fix}`,
  );
}
