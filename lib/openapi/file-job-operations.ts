import { MAX_CHUNK_ROWS, MAX_PARTS } from '../../lambdas/contract/file-job.ts';
import { resultsQuery } from '../../lambdas/contract/queries.ts';
import EXAMPLES from './examples.json' with { type: 'json' };
import {
  BODY_ERRORS,
  CONTENT_ENCODING,
  cursorOf,
  idempotencyKey,
  JOB,
  JOB_ERRORS,
  JOB_ID,
  type Operation,
  PROCEDURE,
} from './operation.ts';
import { fileJob, fileResults, jobMeta, jobsMeta } from './schemas.ts';

const FILE_JOB_ERRORS = [...JOB_ERRORS, 'JOB_WITHOUT_FILE'] as const;
/** Errors of a request whose body tells of a file. */
const FILE_BODY_ERRORS = [...BODY_ERRORS, 'INVALID_UPLOAD', 'UNSUPPORTED_MEDIA_TYPE'] as const;

const ROWS = MAX_CHUNK_ROWS.toLocaleString('en');

/** Parameters and responses of the routes of file jobs. */
export const FILE_JOB_OPERATIONS = {
  'POST /v1/ext/procedure/{procedure}/process/file': {
    id: 'createFileJob',
    tag: 'File jobs',
    scope: 'write',
    summary: 'Begin a job whose items are the rows of a file',
    description: `For files that do not fit a request. PUT each part of the file to its URL, then send \`completeUpload\`. A file has at most ${MAX_PARTS} parts of 16 MiB. An upload that is not completed within 24 hours is removed, and its job ends as \`CANCELLED\`.`,
    parameters: [
      PROCEDURE,
      idempotencyKey(
        'Makes a retry safe: the same request, byte for byte, with the same key within 24 hours returns the first job, with new URLs while it waits for its file. Only the options `name` and `source` may differ.',
      ),
      CONTENT_ENCODING,
    ],
    request: 'FileJobRequest',
    answers: {
      201: {
        description:
          'The job, and where to put the parts of its file. A repeated request shows the job as it is now.',
        data: fileJob,
        meta: jobMeta,
        optionalHeaders: ['idempotency-replayed'],
        example: EXAMPLES.fileJob,
      },
    },
    errors: [
      ...FILE_BODY_ERRORS,
      'INVALID_OPTION',
      'PROCEDURE_FORBIDDEN',
      'PROCEDURE_NOT_FOUND',
      'IDEMPOTENCY_KEY_IN_USE',
      'IDEMPOTENCY_KEY_REUSED',
    ],
  },

  'GET /v1/ext/background-job/{id}/upload': {
    id: 'readUpload',
    tag: 'File jobs',
    scope: 'write',
    summary: 'Read where to put the parts of a file',
    description: 'The URLs are new each time. Parts that are uploaded already stay.',
    parameters: [JOB_ID],
    answers: {
      200: {
        description: 'The job, with new URLs.',
        data: fileJob,
        meta: jobMeta,
        example: EXAMPLES.fileJob,
      },
    },
    errors: [...FILE_JOB_ERRORS, 'JOB_NOT_AWAITING_UPLOAD'],
  },

  'POST /v1/ext/background-job/{id}/upload-complete': {
    id: 'completeUpload',
    tag: 'File jobs',
    scope: 'write',
    summary: 'Say that the file is uploaded, and start its job',
    description:
      'The rows are accepted at this moment, in their order. To send it again is the same as once.',
    parameters: [JOB_ID, CONTENT_ENCODING],
    request: 'UploadCompleteRequest',
    answers: {
      202: {
        ...JOB,
        description: 'The job, which is in progress; or as it is now, if it was started before.',
        example: EXAMPLES.uploadComplete,
      },
    },
    errors: [...FILE_JOB_ERRORS, ...FILE_BODY_ERRORS, 'JOB_NOT_AWAITING_UPLOAD'],
  },

  'GET /v1/ext/background-job/{id}/results': {
    id: 'listResultFiles',
    tag: 'File jobs',
    scope: 'read',
    summary: 'List the files with the result of each row',
    description: `Each row is in one of the files, which are in the order of the rows. A file has at most ${ROWS} rows, as they were uploaded, with \`_row\`, \`_line\` and the result. GET its URL without an API key.`,
    parameters: [JOB_ID, cursorOf(resultsQuery.entries)],
    answers: {
      200: {
        description: 'A page of files.',
        data: fileResults,
        meta: jobsMeta,
        example: EXAMPLES.fileResults,
      },
    },
    errors: [...FILE_JOB_ERRORS, 'JOB_NOT_ENDED'],
  },
} as const satisfies Record<string, Operation>;
