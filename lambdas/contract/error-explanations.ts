import type { InvalidCode, RequestErrorCode } from './errors.ts';

export interface Explanation {
  /** Why the code occurs. A clause, so that it can be part of a table or a sentence. */
  cause: string;
  /** What to do, in the imperative. */
  fix: string;
}

/** Explains each code with which a request is refused. */
export const REQUEST_EXPLANATIONS: Record<RequestErrorCode, Explanation> = {
  BAD_REQUEST: {
    cause: 'the gateway cannot read the request, its path and headers are too large, or a web ACL refuses it',
    fix: 'check its path, headers and body',
  },
  MALFORMED_JSON: {
    cause: 'the body is not JSON',
    fix: 'send `{ "processes": [ … ] }`, or no body if the path takes none',
  },
  MALFORMED_BODY: {
    cause: 'the body is not UTF-8, not gzip, or nested too deeply',
    fix: 'encode it as UTF-8, compress it as `content-encoding` says, and nest it less',
  },
  MALFORMED_PARAMETER: {
    cause: 'a path parameter, query parameter or header is invalid, or a parameter is unknown',
    fix: 'correct each one that the message names; it lists the valid values',
  },
  DUPLICATE_KEY: { cause: 'a key outside the items occurs twice', fix: 'send it once' },
  PROCESSES_MISSING: { cause: 'the body has no array `processes`', fix: 'put the items into `processes`' },
  PROCESSES_EMPTY: { cause: '`processes` is empty', fix: 'send 1 to 10,000 items' },
  UNKNOWN_MEMBER: {
    cause: 'a member of the body is unknown',
    fix: 'correct or omit it; the message names the known members or the nearest one',
  },
  INVALID_OPTION: {
    cause: 'an option is unknown, or its value is not one that it takes',
    fix: 'correct or omit it; `pointer` says where',
  },
  INVALID_UPLOAD: {
    cause: 'what a file job is told of its file is wrong or missing, or its parts do not make up the file',
    fix: 'correct it; `pointer` says where',
  },
  UNAUTHORIZED: {
    cause: 'the API key is missing, unknown, expired or revoked',
    fix: 'send `Authorization: Bearer <api key>`, or ask the operator for another key',
  },
  FORBIDDEN: { cause: 'the gateway refuses the request', fix: 'ask the operator' },
  PROCEDURE_FORBIDDEN: {
    cause: 'the API key does not allow the procedure',
    fix: 'use a key that does, or ask the operator for one',
  },
  SCOPE_MISSING: {
    cause: 'the API key has not the scope that the request needs',
    fix: 'use a key with the scope that the message names, or ask the operator for one',
  },
  NOT_FOUND: {
    cause: 'the path does not exist, or ends with a slash',
    fix: 'compare it with `/docs`',
  },
  METHOD_NOT_ALLOWED: {
    cause: 'the path does not support this method',
    fix: 'use a method of the header `allow`',
  },
  PROCEDURE_NOT_FOUND: {
    cause: 'your team has no such procedure',
    fix: 'check its short id or id',
  },
  PROCESS_NOT_FOUND: {
    cause: 'the process does not exist or is deleted',
    fix: 'check the identifier and the procedure',
  },
  JOB_NOT_FOUND: { cause: 'the job does not exist, or is older than 30 days', fix: 'check its id' },
  AMBIGUOUS_PRIMARY_KEY: {
    cause: 'several processes have this primary key',
    fix: 'read the process by its id, and correct the primary keys',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    cause: 'the first request with this key is in progress',
    fix: 'retry after the seconds in `retry-after`',
  },
  JOB_FINISHED: { cause: 'the job has ended, so nothing can be cancelled', fix: 'read its entries' },
  JOB_IN_PROGRESS: { cause: 'the job is still in progress', fix: 'wait until it has ended' },
  NOTHING_TO_RETRY: {
    cause: 'no entry of the job is retryable',
    fix: 'correct the failed items and send them as a new request',
  },
  JOB_NOT_ENDED: { cause: 'the job is still in progress', fix: 'wait until it has ended, or cancel it' },
  NOTHING_TO_UNDO: { cause: 'no entry of the job has succeeded', fix: 'read its entries' },
  JOB_UNDONE: {
    cause: 'the job is undone, so its failed entries are not sent again',
    fix: 'send what is still to change as a new request',
  },
  TOO_MANY_PROCESSES: {
    cause: 'the request has too many items',
    fix: 'split it into requests of at most 10,000 items',
  },
  ANSWER_TOO_LARGE: {
    cause: 'the response of the dry run would be too large',
    fix: 'send fewer items in a request; a job is undone as a whole, so undo it without a dry run',
  },
  BODY_TOO_LARGE: { cause: 'the body is too large', fix: 'compress it with gzip, or split it' },
  UNSUPPORTED_MEDIA_TYPE: {
    cause: 'the content type is not JSON in UTF-8',
    fix: 'send `content-type: application/json`, and check the method if the path takes no body',
  },
  UNSUPPORTED_ENCODING: {
    cause: 'the content encoding is not supported',
    fix: 'compress with gzip, or omit `content-encoding`',
  },
  JOB_NOT_PLANNED: {
    cause: 'the job is not a plan, or was discarded, or has expired',
    fix: 'send the request again with `"plan": true`',
  },
  JOB_WITHOUT_FILE: {
    cause: 'the job is not from a file',
    fix: 'read its entries',
  },
  JOB_NOT_AWAITING_UPLOAD: {
    cause: 'the file was uploaded already, or the job was cancelled or has expired',
    fix: 'begin a new job for another file',
  },
  ETAG_MISMATCH: {
    cause: 'the plan is not the one that `If-Match` names',
    fix: 'read the job again, look at its plan, and approve it with the `etag` of that response',
  },
  PLAN_TOO_LARGE: {
    cause: 'what changes in the plan, before and after, exceeds 20 MiB',
    fix: 'send fewer items at a time',
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: 'the idempotency key was used for another request',
    fix: 'use a new key for each new request',
  },
  INVALID_ITEMS: {
    cause: 'items are invalid, and the option `onInvalid` is `reject`',
    fix: 'correct the items that the other errors name and send the request again; nothing was accepted',
  },
  TOO_MANY_REQUESTS: {
    cause: 'there were too many requests, with this API key or in total',
    fix: 'retry after the seconds in `retry-after`',
  },
  INTERNAL_ERROR: {
    cause: 'the API failed',
    fix: 'retry it, a PATCH with the same `Idempotency-Key`; if that fails, report the `x-request-id`',
  },
  QUEUE_UNAVAILABLE: {
    cause: 'the queue confirmed none of the updates, though some may still be applied',
    fix: 'retry it with the same `Idempotency-Key`: an update that is applied twice changes nothing',
  },
};

