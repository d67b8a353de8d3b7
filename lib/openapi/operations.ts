import * as v from 'valibot';
import type { RequestErrorCode } from '../../lambdas/contract/errors.ts';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import {
  entriesQuery,
  idempotencyKeySchema,
  jobsQuery,
  updateQuery,
} from '../../lambdas/contract/queries.ts';
import { ENTRY_STATUSES } from '../../lambdas/contract/statuses.ts';
import EXAMPLES from './examples.json' with { type: 'json' };
import type { RouteName } from './routes.ts';
import {
  acknowledgmentMeta,
  dryRunMeta,
  entriesMeta,
  entry,
  job,
  jobMeta,
  jobsMeta,
  nothing,
  procedure,
  process,
} from './schemas.ts';

/** Headers of answers, by the names that `HEADERS` describes. */
export type HeaderName = keyof typeof HEADERS;

export const HEADERS = {
  'x-request-id': 'Names the request, for reports.',
  location: 'The job, relative to the URL of the request.',
  'retry-after': 'The seconds after which looking or sending again makes sense.',
  etag: 'Changes with the response: send it as `If-None-Match`.',
  'idempotency-replayed': 'Whether the request had been accepted before.',
  'preference-applied': 'The wait that was granted.',
  link: 'The next page, if there is one, relative to the URL of the request.',
  vary: 'The header by which the form of the response is chosen.',
  'www-authenticate': 'How to authenticate.',
} as const;

interface Answer {
  description: string;
  /** Of the envelope; undefined of a response without a body. */
  data?: v.GenericSchema;
  meta?: v.GenericSchema;
  example?: object;
  /** Forms of the response beside the envelope, by media type. */
  otherForms?: Record<string, { schema: object; example: string }>;
  /** Always there. */
  headers?: readonly HeaderName[];
  /** There in some cases. */
  optionalHeaders?: readonly HeaderName[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  schema: v.GenericSchema;
  /** Whether the schema tells what the text stands for, rather than the text. */
  isConverted?: boolean;
  example?: string | number;
}

export interface Operation {
  id: string;
  tag: 'Updates' | 'Jobs' | 'Processes and procedures';
  summary: string;
  description?: string;
  parameters: readonly Parameter[];
  takesUpdates?: boolean;
  answers: Record<number, Answer>;
  /** Beside those of the gateway, and the one of a wrong parameter. */
  errors: readonly RequestErrorCode[];
}

const inPath = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'path',
  description,
  schema: v.string(),
  example,
});

const JOB_ID = inPath('id', 'The id of a job.', EXAMPLES.job._data.id);
const PROCEDURE = inPath('procedure', 'The short id or the id of a procedure.', 'lead');

const limitOf = ({ limit }: { limit: v.GenericSchema }): Parameter => ({
  name: 'limit',
  in: 'query',
  description: 'Maximum number of items on a page. A page may have fewer and still have a next one.',
  schema: limit,
  isConverted: true,
});

const cursorOf = ({ cursor }: { cursor: v.GenericSchema }): Parameter => ({
  name: 'cursor',
  in: 'query',
  description: 'The one of `_meta.next` in the page before; none for the first page.',
  schema: cursor,
});

const ACKNOWLEDGMENT = {
  data: job,
  meta: acknowledgmentMeta,
  headers: ['location', 'retry-after'],
} as const;

const JOB = { data: job, meta: jobMeta, headers: ['etag'], optionalHeaders: ['retry-after'] } as const;
const JOB_ERRORS = ['JOB_NOT_FOUND', 'PROCEDURE_FORBIDDEN'] as const;
/** Of a request that takes no body, and is sent one. */
const BODY_ERRORS = ['MALFORMED_JSON', 'MALFORMED_BODY', 'UNKNOWN_MEMBER', 'UNSUPPORTED_ENCODING'] as const;
const PROCESS = { description: 'The process.', data: process, meta: nothing, example: EXAMPLES.process };

