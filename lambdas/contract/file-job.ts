import * as v from 'valibot';
import { isObject } from './is-object.ts';
import { optionsSchema } from './options.ts';

/** The size of each part of an upload but the last. */
export const PART_BYTES = 16 * 1024 * 1024;

/** Maximum number of parts of an upload. */
export const MAX_PARTS = 640;

/** Maximum size of a file as it is uploaded. */
export const MAX_FILE_BYTES = MAX_PARTS * PART_BYTES;

/** Maximum size of a file once it is decompressed. */
export const MAX_TEXT_BYTES = 40_000_000_000;

/** Maximum number of rows of a chunk of a file, which become the entries of one job. */
export const MAX_CHUNK_ROWS = 10_000;

/** Maximum number of chunks of a file. Each has a place in the order of acceptance, which is taken when the file is uploaded. */
export const MAX_CHUNKS = 20_000;

/** File jobs of a team that are read and applied at a time. */
export const MAX_FILE_JOBS = 5;

/** How long a file may be uploaded. */
export const UPLOAD_MS = 24 * 60 * 60 * 1000;

export const FILE_FORMATS = ['csv', 'ndjson'] as const;
export const COMPRESSIONS = ['gzip'] as const;

const SIZE = `is not the size of a file in bytes: send a whole number from 1 to ${MAX_FILE_BYTES}`;
const TEXT = 'is not text: send 1 to 255 characters';

const textSchema = v.pipe(v.string(TEXT), v.minLength(1, TEXT), v.maxLength(255, TEXT));

const FIELDS =
  'is not an object of columns and fields: send the header of each column and what it is, such as { "Lead": "lead_id" }';

/** Members with these names are lost on the way, of a safeguard, too. */
const RESERVED = ['__proto__', 'prototype', 'constructor'];

/** What is stored of a job fits an item of 400 KB. */
const MAX_FIELDS_CHARACTERS = 50_000;

/** What columns are, by their headers. */
const fieldsSchema = v.pipe(
  v.custom<Readonly<Record<string, string>>>(isObject, FIELDS),
  v.check(
    (input) => !RESERVED.some((name) => Object.hasOwn(input, name)),
    `names a column ${RESERVED.join(', ')}, which JavaScript reserves: rename it in the file`,
  ),
  v.check(
    (input) => JSON.stringify(input).length <= MAX_FIELDS_CHARACTERS,
    `has more than ${MAX_FIELDS_CHARACTERS} characters: name fewer columns, or shorten their names`,
  ),
  v.record(
    v.string(),
    v.pipe(v.string('is not the name of a field: send text'), v.minLength(1, 'is empty: name a field')),
  ),
);

/** The options that a file job takes: what a whole file is to be checked for first, it cannot be. */
export const fileOptionsSchema = v.object({
  ...v.omit(optionsSchema, ['plan', 'onInvalid']).entries,
  onInvalid: v.exactOptional(
    v.picklist(
      ['skip'],
      'is not "skip": a file job processes its valid rows. Leave it out, or check the file with requests of at most 10,000 items',
    ),
  ),
});

/** The body that begins a file job, but for its options. */
export const fileJobSchema = v.object({
  format: v.picklist(FILE_FORMATS, 'is not a format: send "csv" or "ndjson"'),
  compression: v.optional(
    v.nullable(v.picklist(COMPRESSIONS, 'is not a compression: send "gzip", or null for none')),
    null,
  ),
  size: v.pipe(v.number(SIZE), v.safeInteger(SIZE), v.minValue(1, SIZE), v.maxValue(MAX_FILE_BYTES, SIZE)),
  columns: v.exactOptional(fieldsSchema),
  clearMarker: v.exactOptional(textSchema),
  delimiter: v.exactOptional(
    v.picklist([',', ';', '\t', '|'], 'is not a delimiter: send ",", ";", "|" or a tab'),
  ),
  expect: v.exactOptional(fieldsSchema),
});

export type FileJobFrame = v.InferOutput<typeof fileJobSchema>;

const PART = `is not a number of a part: send a whole number from 1 to ${MAX_PARTS}`;
const ETAG = 'is not an ETag: send the header ETag of the response to the part';

/** The body that completes an upload. */
export const uploadCompleteSchema = v.object({
  parts: v.pipe(
    v.array(
      v.object(
        {
          partNumber: v.pipe(
            v.number(PART),
            v.safeInteger(PART),
            v.minValue(1, PART),
            v.maxValue(MAX_PARTS, PART),
          ),
          etag: v.pipe(v.string(ETAG), v.minLength(1, ETAG), v.maxLength(100, ETAG)),
        },
        'is not a part: send { "partNumber": …, "etag": … }',
      ),
      'is not an array: send one { "partNumber": …, "etag": … } for each part',
    ),
    v.maxLength(MAX_PARTS, `has more than ${MAX_PARTS} parts`),
  ),
});
