import type { InvalidCode, RequestErrorCode } from './errors.ts';

export interface Explanation {
  cause: string;
  remedy: string;
}

/** Why a request is refused with each code, and what its sender can do; the statuses are those of the catalogue. */
export const REQUEST_EXPLANATIONS: Record<RequestErrorCode, Explanation> = {
  BAD_REQUEST: {
    cause: 'the gateway cannot read the request, its path and headers are too large, or a web ACL refuses it',
    remedy: 'look at its path, headers and body',
  },
  MALFORMED_JSON: {
    cause: 'the body is not JSON',
    remedy: 'send `{ "processes": [ … ] }`, or none where none is needed',
  },
  MALFORMED_BODY: {
    cause: 'the body is not UTF-8, not gzip, or nested too deeply',
    remedy: 'encode it as UTF-8, compress it as its `content-encoding` says, and flatten it',
  },
  MALFORMED_PARAMETER: {
    cause: 'a parameter of the path or query or a header is wrong, or a parameter is not known',
    remedy: 'the message names each, with the values that it takes',
  },
  DUPLICATE_KEY: { cause: 'a key occurs twice, outside of the items', remedy: 'send it once' },
  PROCESSES_MISSING: { cause: 'the body has no array `processes`', remedy: 'put the items into it' },
  PROCESSES_EMPTY: { cause: '`processes` is empty', remedy: 'send 1 to 10,000 items' },
  UNKNOWN_MEMBER: {
    cause: 'a member of the body is not known',
    remedy: 'the message names the nearest one; leave out what is not meant',
  },
  INVALID_OPTION: {
    cause: 'an option is not known, or `options` is not an object',
    remedy: 'leave it out',
  },
  UNAUTHORIZED: {
    cause: 'the API key is missing or unknown',
    remedy: 'send `Authorization: Bearer <api key>`; a key may have ended or been revoked',
  },
  FORBIDDEN: { cause: 'the gateway refuses the request', remedy: 'ask the operator' },
  PROCEDURE_FORBIDDEN: {
    cause: 'the API key does not allow the procedure',
    remedy: 'use another key, or have one made that does',
  },
  NOT_FOUND: { cause: 'there is no such path', remedy: 'compare it with `/docs`' },
  METHOD_NOT_ALLOWED: {
    cause: 'the path does not take this method',
    remedy: 'use one that the header `allow` names',
  },
  PROCEDURE_NOT_FOUND: {
    cause: 'there is no such procedure',
    remedy: "check its short id or id; another team's do not exist for you",
  },
  PROCESS_NOT_FOUND: {
    cause: 'there is no such process',
    remedy: 'check the identifier and the procedure; a deleted process is not shown',
  },
  JOB_NOT_FOUND: { cause: 'there is no such job', remedy: 'check its id; jobs are kept for 30 days' },
  AMBIGUOUS_PRIMARY_KEY: {
    cause: 'several processes have this primary key',
    remedy: 'read it by id, and have the twins put right',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    cause: 'the first request with this key is still being accepted',
    remedy: 'send it again after `retry-after`',
  },
  JOB_FINISHED: { cause: 'the job has ended: there is nothing to cancel', remedy: 'read its entries' },
  JOB_IN_PROGRESS: { cause: 'the job is still in progress', remedy: 'retry it when it has ended' },
  NOTHING_TO_RETRY: {
    cause: 'no entry failed for a passing reason',
    remedy: 'correct the failed items and send them as a new request',
  },
  TOO_MANY_PROCESSES: {
    cause: 'there are more items than a request may have',
    remedy: 'split it into requests of at most 10,000',
  },
  ANSWER_TOO_LARGE: {
    cause: 'the answer of a dry run, with all errors, would be too large',
    remedy: 'send fewer items at a time',
  },
  BODY_TOO_LARGE: { cause: 'the body is too large', remedy: 'compress it with gzip, or split it' },
  UNSUPPORTED_MEDIA_TYPE: {
    cause: 'the content type is not JSON in UTF-8',
    remedy: 'send `content-type: application/json`; if the path takes no body, look at the method',
  },
  UNSUPPORTED_ENCODING: {
    cause: 'the content encoding is neither gzip nor none',
    remedy: 'send gzip, or leave it out',
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: 'the key came with another request',
    remedy: 'send each new request with a new key',
  },
  TOO_MANY_REQUESTS: {
    cause: 'there were too many requests, of all clients or with this key',
    remedy: 'wait as long as `retry-after` says',
  },
  INTERNAL_ERROR: {
    cause: 'the request failed on our side',
    remedy:
      'send it again, a PATCH with the same `Idempotency-Key`; if that fails, report the `x-request-id`',
  },
  QUEUE_UNAVAILABLE: {
    cause: 'the queue confirmed none of the updates; some may be applied all the same, within seconds',
    remedy: 'send it again with the same `Idempotency-Key`: applying an update twice changes nothing',
  },
};

/** Why an item is not valid, and what its sender can do. The message of the error tells it of the item at hand. */
export const INVALID_EXPLANATIONS: Record<InvalidCode, Explanation> = {
  INVALID_ITEM: { cause: 'the item is no object', remedy: 'send an identifier and an update' },
  IDENTIFIER_MISSING: {
    cause: 'the item names no process',
    remedy: "add `id` or the procedure's primary key",
  },
  INVALID_IDENTIFIER: {
    cause: 'the identifier is empty, too long or of a wrong type',
    remedy: 'send a text, or for a primary key a number',
  },
  UNKNOWN_FIELD: {
    cause: 'a field of the item or of the update is not known',
    remedy: 'the message names the nearest one, or says where the name belongs',
  },
  UNKNOWN_ATTRIBUTE: {
    cause: 'the procedure has no such attribute',
    remedy: 'the message names the nearest one',
  },
  INVALID_VALUE: {
    cause: 'a value is not of its type, or not among those that the procedure lists',
    remedy: 'the message says which are',
  },
  NUMBER_NOT_EXACT: {
    cause: 'a number has more digits than can be kept',
    remedy: 'send it as text, where the attribute is a text',
  },
  DUPLICATE_KEY: { cause: 'a key of the item occurs twice', remedy: 'send it once' },
  PRIMARY_KEY_IMMUTABLE: {
    cause: '`data` would change the primary key',
    remedy: 'leave it out of `data`',
  },
  UPDATE_MISSING: { cause: 'the item changes nothing', remedy: 'name at least one field' },
  WRAPPED_AND_FLAT: {
    cause: 'fields stand beside `update`',
    remedy: 'put them into it, or leave it out',
  },
  UPDATE_TOO_LARGE: { cause: 'the item is larger than 320 KB', remedy: 'shorten or split it' },
  TOO_MANY_ERRORS: {
    cause: 'the item has more errors than are listed',
    remedy: 'correct those and send it again',
  },
};