/** Explains each code of an invalid item. The message of an error is specific to its item. */
export const INVALID_EXPLANATIONS: Record<InvalidCode, Explanation> = {
  INVALID_ITEM: {
    cause: 'the item is not an object',
    fix: 'send an object with an identifier and an update',
  },
  IDENTIFIER_MISSING: {
    cause: 'the item does not identify a process',
    fix: "add `id` or the procedure's primary key",
  },
  INVALID_IDENTIFIER: {
    cause: 'the identifier is empty, too long or of a wrong type',
    fix: 'send text, or a number for a primary key',
  },
  UNKNOWN_FIELD: {
    cause: 'a field of the item or the update is unknown',
    fix: 'correct, move or omit it; the message names a similar field, or where the name belongs',
  },
  UNKNOWN_ATTRIBUTE: {
    cause: 'the procedure has no such attribute',
    fix: 'correct or omit it; the message names a similar attribute, if there is one',
  },
  INVALID_VALUE: {
    cause: 'a value has a wrong type, or is not one of those that the procedure lists',
    fix: 'send a value that the message names',
  },
  NUMBER_NOT_EXACT: {
    cause: 'a number has more digits than can be stored',
    fix: 'round it, or use a text attribute',
  },
  DUPLICATE_KEY: { cause: 'a key of the item occurs twice', fix: 'send it once' },
  PRIMARY_KEY_IMMUTABLE: {
    cause: '`data` would change the primary key',
    fix: 'omit it from `data`',
  },
  UPDATE_MISSING: { cause: 'the item changes nothing', fix: 'send at least one field' },
  REQUIRED_MISSING: {
    cause: 'the item is to create a process, and lacks an attribute that the procedure requires',
    fix: 'add the attribute to `data`',
  },
  WRAPPED_AND_FLAT: {
    cause: 'fields are beside `update`',
    fix: 'move them into `update`, or omit `update`',
  },
  UPDATE_TOO_LARGE: { cause: 'the item is larger than 320 KB', fix: 'shorten or split it' },
  TOO_MANY_ERRORS: {
    cause: 'the item has more errors than are listed',
    fix: 'correct the listed ones and send the item again',
  },
};
