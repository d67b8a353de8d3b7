import * as v from 'valibot';
import { ENTRY_ERROR_MESSAGES, type ErrorCode, INVALID_CODES } from '../../lambdas/contract/errors.ts';
import {
  fileJobSchema,
  MAX_PARTS,
  PART_BYTES,
  uploadCompleteSchema,
} from '../../lambdas/contract/file-job.ts';
import { MAX_ENTRIES, MAX_ERRORS, MAX_IDENTIFIER_BYTES } from '../../lambdas/contract/limits.ts';
import {
  abortOnSchema,
  jobNameSchema,
  onInvalidSchema,
  onMissingSchema,
  optionsSchema,
  sourceSchema,
} from '../../lambdas/contract/options.ts';
import { procedureFileSchema } from '../../lambdas/contract/procedure-schema.ts';
import { SCOPES } from '../../lambdas/contract/scopes.ts';
import { ENTRY_STATUSES, JOB_STATUSES, OUTCOMES } from '../../lambdas/contract/statuses.ts';
import { FIELD_SCHEMAS } from '../../lambdas/contract/values.ts';

const described = <Schema extends v.GenericSchema>(description: string, schema: Schema) =>
  v.pipe(schema, v.description(description));

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = described('Epoch milliseconds; 0 for not yet.', count);
const anything = v.record(v.string(), v.unknown());
const identifier = described(
  `At most ${MAX_IDENTIFIER_BYTES} bytes in UTF-8.`,
  v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_IDENTIFIER_BYTES)),
);

/** One element of `_errors`, or of an entry's errors. */
export const errorOf = (codes: readonly ErrorCode[]) =>
  v.strictObject({
    code: v.picklist(codes),
    message: described('What is wrong, and what to do.', v.string()),
    pointer: v.exactOptional(described('Place in the request, if there is one (RFC 6901).', v.string())),
  });

/** The envelope of every JSON response. */
export const envelopeOf = (data: v.GenericSchema, meta: v.GenericSchema, errors: v.GenericSchema) =>
  v.strictObject({ _data: data, _meta: meta, _errors: errors });

export const noErrors = v.pipe(v.array(v.unknown()), v.maxLength(0));
export const nothing = v.strictObject({});

const entryError = errorOf([
  ...new Set([...INVALID_CODES, ...(Object.keys(ENTRY_ERROR_MESSAGES) as ErrorCode[])]),
]);

/** Fields of an update. `state` and `data` depend on the procedure. */
const fields = {
  data: v.exactOptional(described('Attributes with their values. Null clears an attribute.', anything)),
  state: v.exactOptional(described("One of the procedure's states.", v.string())),
  status: v.exactOptional(FIELD_SCHEMAS.status),
  assignedTo: v.exactOptional(FIELD_SCHEMAS.assignedTo),
  nextActionAt: v.exactOptional(described('Epoch milliseconds.', FIELD_SCHEMAS.nextActionAt)),
  isDeleted: v.exactOptional(FIELD_SCHEMAS.isDeleted),
};

const { isDeleted: _isDeleted, ...createdFields } = fields;

/** What an item may expect of its process. `null` is no value. */
const expected = v.exactOptional(
  described(
    'What the process must have for the update to be applied, as a whole or not at all. Null means no value.',
    v.strictObject({
      version: v.exactOptional(v.nullable(v.union([v.pipe(v.number(), v.integer()), v.string()]))),
      state: v.exactOptional(v.nullable(v.string())),
      status: v.exactOptional(v.nullable(FIELD_SCHEMAS.status)),
      assignedTo: v.exactOptional(FIELD_SCHEMAS.assignedTo),
      nextActionAt: v.exactOptional(FIELD_SCHEMAS.nextActionAt),
      data: v.exactOptional(described('At most 50 attributes with their values.', anything)),
    }),
  ),
);

const identity = { id: v.exactOptional(described('Id of the process.', identifier)) };
const primaryKey = described(
  'The primary key, under its short id, such as `lead_id`.',
  v.union([identifier, v.number()]),
);

