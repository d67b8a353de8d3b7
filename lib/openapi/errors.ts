import type { RequestErrorCode } from '../../lambdas/domain/errors.ts';

/** When a request is refused with each code; the statuses are those of the catalogue. */
export const MEANINGS: Record<RequestErrorCode, string> = {
  BAD_REQUEST:
    'the gateway cannot read the request, its path and headers are too large, or a web ACL refuses it',
  MALFORMED_JSON: 'the body is not JSON',
  MALFORMED_BODY: 'the body is not UTF-8, not gzip, or nested too deeply',
  MALFORMED_PARAMETER: 'a parameter or header is wrong',
  DUPLICATE_KEY: 'a key occurs twice, outside of the items',
  PROCESSES_MISSING: 'the body has no array `processes`',
  PROCESSES_EMPTY: '`processes` is empty',
  UNAUTHORIZED: 'the API key is missing or unknown',
  FORBIDDEN: 'the gateway refuses the request',
  PROCEDURE_FORBIDDEN: 'the API key does not allow the procedure',
  NOT_FOUND: 'there is no such path',
  PROCEDURE_NOT_FOUND: 'there is no such procedure',
  PROCESS_NOT_FOUND: 'there is no such process',
  JOB_NOT_FOUND: 'there is no such job',
  AMBIGUOUS_PRIMARY_KEY: 'several processes have this primary key: read it by id',
  IDEMPOTENCY_KEY_IN_USE: 'the first request with this key is still being accepted',
  JOB_FINISHED: 'the job has ended: there is nothing to cancel',
  JOB_IN_PROGRESS: 'the job is still in progress',
  NOTHING_TO_RETRY: 'no entry failed for a passing reason',
  TOO_MANY_PROCESSES: 'there are more items than a request may have',
  ANSWER_TOO_LARGE: 'the answer of a dry run, with all errors, would be too large',
  BODY_TOO_LARGE: 'the body is too large',
  UNSUPPORTED_MEDIA_TYPE: 'the content type is not JSON in UTF-8',
  UNSUPPORTED_ENCODING: 'the content encoding is neither gzip nor none',
  IDEMPOTENCY_KEY_REUSED: 'the key came with another request',
  TOO_MANY_REQUESTS: 'wait as long as `retry-after` says',
  INTERNAL_ERROR: 'the request failed on our side: send it again',
  QUEUE_UNAVAILABLE: 'nothing could be queued: send it again',
};

/** What the gateway may answer to any request, before or behind a function. */
export const GATEWAY_CODES: Record<number, RequestErrorCode[]> = {
  400: ['BAD_REQUEST'],
  401: ['UNAUTHORIZED'],
  403: ['FORBIDDEN', 'BAD_REQUEST'],
  413: ['BODY_TOO_LARGE'],
  429: ['TOO_MANY_REQUESTS'],
  // The path, the query and the headers are too large together.
  431: ['BAD_REQUEST'],
  500: ['INTERNAL_ERROR'],
  502: ['INTERNAL_ERROR'],
  504: ['INTERNAL_ERROR'],
};
