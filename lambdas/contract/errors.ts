/**
 * The one catalogue of error codes. A code never changes its meaning; messages may be reworded.
 *
 * Request codes refuse the whole request with the HTTP status given. Entry codes concern one entry of a
 * request: `INVALID` entries were never processed, `ERROR` entries were processed and failed.
 */
export const REQUEST_ERRORS = {
  BAD_REQUEST: 400,
  MALFORMED_JSON: 400,
  MALFORMED_BODY: 400,
  MALFORMED_PARAMETER: 400,
  DUPLICATE_KEY: 400,
  PROCESSES_MISSING: 400,
  PROCESSES_EMPTY: 400,
  UNKNOWN_MEMBER: 400,
  INVALID_OPTION: 400,
  INVALID_UPLOAD: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  PROCEDURE_FORBIDDEN: 403,
  SCOPE_MISSING: 403,
  NOT_FOUND: 404,
  PROCEDURE_NOT_FOUND: 404,
  PROCESS_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  AMBIGUOUS_PRIMARY_KEY: 409,
  JOB_FINISHED: 409,
  JOB_IN_PROGRESS: 409,
  NOTHING_TO_RETRY: 409,
  JOB_NOT_ENDED: 409,
  NOTHING_TO_UNDO: 409,
  JOB_UNDONE: 409,
  JOB_NOT_PLANNED: 409,
  JOB_WITHOUT_FILE: 409,
  JOB_NOT_AWAITING_UPLOAD: 409,
  ETAG_MISMATCH: 412,
  TOO_MANY_PROCESSES: 413,
  ANSWER_TOO_LARGE: 413,
  PLAN_TOO_LARGE: 413,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNSUPPORTED_ENCODING: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  INVALID_ITEMS: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_ERROR: 500,
  QUEUE_UNAVAILABLE: 503,
  // It passes: a client that sends again what met 5xx does the right thing.
  IDEMPOTENCY_KEY_IN_USE: 503,
} as const;

/** Why an entry is `INVALID`: found by validation, before anything is queued. */
export const INVALID_CODES = [
  'INVALID_ITEM',
  'IDENTIFIER_MISSING',
  'INVALID_IDENTIFIER',
  'UNKNOWN_FIELD',
  'UNKNOWN_ATTRIBUTE',
  'INVALID_VALUE',
  'NUMBER_NOT_EXACT',
  'DUPLICATE_KEY',
  'PRIMARY_KEY_IMMUTABLE',
  'UPDATE_MISSING',
  'REQUIRED_MISSING',
  'WRAPPED_AND_FLAT',
  'UPDATE_TOO_LARGE',
  'TOO_MANY_ERRORS',
] as const;

/** Why an entry is `ERROR`: found while it was processed. Each message says what to do. */
export const ENTRY_ERROR_MESSAGES = {
  PROCESS_NOT_FOUND:
    'No process with this identifier exists in this procedure. Check the identifier, or let the request create what is missing: "options": { "onMissing": "create" }.',
  PROCESS_DELETED:
    'The process is deleted, and a bulk update does not restore it. Restore or recreate it first.',
  PRECONDITION_FAILED:
    'The process was not as "expect" or the plan says when the update was processed, so nothing of the update was applied. Look at the process, and send the update with what you expect now, or plan it again.',
  STATE_NOT_ALLOWED:
    'The state may not follow the one that the process has, so nothing of the update was applied. Look at the transitions of the procedure and at the process, and send a state that may follow.',
  AMBIGUOUS_PRIMARY_KEY:
    'Several processes have this primary key, so none was updated. Name the process by its id instead.',
  PRIMARY_KEY_MISMATCH:
    'The process found by id has another primary key than the one given. Correct either, or send only one.',
  PRIMARY_KEY_IMMUTABLE:
    'The process found by id has another primary key than "data" names, and a primary key never changes. Leave it out of "data".',
  PROCESS_TOO_LARGE:
    'With this update the process would exceed the 400 KB that a stored process may have. Shorten or clear some attributes.',
  PROCESS_NOT_WRITABLE:
    'The stored process has a form that updates cannot be written to, so nothing of the update was applied. Ask the operator to correct the process (npm run check-processes names what is wrong), and send the update again.',
  NOT_REVERSIBLE:
    'What the process had before was not recorded, so nothing of this entry was undone. Look at the process, and send what it is to have as a new update.',
  PROCESS_EXISTS:
    'Another process has this primary key, so none is created or restored. Look at it, and send what it is to have as an update.',
  REQUIRED_MISSING:
    'No process has this primary key, and one cannot be created without an attribute that the procedure requires. Add the attribute, and send the item again.',
  PROCESSING_FAILED:
    'Processing failed at every attempt; the update is kept in the dead-letter queue. Send it again, or ask the operator to redrive the queue.',
  NOT_QUEUED: 'The update could not be queued and was not processed. Send it again.',
} as const;

export type RequestErrorCode = keyof typeof REQUEST_ERRORS;
export type InvalidCode = (typeof INVALID_CODES)[number];
export type EntryErrorCode = keyof typeof ENTRY_ERROR_MESSAGES;

/** Errors after which the same update, sent again as it is, may well succeed. */
export const RETRYABLE_CODES: readonly EntryErrorCode[] = ['PROCESSING_FAILED', 'NOT_QUEUED'];
export type ErrorCode = RequestErrorCode | InvalidCode | EntryErrorCode;

/** One element of `_errors`; `pointer` is an RFC 6901 JSON pointer into the request body. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  pointer?: string;
}