const item = described(
  'Identifies the process by `id`, by its primary key, or by both. The update is in `update` or directly on the item.',
  v.union([
    v.objectWithRest({ ...identity, expect: expected, update: v.strictObject(fields) }, primaryKey),
    v.objectWithRest({ ...identity, expect: expected, ...fields }, primaryKey),
  ]),
);

/** Options of requests that update or create processes. */
const options = {
  name: v.exactOptional(described('What to call the job: 1 to 200 characters.', jobNameSchema)),
  source: v.exactOptional(
    described(
      'Where the items come from: the name of a file (1 to 255 characters), and one line number for each item.',
      v.strictObject(sourceSchema.entries),
    ),
  ),
  canary: described(
    'The first valid entries, which are applied before all others. The others follow if few enough of them fail: none, without `abortOn`. Else the job is stopped, and ends as `ABORTED`.',
    optionsSchema.entries.canary,
  ),
  abortOn: v.exactOptional(
    described(
      'Stops the job if more than `errorPercent` percent of its processed entries have failed. Looked at after `after` entries (default 100), then at least after every max(`after`, 1,000). The job ends as `ABORTED`; what was not applied is `CANCELLED`.',
      v.strictObject(abortOnSchema.entries),
    ),
  ),
  plan: v.exactOptional(
    described(
      'Stores the request as a plan, `PLANNED`: nothing is applied until it is approved. It expires after 24 hours.',
      v.boolean(),
    ),
  ),
  onInvalid: v.exactOptional(
    described(
      '`skip` accepts the valid items. `reject` accepts all items or, if any is invalid, none. Default `skip`.',
      onInvalidSchema,
    ),
  ),
};

const list = <Item extends v.GenericSchema>(items: Item) =>
  v.pipe(v.array(items), v.minLength(1), v.maxLength(MAX_ENTRIES));

const onMissing = described(
  '`create` creates the process of an item whose primary key no process has. An item with an `id`, with `expect` or with `isDeleted` creates none. Default `error`.',
  onMissingSchema,
);

export const updateRequest = v.strictObject({
  processes: list(item),
  options: v.exactOptional(v.strictObject({ ...options, onMissing: v.exactOptional(onMissing) })),
});

const newProcess = described(
  'A process with its primary key, on the item or in `data`. Its id is chosen by the service.',
  v.objectWithRest(createdFields, primaryKey),
);

export const createRequest = v.union([
  list(newProcess),
  v.strictObject({ processes: list(newProcess), options: v.exactOptional(v.strictObject(options)) }),
]);

const { clearMarker, delimiter, compression, size } = fileJobSchema.entries;
const fileJobParts = uploadCompleteSchema.entries.parts.pipe[0].item.entries;
/** By the header of each column. */
const columnFields = v.record(v.string(), v.pipe(v.string(), v.minLength(1)));

/** What CSV and NDJSON files have in common. */
const ofAnyFile = {
  compression: described('How the file is compressed. Null: not at all.', compression),
  size: described('The size of the file in bytes, as it is uploaded.', size),
  options: v.exactOptional(
    v.strictObject({
      name: options.name,
      source: v.exactOptional(
        described(
          'The name of the file: 1 to 255 characters.',
          v.strictObject({ file: sourceSchema.entries.file }),
        ),
      ),
      canary: options.canary,
      abortOn: v.exactOptional(
        described(
          'Stops the job if more than `errorPercent` percent of its processed entries have failed, looked at from `after` entries on (default 100). Chunks in progress are stopped; what was not applied is `CANCELLED`. The job ends as `ABORTED`.',
          v.strictObject(abortOnSchema.entries),
        ),
      ),
      onMissing: v.exactOptional(onMissing),
      onInvalid: v.exactOptional(
        described('A file job processes its valid rows: only `skip`, the default.', v.literal('skip')),
      ),
    }),
  ),
};

