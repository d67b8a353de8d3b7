import * as v from 'valibot';
import type { RequestErrorCode } from '../../lambdas/contract/errors.ts';
import { idempotencyKeySchema } from '../../lambdas/contract/queries.ts';
import type { Scope } from '../../lambdas/contract/scopes.ts';
import EXAMPLES from './examples.json' with { type: 'json' };
import { type COMPONENTS, job, jobMeta } from './schemas.ts';

/** Headers of responses. */
export type HeaderName = keyof typeof HEADERS;

export const HEADERS = {
  'x-request-id': 'Id of the request. Include it in a report.',
  location: 'URL of the job, relative to the URL of the request.',
  'retry-after': 'Seconds after which to retry or to read again.',
  etag: 'Changes with the response. Send it as `If-None-Match`.',
  'idempotency-replayed': 'Whether the request was accepted before.',
  'preference-applied': 'The wait that was applied.',
  link: 'URL of the next page, if there is one, relative to the URL of the request.',
  vary: 'The header that selects the format of the response.',
  'www-authenticate': 'How to authenticate.',
} as const;

interface Answer {
  description: string;
  /** Schema of `_data`. Undefined for a response without a body. */
  data?: v.GenericSchema;
  meta?: v.GenericSchema;
  example?: object;
  /** Formats of the response beside the envelope, by media type. */
  otherForms?: Record<string, { schema: object; example: string }>;
  /** Headers of every response. */
  headers?: readonly HeaderName[];
  /** Headers of some responses. */
  optionalHeaders?: readonly HeaderName[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  schema: v.GenericSchema;
  /** Whether the schema describes the value of the text, rather than the text. */
  isConverted?: boolean;
  example?: string | number;
}

/** An example of each body, by the name of its schema. */
export const REQUEST_EXAMPLES = {
  UpdateRequest: EXAMPLES.updateRequest,
  CreateRequest: EXAMPLES.createRequest,
  FileJobRequest: EXAMPLES.fileJobRequest,
  UploadCompleteRequest: EXAMPLES.uploadCompleteRequest,
} satisfies Partial<Record<keyof typeof COMPONENTS, unknown>>;

export interface Operation {
  id: string;
  tag: 'Updates' | 'File jobs' | 'Jobs' | 'Processes and procedures' | 'API keys';
  summary: string;
  description?: string;
  /** The least scope of a key that may use it. */
  scope: Scope;
  /** A higher scope, and when a request needs it. */
  higherScope?: { scope: Scope; when: string };
  parameters: readonly Parameter[];
  /** What its body is. */
  request?: keyof typeof REQUEST_EXAMPLES;
  answers: Record<number, Answer>;
  /** Errors beside those of the gateway and of an invalid parameter. */
  errors: readonly RequestErrorCode[];
}

export const inPath = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'path',
  description,
  schema: v.string(),
  example,
});

export const JOB_ID = inPath('id', 'Id of the job.', EXAMPLES.job._data.id);
export const PROCEDURE = inPath('procedure', 'Short id or id of the procedure.', 'lead');

export const limitOf = ({ limit }: { limit: v.GenericSchema }): Parameter => ({
  name: 'limit',
  in: 'query',
  description: 'Maximum number on a page. A page may have fewer, even if there is a next one.',
  schema: limit,
  isConverted: true,
});

export const cursorOf = ({ cursor }: { cursor: v.GenericSchema }): Parameter => ({
  name: 'cursor',
  in: 'query',
  description: 'The cursor in `_meta.next` of the previous page. Omit it for the first page.',
  schema: cursor,
});

export const JOB = { data: job, meta: jobMeta, headers: ['etag'], optionalHeaders: ['retry-after'] } as const;
export const JOB_ERRORS = ['JOB_NOT_FOUND', 'PROCEDURE_FORBIDDEN'] as const;
/** Errors of a request with a body to a path that takes none. */
export const BODY_ERRORS = [
  'MALFORMED_JSON',
  'MALFORMED_BODY',
  'UNKNOWN_MEMBER',
  'UNSUPPORTED_ENCODING',
] as const;

/** @param text - what the header does for the request */
export const idempotencyKey = (text: string): Parameter => ({
  name: 'idempotency-key',
  in: 'header',
  description: text,
  // No example: /docs would send it with every request, and the second one would be refused.
  schema: idempotencyKeySchema,
});

export const CONTENT_ENCODING: Parameter = {
  name: 'content-encoding',
  in: 'header',
  description: 'Compression of the body.',
  schema: v.picklist(['gzip', 'x-gzip', 'identity']),
};
