import * as v from 'valibot';
import { isObject } from './is-object.ts';
import { MAX_ENTRIES } from './limits.ts';
import { wellFormed } from './values.ts';

/** What a person calls a job: 1 to 200 characters, whatever their size in UTF-16. */
export const jobNameSchema = v.pipe(
  v.string('is not text: send 1 to 200 characters'),
  v.regex(/^[\s\S]{1,200}$/u, 'does not have 1 to 200 characters'),
  wellFormed,
);

const LINE = 'is not a line number: send a whole number from 1';

/** Where the items come from. */
export const sourceSchema = v.object({
  file: v.exactOptional(
    v.pipe(
      v.string('is not text: send 1 to 255 characters'),
      v.regex(/^[\s\S]{1,255}$/u, 'does not have 1 to 255 characters'),
      wellFormed,
    ),
  ),
  lines: v.exactOptional(
    v.array(
      v.pipe(v.number(LINE), v.safeInteger(LINE), v.minValue(1, LINE)),
      'is not an array: send one line number for each item',
    ),
  ),
});

const CANARY = `is not a number of entries: send a whole number from 1 to ${MAX_ENTRIES}`;

/** How many of the first valid entries are applied, and have their results, before any other is. */
const canarySchema = v.pipe(
  v.number(CANARY),
  v.safeInteger(CANARY),
  v.minValue(1, CANARY),
  v.maxValue(MAX_ENTRIES, CANARY),
);

const PERCENT = 'is not a percentage: send a number from 0 to 100';
const AFTER = 'is not a number of entries: send a whole number from 1';

/** When a job stops: if more than that percentage of its processed entries have failed. */
export const abortOnSchema = v.object(
  {
    errorPercent: v.pipe(v.number(PERCENT), v.minValue(0, PERCENT), v.maxValue(100, PERCENT)),
    after: v.exactOptional(v.pipe(v.number(AFTER), v.safeInteger(AFTER), v.minValue(1, AFTER))),
  },
  'is missing in "abortOn": send a number from 0 to 100',
);

/** What becomes of a request with invalid items: they are skipped, or the whole request is refused. */
export const onInvalidSchema = v.picklist(
  ['skip', 'reject'],
  'is neither "skip" nor "reject": send one of them',
);

/** What becomes of an item whose primary key no process has. */
export const onMissingSchema = v.picklist(
  ['error', 'create'],
  'is neither "error" nor "create": send one of them',
);

/** The options of a PATCH, `options` in its body. */
export const optionsSchema = v.object({
  name: v.exactOptional(jobNameSchema),
  source: v.exactOptional(
    v.pipe(
      v.unknown(),
      // Valibot takes an array for an object.
      v.check(isObject, 'is not an object: send { "file": …, "lines": [ … ] }'),
      sourceSchema,
    ),
  ),
  canary: v.exactOptional(canarySchema),
  abortOn: v.exactOptional(
    v.pipe(
      v.unknown(),
      v.check(isObject, 'is not an object: send { "errorPercent": …, "after": … }'),
      abortOnSchema,
    ),
  ),
  onInvalid: v.exactOptional(onInvalidSchema),
  onMissing: v.exactOptional(onMissingSchema),
  plan: v.exactOptional(v.boolean('is neither true nor false: send one of them')),
});

/** The options of a bulk-create: what it creates is missing. */
export const createOptionsSchema = v.omit(optionsSchema, ['onMissing']);

export type UpdateOptions = v.InferOutput<typeof optionsSchema>;