export const fileJobRequest = v.union([
  v.strictObject({
    format: v.literal('csv'),
    columns: described(
      'What each column is, by its header: `id`, the primary key, a field such as `state`, or an attribute of `data`.',
      v.pipe(columnFields, v.minEntries(1)),
    ),
    clearMarker: described('A cell with exactly this text clears its field. Default: `\\N`.', clearMarker),
    delimiter: described(
      'What separates cells. Default: what a first line such as `sep=;` names, else a comma.',
      delimiter,
    ),
    expect: v.exactOptional(
      described(
        'Columns with what a process must have for its row to be applied, by their headers.',
        columnFields,
      ),
    ),
    ...ofAnyFile,
  }),
  v.strictObject({ format: v.literal('ndjson'), ...ofAnyFile }),
]);

export const uploadCompleteRequest = v.strictObject({
  parts: described(
    'All parts in the order of their numbers, each with the ETag that its PUT returned.',
    v.pipe(v.array(v.strictObject(fileJobParts)), v.minLength(1), v.maxLength(MAX_PARTS)),
  ),
});

export const job = v.strictObject({
  id: v.pipe(v.string(), v.uuid()),
  type: v.literal('bulk_api_job'),
  team: v.string(),
  procedure: described("The procedure's short id.", v.string()),
  name: described('What the request called it, or null.', v.nullable(v.string())),
  createdAt: time,
  updatedAt: time,
  startedAt: time,
  completedAt: time,
  completionStatus: v.picklist(JOB_STATUSES),
  statusMessage: v.nullable(v.string()),
  parent: v.exactOptional(
    described('The job whose failed entries this one retries.', v.pipe(v.string(), v.uuid())),
  ),
  undoes: v.exactOptional(described('The job that this one undoes.', v.pipe(v.string(), v.uuid()))),
  undoneBy: v.exactOptional(described('The job that undoes this one.', v.pipe(v.string(), v.uuid()))),
});

const counts = described(
  'Exact counts. They always add up to the total.',
  v.strictObject(v.entriesFromList(ENTRY_STATUSES, count)),
);

const plannedCounts = described(
  'What a plan sums up to.',
  v.strictObject({ INVALID: count, SUCCESS: count, ERROR: count }),
);

export const jobMeta = v.strictObject({
  total: described('Number of entries; of a file job, of the rows that are found so far.', count),
  isTotalFinal: v.exactOptional(
    described('Of a file job: whether the file is read to its end.', v.boolean()),
  ),
  bytesRead: v.exactOptional(described('Of a file job: how many bytes of the file are read.', count)),
  size: v.exactOptional(described('Of a file job: the size of the file in bytes.', count)),
  retryable: described('Number of entries that a retry sends. 0 while the job is in progress.', count),
  bjEntryCompletionStatusVsCount: counts,
  plannedCompletionStatusVsCount: v.exactOptional(plannedCounts),
});
/** A job in a list. */
export const listedJob = v.strictObject({ ...job.entries, ...jobMeta.entries });
const acknowledged = { total: count, queued: count, invalid: count };
export const acknowledgmentMeta = v.strictObject({
  ...acknowledged,
  plannedCompletionStatusVsCount: v.exactOptional(plannedCounts),
});
/** Of a request that is refused for its items. */
export const invalidItemsMeta = v.strictObject({ total: count, invalid: count });
export const dryRunMeta = v.strictObject({
  ...acknowledged,
  bjEntryCompletionStatusVsCount: counts,
});

/** A file job in the responses that tell where its file goes. */
export const fileJob = v.strictObject({
  ...job.entries,
  upload: v.exactOptional(
    described(
      'Where to PUT the parts of the file, while the job is `AWAITING_UPLOAD`.',
      v.strictObject({
        partSize: described('Size of each part but the last, in bytes.', v.literal(PART_BYTES)),
        parts: v.pipe(
          v.array(
            v.strictObject({
              partNumber: fileJobParts.partNumber,
              url: described('Takes the part by PUT, without an API key.', v.pipe(v.string(), v.url())),
            }),
          ),
          v.minLength(1),
          v.maxLength(MAX_PARTS),
        ),
        expiresAt: described('When the URLs expire, in epoch milliseconds.', count),
      }),
    ),
  ),
});

const urls = v.array(v.pipe(v.string(), v.url()));

