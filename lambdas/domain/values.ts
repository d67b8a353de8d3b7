import * as v from 'valibot';
import type { AttributeType, AttributeValue } from './procedure.ts';
import { PROCESS_STATUSES } from './process.ts';

/**
 * DynamoDB stores numbers of magnitude 1e-130 to 9.99e125 with 38 digits; a double beyond that is refused.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const LARGEST_NUMBER = 9.99e125;
const SMALLEST_NUMBER = 1e-130;

/** Epoch milliseconds of 1973-03-03. A smaller number is read as seconds, which then reach year 5138. */
const EARLIEST_MILLISECONDS = 100_000_000_000;
/** The last millisecond of year 9999; a larger number can only be micro- or nanoseconds. */
const LATEST_MILLISECONDS = 253_402_300_799_999;

/** Which numbers a double carries without loss and DynamoDB stores, for messages. */
export const EXACT_NUMBERS = `whole numbers are exact up to ${Number.MAX_SAFE_INTEGER}, others have at most 15 significant digits and a magnitude of 1e-130 to 9.99e125`;

/** At most 15 digits: every double carries these, unless the exponent is extreme. */
const SHORT_NUMBER = /^-?[\d.]{1,15}(?:[eE]|$)/;
const NUMBER_TEXT = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Whether a double carries the number written as `text` without loss.
 *
 * Integers are exact up to 2^53 - 1; fractions when their shortest text has the same digits.
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  if (Math.abs(value) >= SMALLEST_NUMBER && SHORT_NUMBER.test(text)) return true;
  return decimalOf(text) === decimalOf(String(value));
}

/** A number's text as its significant digits and exponent, so that `1.50`, `15e-1` and `1.5` are equal. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${text.startsWith('-') ? '-' : ''}${significant}e${scale}`;
}

const isStorable = (value: number) =>
  value === 0 || (Math.abs(value) <= LARGEST_NUMBER && Math.abs(value) >= SMALLEST_NUMBER);

const wellFormed = v.check<string, string>(
  (text) => text.isWellFormed(),
  'holds half of a surrogate pair, which is not valid Unicode: send complete characters',
);

const number = (expected: string) =>
  v.pipe(
    v.union([v.number(), v.string()], expected),
    v.check((value) => typeof value === 'number' || NUMBER_TEXT.test(value), expected),
    v.check(
      (value) => typeof value === 'number' || isExactNumber(value),
      `cannot be stored exactly as a number: ${EXACT_NUMBERS}`,
    ),
    v.transform(Number),
    v.check(isStorable, `is out of range: ${EXACT_NUMBERS}`),
    // -0 has no place in DynamoDB.
    v.transform((value: number) => value + 0),
  );

const WHOLE_NUMBER = 'is not a whole number: send one such as 105 or "105", or null to clear';
const ANY_NUMBER = 'is not a number: send one such as 1.5 or "1.5", or null to clear';
const MILLISECONDS = 'is not a time: send epoch milliseconds such as 1616253910842, or null to clear';

/** What a client may send for an attribute of each type. */
export const ATTRIBUTE_SCHEMAS = {
  string: v.pipe(v.string('is not a string: put it in quotes, or send null to clear'), wellFormed),
  integer: v.pipe(number(WHOLE_NUMBER), v.integer(WHOLE_NUMBER)),
  number: number(ANY_NUMBER),
  boolean: v.boolean('is neither true nor false: send one of them without quotes, or null to clear'),
} satisfies Record<AttributeType, v.GenericSchema<AttributeValue, AttributeValue>>;

const stateSchemas = new WeakMap<readonly string[], ReturnType<typeof createStateSchema>>();

/** Of each procedure made once: making it takes longer than checking a state with it. */
function stateSchema(states: readonly string[]): ReturnType<typeof createStateSchema> {
  const schema = stateSchemas.get(states) ?? createStateSchema(states);
  stateSchemas.set(states, schema);
  return schema;
}

function createStateSchema(states: readonly string[]) {
  return v.picklist(states, `is not a state of this procedure: send one of ${states.join(', ')}`);
}

/** What a client may send for the fields beside `data`; `state` depends on the procedure. */
export const FIELD_SCHEMAS = {
  state: stateSchema,
  status: v.picklist(PROCESS_STATUSES, `is not a status: send one of ${PROCESS_STATUSES.join(', ')}`),
  assignedTo: v.nullable(
    v.pipe(
      v.string('is not a string: send the name of the assignee, or null to unassign'),
      v.check((name) => name.trim() !== '', 'is empty: send the name of the assignee, or null to unassign'),
      wellFormed,
    ),
  ),
  nextActionAt: v.nullable(
    v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.digits(MILLISECONDS))], MILLISECONDS),
      v.transform(Number),
      v.check((time) => Number.isInteger(time) && time >= 0, MILLISECONDS),
      v.check(
        (time) => time >= EARLIEST_MILLISECONDS,
        'can only be in seconds: send epoch milliseconds (multiply by 1000), or null to clear',
      ),
      v.check(
        (time) => time <= LATEST_MILLISECONDS,
        'lies beyond the year 9999: send epoch milliseconds, not micro- or nanoseconds, or null to clear',
      ),
    ),
  ),
  isDeleted: v.literal(
    true,
    'is not true: send true to delete. A bulk update does not restore a deleted process',
  ),
};

/** Whether parsing made it of a JSON number that is too large for a double. */
export function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** A value as it may be quoted in a message: its JSON, at most 60 characters of it. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (isInfinite(value)) return 'a number that is too large';
  return JSON.stringify(typeof value === 'string' ? shorten(value) : value);
}

/** A text as it may stand in a message: cut short, but not in the middle of a surrogate pair. */
export function shorten(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
