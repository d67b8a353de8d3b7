import * as v from 'valibot';
import { EMAIL_ADDRESS, PHONE_NUMBER } from './email-and-phone.ts';
import { memoize } from './memoize.ts';
import { EXACT_NUMBERS, isInfinite, isStorable, number } from './numbers.ts';
import type { Attribute, AttributeType, AttributeValue } from './procedure.ts';
import { date, epochMilliseconds, isoTimestamp, timeOfDay } from './times.ts';
import { listOf, quote, wellFormed } from './values.ts';

type AttributeSchema = v.GenericSchema<unknown, AttributeValue>;

const WHOLE_NUMBER = 'is not a whole number: send one such as 105 or "105", or null to clear';
const ANY_NUMBER = 'is not a number: send one such as 1.5 or "1.5", or null to clear';
const PHONE = 'is not a phone number: send one such as "+91 99012 58433", or null to clear';
const EMAIL = 'is not an email address: send one such as "ada@example.com", or null to clear';

const text = v.pipe(v.string('is not a string: put it in quotes, or send null to clear'), wellFormed);
const integer = v.pipe(number(WHOLE_NUMBER), v.integer(WHOLE_NUMBER));
const decimal = number(ANY_NUMBER);
const file = v.pipe(
  v.string('is not a string: send the id of an upload, or null to clear'),
  v.check((id) => id.trim() !== '', 'is empty: send the id of an upload, or null to clear'),
  wellFormed,
);

/** Types that have the same values in every procedure. */
const SCHEMAS: Record<Exclude<AttributeType, EnumType>, AttributeSchema> = {
  string: text,
  text,
  name: text,
  stringId: text,
  // Digits are kept as they are, also those that no number holds.
  integerId: v.union(
    [v.pipe(v.string(), v.regex(/^-?[1-9]\d*$/, WHOLE_NUMBER)), v.pipe(integer, v.transform(String))],
    WHOLE_NUMBER,
  ),
  email: v.pipe(text, v.regex(EMAIL_ADDRESS, EMAIL)),
  phone: v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.transform(String))], PHONE),
    v.regex(PHONE_NUMBER, PHONE),
  ),
  integer,
  number: integer,
  float: decimal,
  decimal,
  boolean: v.boolean('is neither true nor false: send one of them without quotes, or null to clear'),
  date: date('is not a date: send one such as "2026-11-24" or epoch milliseconds, or null to clear'),
  time: timeOfDay(
    'is not a time of day: send one such as "14:30" or milliseconds since midnight, or null to clear',
  ),
  datetime: epochMilliseconds(
    'is not a time: send epoch milliseconds such as 1616253910842, or null to clear',
  ),
  datetimeISO8601: isoTimestamp(
    'is not a time: send ISO 8601 with an offset such as "2026-11-24T14:30:00Z", or null to clear',
  ),
  photo: file,
  multiPhotos: v.pipe(
    v.array(file, 'is not a list: send ids of uploads in brackets, or null to clear'),
    v.readonly(),
  ),
  audio: file,
  json: v.custom<AttributeValue>(
    (value) => jsonFault(value) === undefined,
    ({ input }) => `${jsonFault(input)}, or send null to clear`,
  ),
};

/** Types whose values a procedure lists, with the type of each value, and whether there may be several. */
const ENUMS = {
  stringEnum: { of: text, isMulti: false },
  integerEnum: { of: integer, isMulti: false },
  floatEnum: { of: decimal, isMulti: false },
  multiStringEnum: { of: text, isMulti: true },
  multiIntegerEnum: { of: integer, isMulti: true },
  multiFloatEnum: { of: decimal, isMulti: true },
} satisfies Partial<Record<AttributeType, { of: AttributeSchema; isMulti: boolean }>>;
type EnumType = keyof typeof ENUMS;

export function isEnum(type: AttributeType): type is EnumType {
  return Object.hasOwn(ENUMS, type);
}

/** What a client may send for an attribute, and what becomes of it. */
export function attributeSchema(attribute: Attribute): AttributeSchema {
  return isEnum(attribute.type) ? enumSchema(attribute) : SCHEMAS[attribute.type];
}

/** The text by which a numeric primary key is indexed, however it was written; undefined when it is not a number. */
export function indexedNumber(text: string): string | undefined {
  const parsed = v.safeParse(integer, text);
  return parsed.success ? String(parsed.output) : undefined;
}

const enumSchema = memoize(({ type, options = [] }: Attribute): AttributeSchema => {
  const { of, isMulti } = ENUMS[type as EnumType];
  const known = new Set<AttributeValue>(options);
  const listed = listOf(options);
  const expected = `is not an option of this attribute: send one of ${listed}, or null to clear`;
  const one = v.pipe(
    of,
    v.check((value) => known.has(value), expected),
  );
  if (!isMulti) return one;
  const list = `is not a list of options, each once: send some of ${listed} in brackets, or null to clear`;
  return v.pipe(
    v.array(one, list),
    v.check((values) => new Set(values).size === values.length, list),
    v.readonly(),
  );
});

/** DynamoDB nests 32 levels deep; `data` and the attribute itself take two of them. */
export const MAX_JSON_LEVELS = 30;

/** None has a place in DynamoDB's documents as the SDK writes them; by `constructor` it tells maps from sets. */
const UNSTORABLE_NAMES = ['', '__proto__', 'constructor'];

/** What keeps a JSON value from being stored as it is. */
function jsonFault(value: unknown, levels = 0): string | undefined {
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : 'holds half of a surrogate pair: send complete characters';
  }
  // Of a number too large for a double the text showed the error.
  if (typeof value === 'number' && !isInfinite(value) && !isStorable(value)) {
    return `holds a number out of range (${EXACT_NUMBERS}): send it as a string`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === MAX_JSON_LEVELS) return `is nested more than ${MAX_JSON_LEVELS} levels deep: flatten it`;
  for (const [name, member] of Object.entries(value)) {
    if (UNSTORABLE_NAMES.includes(name)) return `has a member named ${quote(name)}: rename it`;
    const fault = jsonFault(name, levels) ?? jsonFault(member, levels + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