/** The files of what became of the rows of a file. */
export const fileResults = v.strictObject({
  succeeded: described('Rows that ended as `SUCCESS`.', urls),
  failed: described('Rows that ended as `ERROR` or `INVALID`, with their errors.', urls),
  unprocessed: described('Rows that ended as `CANCELLED`: nothing of them was applied.', urls),
});

const next = described('Path of the next page, or null.', v.nullable(v.string()));
export const jobsMeta = v.strictObject({ next });
export const proceduresMeta = v.strictObject({ next: described('There are no pages.', v.null()) });
export const entriesMeta = v.strictObject({
  total: described('Number of entries of the job, or of those with the requested status and outcome.', count),
  next,
});

const changes = (when: string) =>
  described(`The fields that would change, such as \`data.city\`, ${when}. Null is no value.`, anything);

const entryFields = {
  index: described('Index of the item in `processes`.', count),
  identifier: described('How the item identified its process, as it was sent.', anything),
  processId: v.nullable(v.string()),
  completionStatus: v.picklist(ENTRY_STATUSES),
  outcome: v.nullable(v.picklist(OUTCOMES)),
  kept: v.exactOptional(
    described(
      'Of an entry of an undo that is `REVERTED`: the fields that stay as they are, such as `data.city`.',
      v.array(v.string()),
    ),
  ),
  errors: v.pipe(v.array(entryError), v.maxLength(MAX_ERRORS + 1)),
  line: described(
    'Line in the file that the items come from, or null.',
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  ),
  attempts: count,
  completedAt: time,
};

const planned = {
  before: changes('as they are'),
  after: changes('as they would be'),
};

export const entry = v.strictObject({
  ...entryFields,
  plan: v.exactOptional(
    described(
      'Of a plan: what would become of the entry.',
      v.strictObject({
        completionStatus: entryFields.completionStatus,
        outcome: entryFields.outcome,
        errors: entryFields.errors,
        ...planned,
      }),
    ),
  ),
});

export const dryRunEntry = v.strictObject({ ...entryFields, ...planned });

export const entryLine = v.strictObject({
  ...entry.entries,
  item: described('The item as it was sent.', v.unknown()),
});

export const process = v.strictObject({
  id: v.string(),
  team: v.string(),
  procedure: described("The procedure's short id.", v.string()),
  status: v.nullable(v.string()),
  state: v.nullable(v.string()),
  data: anything,
  assignedTo: v.nullable(v.string()),
  nextActionAt: v.nullable(v.number()),
  createdAt: v.number(),
  updatedAt: v.number(),
  isDeleted: v.boolean(),
  version: described(
    'Number of writes. Null before the first write that was counted.',
    v.nullable(v.number()),
  ),
});

export const procedure = v.strictObject({ ...procedureFileSchema.entries, id: v.string() });

export const procedureSummary = v.pick(procedure, ['id', 'shortId', 'name', 'primaryKey']);

export const apiKey = v.strictObject({
  team: v.string(),
  name: described('What the key is for, or null.', v.nullable(v.string())),
  scope: described(
    'What the key may do: `read`; `plan`, which also takes dry runs; or `write`, which is everything.',
    v.picklist(SCOPES),
  ),
  procedures: described(
    'Short ids of the procedures that the key allows, or null for all.',
    v.nullable(v.array(v.string())),
  ),
  expiresAt: described('Epoch milliseconds, or null for never.', v.nullable(count)),
  stage: described('Name of the deployment, such as `prod`.', v.string()),
});

/** Schemas with a name of their own. */
export const COMPONENTS = {
  UpdateRequest: updateRequest,
  CreateRequest: createRequest,
  FileJobRequest: fileJobRequest,
  UploadCompleteRequest: uploadCompleteRequest,
  Item: item,
  Job: job,
  FileJob: fileJob,
  ListedJob: listedJob,
  Counts: counts,
  Entry: entry,
  DryRunEntry: dryRunEntry,
  EntryLine: entryLine,
  EntryError: entryError,
  Process: process,
  Procedure: procedure,
  ProcedureSummary: procedureSummary,
  ApiKey: apiKey,
};
