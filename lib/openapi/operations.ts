import * as v from 'valibot';
import type { RequestErrorCode } from '../../lambdas/contract/errors.ts';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import { entriesQuery, jobsQuery, undoQuery, updateQuery } from '../../lambdas/contract/queries.ts';
import { ENTRY_STATUSES, JOB_STATUSES, OUTCOMES } from '../../lambdas/contract/statuses.ts';
import EXAMPLES from './examples.json' with { type: 'json' };
import { FILE_JOB_OPERATIONS } from './file-job-operations.ts';
import {
  BODY_ERRORS,
  CONTENT_ENCODING,
  cursorOf,
  idempotencyKey,
  inPath,
  JOB,
  JOB_ERRORS,
  JOB_ID,
  limitOf,
  type Operation,
  type Parameter,
  PROCEDURE,
} from './operation.ts';
import type { RouteName } from './routes.ts';
import {
  acknowledgmentMeta,
  apiKey,
  dryRunEntry,
  dryRunMeta,
  entriesMeta,
  entry,
  job,
  jobsMeta,
  listedJob,
  nothing,
  procedure,
  procedureSummary,
  proceduresMeta,
  process,
} from './schemas.ts';

const ACKNOWLEDGMENT = {
  data: job,
  meta: acknowledgmentMeta,
  headers: ['location'],
  optionalHeaders: ['retry-after'],
} as const;

const IF_MATCH: Parameter = {
  name: 'if-match',
  in: 'header',
  description: 'The `etag` of the plan that is to be approved.',
  schema: v.string(),
};

const PROCESS = { description: 'The process.', data: process, meta: nothing, example: EXAMPLES.process };

/** What a request has in common that updates or creates processes. */
const REQUEST_PARAMETERS: readonly Parameter[] = [
  PROCEDURE,
  {
    name: 'dryRun',
    in: 'query',
    description:
      'Checks the items and their processes as the real request does, but queues and writes nothing.',
    schema: updateQuery.entries.dryRun,
  },
  idempotencyKey(
    'Makes a retry safe: the same request, byte for byte, with the same key within 24 hours returns the first job. Only the options `name` and `source` may differ.',
  ),
  CONTENT_ENCODING,
];

const REQUEST_ANSWERS: Operation['answers'] = {
  200: {
    description: 'What would happen to each item, for `dryRun=true`.',
    data: v.strictObject({ entries: v.array(dryRunEntry) }),
    meta: dryRunMeta,
    example: EXAMPLES.dryRun,
  },
  202: {
    ...ACKNOWLEDGMENT,
    description: 'Accepted. The job, and the number of entries that are queued or wait for their release.',
    optionalHeaders: ['retry-after', 'etag', 'idempotency-replayed'],
    example: EXAMPLES.acknowledgment,
  },
};

const REQUEST_ERRORS: readonly RequestErrorCode[] = [
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
  'PLAN_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNSUPPORTED_ENCODING',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_ITEMS',
  'QUEUE_UNAVAILABLE',
];

