import * as v from 'valibot';
import { isObject } from '../contract/is-object.ts';
import { DATE_ORDERS, knownLocale } from './locale.ts';

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

/** Names that valibot leaves out of an object. */
const RESERVED = ['__proto__', 'prototype', 'constructor'];

/** An object whose members have names of the user's. */
export function recordOf<Value extends v.GenericSchema>(value: Value, expected: string) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isObject, expected),
    v.check(
      (input) => !RESERVED.some((name) => Object.hasOwn(input, name)),
      `must not name ${RESERVED.join(', ')}, which JavaScript reserves: rename it in the file`,
    ),
    v.record(v.string(), value),
  );
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
    recordOf(
      v.union(
        [v.string(), v.boolean(), v.null()],
        'must be a string, true, false, or null to clear. Write a number as a string',
      ),
      'must be an object of cells and what they mean, such as { "Kunde": "CONVERTED" }',
    ),
  ),
});
export type Reading = v.InferOutput<typeof readingSchema>;
