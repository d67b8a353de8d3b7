import * as v from 'valibot';
import { definedOf } from '../contract/defined-of.ts';
import type { TopLevelField } from '../contract/fields.ts';
import type { AttributeType } from '../contract/procedure.ts';
import type { SentColumn } from './csv-columns.ts';
import { dateOrderOf, knownLocale, numberStyleOf } from './locale.ts';
import { booleanWords } from './yes-no.ts';

/** The order of day, month and year. */
export const DATE_ORDERS = ['dmy', 'mdy', 'ymd'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Characters between the values of a list. */
export const LIST_SEPARATORS = [';', ',', '|', '\n'] as const;

/** How numbers are written, by the example of 1234.5. */
export const NUMBER_STYLES = ['1.234,50', '1 234,50', '1,234.50', "1'234.50"] as const;

const NUMBER_STYLE = /^1([.,' ]?)234([.,])50$/;

/** Returns the signs of a style of numbers, or undefined if it is not one. */
export function signsOf(style: string): { group: string; decimal: string } | undefined {
  const [, group, decimal] = NUMBER_STYLE.exec(style) ?? [];
  if (group === undefined || decimal === undefined || group === decimal) return undefined;
  return { group, decimal };
}

/** Whether the platform knows a time zone. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How the cells of a column are read, as the user has confirmed it. Without a member, a cell is sent as it is. */
export const readingSchema = v.strictObject({
  number: v.optional(
    v.pipe(
      v.string('must be an example of a number'),
      v.check(
        (style) => signsOf(style) !== undefined,
        `must show how 1234.5 is written: one of ${NUMBER_STYLES.map((style) => `"${style}"`).join(', ')}`,
      ),
    ),
  ),
  date: v.optional(
    v.picklist(DATE_ORDERS, 'must be the order of day, month and year: "dmy", "mdy" or "ymd"'),
  ),
  /** Whose names of months and words are read. */
  locale: v.optional(
    v.pipe(
      v.string('must be a locale such as "de" or "en-US"'),
      v.check(
        (locale) => knownLocale(locale) !== undefined,
        'is unknown: write a locale such as "de" or "en-US"',
      ),
    ),
  ),
  timeZone: v.optional(
    v.pipe(
      v.string('must be a time zone such as "Europe/Berlin"'),
      v.check(isTimeZone, 'is unknown: write a time zone such as "Europe/Berlin" or "UTC"'),
    ),
  ),
  /** Between the values of a list. */
  separator: v.optional(
    v.picklist(LIST_SEPARATORS, 'must be ";", ",", "|" or "\\n", the character between the values of a list'),
  ),
  /** Whether the case of options and spaces around them do not matter. */
  ignoreCase: v.optional(v.boolean('must be true or false')),
  /** What a cell means; null clears. */
  values: v.optional(
    v.record(
      v.string(),
      v.union(
        [v.string(), v.boolean(), v.null()],
        'must be a string, true, false, or null to clear. Write a number as a string',
      ),
      'must be an object of cells and what they mean, such as { "Kunde": "CONVERTED" }',
    ),
  ),
});
export type Reading = v.InferOutput<typeof readingSchema>;

/** What the cells of a column can be, as far as people write it in other ways than the API. */
export type CellKind = 'boolean' | 'number' | 'date' | 'moment' | 'option' | 'list' | 'text' | 'json';

const KINDS: Partial<Record<AttributeType, CellKind>> = {
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  float: 'number',
  decimal: 'number',
  integerEnum: 'number',
  floatEnum: 'number',
  date: 'date',
  datetime: 'moment',
  datetimeISO8601: 'moment',
  stringEnum: 'option',
  multiStringEnum: 'list',
  multiIntegerEnum: 'list',
  multiFloatEnum: 'list',
  multiPhotos: 'list',
  json: 'json',
};

const KINDS_OF_FIELDS = {
  state: 'option',
  status: 'option',
  assignedTo: 'text',
  nextActionAt: 'moment',
  isDeleted: 'boolean',
} as const satisfies Record<TopLevelField, CellKind>;

/** Returns what the cells of a column can be. */
export function kindOf(column: SentColumn): CellKind {
  return column.is === 'field' ? KINDS_OF_FIELDS[column.name] : (KINDS[column.type] ?? 'text');
}

/** Which cells each member of a reading is for. */
const MEMBERS: Readonly<Record<keyof Reading, readonly CellKind[]>> = {
  number: ['number', 'list'],
  date: ['date', 'moment'],
  locale: ['date', 'moment'],
  timeZone: ['moment'],
  separator: ['list'],
  ignoreCase: ['boolean', 'option', 'list'],
  values: ['boolean', 'number', 'date', 'moment', 'option', 'list', 'text'],
};

/** Returns the members of a reading that mean nothing for a kind of cells. */
export function unfitMembers(reading: Reading, kind: CellKind): (keyof Reading)[] {
  return Object.keys(reading)
    .map((member) => member as keyof Reading)
    .filter((member) => !MEMBERS[member].includes(kind));
}

/** Returns how the users of a locale write a kind of cells, or undefined if they write it as the API takes it. */
export function readingOfLocale(
  kind: CellKind,
  { locale, timeZone }: { locale: string; timeZone?: string | undefined },
): Reading | undefined {
  switch (kind) {
    case 'boolean':
      return { values: booleanWords(new Intl.Locale(locale).language), ignoreCase: true };
    case 'number': {
      const number = numberStyleOf(locale);
      return signsOf(number) === undefined ? undefined : { number };
    }
    case 'date':
    case 'moment': {
      const date = dateOrderOf(locale);
      if (date === undefined) return undefined;
      return { date, locale, ...(kind === 'moment' ? definedOf({ timeZone }) : {}) };
    }
    case 'option':
      return { ignoreCase: true };
    default:
      return undefined;
  }
}