/** Parameters and responses of each route. */
export const OPERATIONS: Record<RouteName, Operation> = {
  'PATCH /v1/ext/procedure/{procedure}/process': {
    id: 'updateProcesses',
    tag: 'Updates',
    scope: 'plan',
    higherScope: { scope: 'write', when: 'unless it is a dry run or a plan' },
    summary: `Update 1 to ${MAX_ENTRIES.toLocaleString('en')} processes`,
    description:
      'An invalid item does not fail the request, unless the option `onInvalid` is `reject`. It becomes an `INVALID` entry with all of its errors, and the other items are processed.',
    parameters: REQUEST_PARAMETERS,
    request: 'UpdateRequest',
    answers: REQUEST_ANSWERS,
    errors: REQUEST_ERRORS,
  },

  'POST /v1/ext/procedure/{procedure}/process/bulk-create': {
    id: 'createProcesses',
    tag: 'Updates',
    scope: 'plan',
    higherScope: { scope: 'write', when: 'unless it is a dry run or a plan' },
    summary: `Create 1 to ${MAX_ENTRIES.toLocaleString('en')} processes`,
    description:
      'One primary key becomes one process, whatever is sent or delivered twice. An item whose primary key exists ends as `PROCESS_EXISTS`. In all else it is a request as `updateProcesses`, which can also create what is missing (`onMissing`).',
    parameters: REQUEST_PARAMETERS,
    request: 'CreateRequest',
    answers: REQUEST_ANSWERS,
    errors: REQUEST_ERRORS,
  },

  ...FILE_JOB_OPERATIONS,

  'GET /v1/ext/background-job/{id}': {
    id: 'readJob',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Read a job with its counts',
    parameters: [
      JOB_ID,
      {
        name: 'if-none-match',
        in: 'header',
        description: 'The `etag` of the last response.',
        schema: v.string(),
      },
      {
        name: 'prefer',
        in: 'header',
        description:
          '`wait=20` (RFC 7240) delays the response until the job has ended, for at most 20 seconds. ' +
          'While too many requests wait, the response is immediate and has no `preference-applied`.',
        schema: v.string(),
        example: 'wait=20',
      },
    ],
    answers: {
      200: {
        ...JOB,
        description: 'The job, with `retry-after` while it is in progress.',
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
    scope: 'read',
    summary: 'List the result of each item',
    description:
      'In the order of submission. The header Accept selects JSON, or JSON lines or CSV with each item as it was sent.',
    parameters: [
      JOB_ID,
      {
        name: 'completionStatus',
        in: 'query',
        description: `Only entries with this status: ${ENTRY_STATUSES.join(', ')}.`,
        schema: entriesQuery.entries.completionStatus,
      },
      {
        name: 'outcome',
        in: 'query',
        description: `Only entries with this outcome: ${OUTCOMES.join(', ')}.`,
        schema: entriesQuery.entries.outcome,
      },
      {
        name: 'identifier',
        in: 'query',
        description:
          'Only entries that name their process so: its id or its primary key, as text. Not of a file job.',
        schema: entriesQuery.entries.identifier,
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
                'A table with a header (RFC 4180). An apostrophe precedes what a spreadsheet would run as a formula.',
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
    scope: 'plan',
    higherScope: { scope: 'write', when: 'unless the job is a plan' },
    summary: 'Cancel the updates that are not applied yet, or discard a plan',
    description: 'The job ends as `CANCELLED` once the result of each entry is known, a plan at once.',
    parameters: [JOB_ID],
    answers: {
      200: { ...JOB, description: 'The job, which is being cancelled.', example: EXAMPLES.cancelled },
    },
    errors: [...JOB_ERRORS, ...BODY_ERRORS, 'JOB_FINISHED'],
  },

  'POST /v1/ext/background-job/{id}/approve': {
    id: 'approvePlan',
    tag: 'Jobs',
    scope: 'write',
    summary: 'Approve a plan',
    description:
      'The updates of the plan are accepted at this moment, and applied where the fields still have what they had when it was planned. An entry of which a field has changed since ends as `PRECONDITION_FAILED`; what was planned to fail fails. To approve it again is the same as once. With `If-Match`, a plan that is not the one of that `etag` is not approved. `…/cancel` discards a plan.',
    parameters: [JOB_ID, IF_MATCH],
    answers: {
      202: {
        ...ACKNOWLEDGMENT,
        description: 'Approved. The job as it is now: in progress, or ended if it was approved before.',
      },
    },
    errors: [...JOB_ERRORS, ...BODY_ERRORS, 'JOB_NOT_PLANNED', 'ETAG_MISMATCH'],
  },

  'POST /v1/ext/background-job/{id}/undo': {
    id: 'undoJob',
    tag: 'Jobs',
    scope: 'plan',
    higherScope: { scope: 'write', when: 'unless it is a dry run' },
    summary: 'Undo a job',
    description:
      'Gives each field back the value that it would have without the job, unless something newer has set it. The undo is a job of its own, with an entry for each entry that had succeeded: `REVERTED`, `KEPT` if all of its fields stay, or `UNCHANGED` if nothing had been changed. An undo can be undone, too. To undo a job again is the same as once, unless its undo was cancelled or undone.',
    parameters: [
      JOB_ID,
      {
        name: 'dryRun',
        in: 'query',
        description: 'Shows what would be given back and what would stay, and writes nothing.',
        schema: undoQuery.entries.dryRun,
      },
    ],
    answers: {
      200: {
        description: 'What would happen to each entry, for `dryRun=true`.',
        data: v.strictObject({ entries: v.array(dryRunEntry) }),
        meta: dryRunMeta,
        example: EXAMPLES.undoDryRun,
      },
      202: {
        ...ACKNOWLEDGMENT,
        optionalHeaders: ['retry-after', 'idempotency-replayed'],
        description: 'Accepted. A new job, with the undone one in `undoes`.',
        example: EXAMPLES.undo,
      },
    },
    errors: [
      ...JOB_ERRORS,
      ...BODY_ERRORS,
      'MALFORMED_PARAMETER',
      'JOB_NOT_ENDED',
      'NOTHING_TO_UNDO',
      'ANSWER_TOO_LARGE',
    ],
  },

  'POST /v1/ext/background-job/{id}/retry': {
    id: 'retryJob',
    tag: 'Jobs',
    scope: 'write',
    summary: 'Retry the entries that failed for a transient reason',
    description:
      'The entries keep their place in the order of acceptance, so they do not overwrite newer values.',
    parameters: [JOB_ID],
    answers: {
      202: {
        ...ACKNOWLEDGMENT,
        description: 'Accepted. A new job, with the old one in `parent`.',
      },
    },
    errors: [
      ...JOB_ERRORS,
      ...BODY_ERRORS,
      'PROCEDURE_NOT_FOUND',
      'JOB_IN_PROGRESS',
      'NOTHING_TO_RETRY',
      'JOB_UNDONE',
      'QUEUE_UNAVAILABLE',
    ],
  },

  'GET /v1/ext/background-job': {
    id: 'listJobs',
    tag: 'Jobs',
    scope: 'read',
    summary: 'List the jobs of the team, newest first',
    description:
      'With filters, a page looks at 1,000 jobs at most. It may have few jobs or none, and still a next page.',
    parameters: [
      {
        name: 'completionStatus',
        in: 'query',
        description: `Only jobs with this status: ${JOB_STATUSES.join(', ')}.`,
        schema: jobsQuery.entries.completionStatus,
      },
      {
        name: 'procedure',
        in: 'query',
        description: 'Only jobs of this procedure, by its short id.',
        schema: jobsQuery.entries.procedure,
      },
      {
        name: 'name',
        in: 'query',
        description: 'Only jobs whose name contains this text, regardless of case.',
        schema: jobsQuery.entries.name,
      },
      limitOf(jobsQuery.entries),
      cursorOf(jobsQuery.entries),
    ],
    answers: {
      200: {
        description: 'A page of jobs of the procedures that the key allows.',
        data: v.array(listedJob),
        meta: jobsMeta,
        example: EXAMPLES.jobs,
      },
    },
    errors: [],
  },

  'GET /v1/ext/procedure/{procedure}/process/{identifier}': {
    id: 'readProcess',
    tag: 'Processes and procedures',
    scope: 'read',
    summary: 'Read a process by its id',
    parameters: [PROCEDURE, inPath('identifier', 'Id of the process.', 'LEAD-001')],
    answers: { 200: PROCESS },
    errors: ['PROCEDURE_FORBIDDEN', 'PROCEDURE_NOT_FOUND', 'PROCESS_NOT_FOUND'],
  },

  'GET /v1/ext/procedure/{procedure}/process/{identifier}/{value}': {
    id: 'readProcessByPrimaryKey',
    tag: 'Processes and procedures',
    scope: 'read',
    summary: 'Read a process by its primary key',
    parameters: [
      PROCEDURE,
      inPath('identifier', 'Short id of the primary key.', 'lead_id'),
      inPath('value', 'Value of the primary key.', 'LEAD-910'),
    ],
    answers: { 200: PROCESS },
    errors: ['PROCEDURE_FORBIDDEN', 'PROCEDURE_NOT_FOUND', 'PROCESS_NOT_FOUND', 'AMBIGUOUS_PRIMARY_KEY'],
  },

  'GET /v1/ext/procedure/{procedure}': {
    id: 'readProcedure',
    tag: 'Processes and procedures',
    scope: 'read',
    summary: 'Read a procedure: its primary key, states and attributes',
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

  'GET /v1/ext/procedure': {
    id: 'listProcedures',
    tag: 'Processes and procedures',
    scope: 'read',
    summary: 'List the procedures that the API key allows',
    description:
      'Sorted by short id, without pages. A list holds the first 5,000 of a team, or those in the first 20 MB.',
    parameters: [],
    answers: {
      200: {
        description: 'The procedures.',
        data: v.array(procedureSummary),
        meta: proceduresMeta,
        example: EXAMPLES.procedures,
      },
    },
    errors: [],
  },

  'GET /v1/ext/api-key': {
    id: 'readApiKey',
    tag: 'API keys',
    scope: 'read',
    summary: 'Read what the API key of the request allows',
    parameters: [],
    answers: {
      200: { description: 'The API key.', data: apiKey, meta: nothing, example: EXAMPLES.apiKey },
    },
    errors: [],
  },
};