/** What each route takes and answers. */
export const OPERATIONS: Record<RouteName, Operation> = {
  'PATCH /v1/ext/procedure/{procedure}/process': {
    id: 'updateProcesses',
    tag: 'Updates',
    summary: `Update 1 to ${MAX_ENTRIES.toLocaleString('en')} processes`,
    description:
      'A wrong item does not fail the request: it becomes an `INVALID` entry of the job, with all of its errors, and the others go on.',
    parameters: [
      PROCEDURE,
      {
        name: 'dryRun',
        in: 'query',
        description:
          'Checks the items and looks up their processes as the real request does, and queues and writes nothing.',
        schema: updateQuery.entries.dryRun,
      },
      {
        name: 'idempotency-key',
        in: 'header',
        description:
          'The same request, byte for byte, sent again with the same key within 24 hours is answered with the first job.',
        // Without an example: /docs would send it with every request, the second of which is refused.
        schema: idempotencyKeySchema,
      },
      {
        name: 'content-encoding',
        in: 'header',
        description: 'Whether the body is compressed.',
        schema: v.picklist(['gzip', 'x-gzip', 'identity']),
      },
    ],
    takesUpdates: true,
    answers: {
      200: {
        description: 'What would become of each item, by `dryRun=true`.',
        data: v.strictObject({ entries: v.array(entry) }),
        meta: dryRunMeta,
        example: EXAMPLES.dryRun,
      },
      202: {
        ...ACKNOWLEDGMENT,
        description: 'Accepted: the job, and how many of its entries are queued.',
        optionalHeaders: ['idempotency-replayed'],
        example: EXAMPLES.acknowledgment,
      },
    },
    errors: [
      'MALFORMED_JSON',
      'MALFORMED_BODY',
      'DUPLICATE_KEY',
      'PROCESSES_MISSING',
      'PROCESSES_EMPTY',
      'UNKNOWN_MEMBER',
      'INVALID_OPTION',
      'PROCEDURE_FORBIDDEN',
      'PROCEDURE_NOT_FOUND',
      'IDEMPOTENCY_KEY_IN_USE',
      'TOO_MANY_PROCESSES',
      'ANSWER_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'UNSUPPORTED_ENCODING',
      'IDEMPOTENCY_KEY_REUSED',
      'QUEUE_UNAVAILABLE',
    ],
  },

  'GET /v1/ext/background-job/{id}': {
    id: 'readJob',
    tag: 'Jobs',
    summary: 'A job with its counts',
    parameters: [
      JOB_ID,
      {
        name: 'if-none-match',
        in: 'header',
        description: 'The `etag` of the last answer.',
        schema: v.string(),
      },
      {
        name: 'prefer',
        in: 'header',
        description:
          'RFC 7240, `wait=20`: answers when the job has ended, or after that many seconds, 20 at most. ' +
          'Answers at once, without `preference-applied`, while too many others wait.',
        schema: v.string(),
        example: 'wait=20',
      },
    ],
    answers: {
      200: {
        ...JOB,
        description: 'The job; `retry-after` while it is in progress.',
        optionalHeaders: ['retry-after', 'preference-applied'],
        example: EXAMPLES.job,
      },
      304: {
        description: 'Nothing has changed.',
        headers: ['etag'],
        optionalHeaders: ['retry-after', 'preference-applied'],
      },
    },
    errors: JOB_ERRORS,
  },

  'GET /v1/ext/background-job/{id}/entries': {
    id: 'listEntries',
    tag: 'Jobs',
    summary: 'What became of each item',
    description:
      'In the order of submission; as JSON, or by the header Accept as JSON lines or CSV, with each item as it was sent.',
    parameters: [
      JOB_ID,
      {
        name: 'completionStatus',
        in: 'query',
        description: `Only entries with this status: ${ENTRY_STATUSES.join(', ')}.`,
        schema: entriesQuery.entries.completionStatus,
      },
      limitOf(entriesQuery.entries),
      cursorOf(entriesQuery.entries),
    ],
    answers: {
      200: {
        description: 'A page of entries.',
        data: v.array(entry),
        meta: entriesMeta,
        headers: ['vary'],
        optionalHeaders: ['link'],
        example: EXAMPLES.entries,
        otherForms: {
          'application/x-ndjson': {
            schema: {
              type: 'string',
              description: 'An entry with its item on each line.',
              contentMediaType: 'application/json',
              contentSchema: { $ref: '#/components/schemas/EntryLine' },
            },
            example: EXAMPLES.entryLines,
          },
          'text/csv': {
            schema: {
              type: 'string',
              description:
                'The same as a table with a head, RFC 4180; what a spreadsheet would take for a formula is led by an apostrophe.',
            },
            example: EXAMPLES.entryTable,
          },
        },
      },
    },
    errors: JOB_ERRORS,
  },

  'POST /v1/ext/background-job/{id}/cancel': {
    id: 'cancelJob',
    tag: 'Jobs',
    summary: 'Cancel what has not been applied',
    description: 'The job ends `CANCELLED` when it is certain which entries were still applied.',
    parameters: [JOB_ID],
    answers: { 200: { ...JOB, description: 'The job, being cancelled.', example: EXAMPLES.cancelled } },
    errors: [...JOB_ERRORS, ...BODY_ERRORS, 'JOB_FINISHED'],
  },

  'POST /v1/ext/background-job/{id}/retry': {
    id: 'retryJob',
    tag: 'Jobs',
    summary: 'Send again the failed entries that may succeed now',
    description: 'The entries keep their place in the order of acceptance: nothing newer is undone.',
    parameters: [JOB_ID],
    answers: {
      202: {
        ...ACKNOWLEDGMENT,
        description: 'Accepted: a new job, with the old one in `parent`.',
      },
    },
    errors: [
      ...JOB_ERRORS,
      ...BODY_ERRORS,
      'PROCEDURE_NOT_FOUND',
      'JOB_IN_PROGRESS',
      'NOTHING_TO_RETRY',
      'QUEUE_UNAVAILABLE',
    ],
  },

  'GET /v1/ext/background-job': {
    id: 'listJobs',
    tag: 'Jobs',
    summary: "The team's jobs, newest first",
    parameters: [limitOf(jobsQuery.entries), cursorOf(jobsQuery.entries)],
    answers: {
      200: {
        description: 'A page of jobs, of the procedures that the key allows.',
        data: v.array(job),
        meta: jobsMeta,
        example: EXAMPLES.jobs,
      },
    },
    errors: [],
  },

  'GET /v1/ext/procedure/{procedure}/process/{identifier}': {
    id: 'readProcess',
    tag: 'Processes and procedures',
    summary: 'A process by its id',
    parameters: [PROCEDURE, inPath('identifier', 'The id of a process.', 'LEAD-001')],
    answers: { 200: PROCESS },
    errors: ['PROCEDURE_FORBIDDEN', 'PROCEDURE_NOT_FOUND', 'PROCESS_NOT_FOUND'],
  },

  'GET /v1/ext/procedure/{procedure}/process/{identifier}/{value}': {
    id: 'readProcessByPrimaryKey',
    tag: 'Processes and procedures',
    summary: 'A process by its primary key',
    parameters: [
      PROCEDURE,
      inPath('identifier', "The short id of the procedure's primary key.", 'lead_id'),
      inPath('value', 'Its value.', 'LEAD-910'),
    ],
    answers: { 200: PROCESS },
    errors: ['PROCEDURE_FORBIDDEN', 'PROCEDURE_NOT_FOUND', 'PROCESS_NOT_FOUND', 'AMBIGUOUS_PRIMARY_KEY'],
  },

  'GET /v1/ext/procedure/{procedure}': {
    id: 'readProcedure',
    tag: 'Processes and procedures',
    summary: 'A procedure: its primary key, states and attributes',
    parameters: [PROCEDURE],
    answers: {
      200: {
        description: 'The procedure.',
        data: procedure,
        meta: nothing,
        example: EXAMPLES.procedure,
      },
    },
    errors: ['PROCEDURE_FORBIDDEN', 'PROCEDURE_NOT_FOUND'],
  },
};
