/** The order of day, month and year. */
export const DATE_ORDERS = ['dmy', 'mdy', 'ymd'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What the users of a locale write, as the platform formats it (Unicode CLDR). */
export interface DateWords {
  /** Numbers of the months, by their names in small letters. */
  months: ReadonlyMap<string, number>;
  /** Whether a word means the morning. */
  dayPeriods: ReadonlyMap<string, 'am' | 'pm'>;
  /** Words between a date and a time, such as "um". */
  literals: ReadonlySet<string>;
  /** Dates of the locale without their digits and names: `0.0.0`, `0M0`. */
  shapes: ReadonlySet<string>;
  /** Whether times of day are written as 14.30. */
  hasDottedTimes: boolean;
}

/** Returns the usual spelling of a locale, or undefined if the platform does not know it. */
export function knownLocale(text: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text)[0];
  } catch {
    return undefined;
  }
}

/** Returns how a locale writes 1234.5 with two decimals, such as `1.234,50`. Spaces and apostrophes are plain. */
export function numberStyleOf(locale: string): string {
  const options = { minimumFractionDigits: 2, useGrouping: 'always', numberingSystem: 'latn' } as const;
  return plainSigns(new Intl.NumberFormat(locale, options).format(1234.5));
}

/** Writes every space as a space, every apostrophe as an apostrophe, every minus as a hyphen, and no mark of direction. */
export function plainSigns(text: string): string {
  return text
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Zs}\t]+/gu, ' ')
    .replace(/[’ʼ`´]/g, "'")
    .replace(/[−‐‑‒–]/g, '-')
    .trim();
}

/** Returns the order in which a locale writes days, or undefined if its years are those of another calendar. */
export function dateOrderOf(locale: string): DateOrder | undefined {
  if (new Intl.DateTimeFormat(locale).resolvedOptions().calendar !== 'gregory') return undefined;
  const order = partsOf(locale, { year: 'numeric', month: 'numeric', day: 'numeric' })
    .flatMap(({ type }) => (type === 'day' || type === 'month' || type === 'year' ? [type.charAt(0)] : []))
    .join('');
  return DATE_ORDERS.find((known) => known === order);
}

const STYLES: readonly Intl.DateTimeFormatOptions[] = [
  { dateStyle: 'short' },
  { dateStyle: 'medium' },
  { dateStyle: 'long' },
  { year: 'numeric', month: 'numeric', day: 'numeric' },
  { year: 'numeric', month: '2-digit', day: '2-digit' },
  { dateStyle: 'short', timeStyle: 'short' },
  { dateStyle: 'medium', timeStyle: 'medium' },
  { dateStyle: 'long', timeStyle: 'short' },
];

const known = new Map<string, DateWords>();

/** Returns the words and shapes of the dates of a locale. */
export function dateWordsOf(locale: string): DateWords {
  const words = known.get(locale) ?? findDateWords(locale);
  known.set(locale, words);
  return words;
}

function findDateWords(locale: string): DateWords {
  const formatted = STYLES.flatMap((style) =>
    MONTHS.map((month) => partsOf(locale, style, new Date(Date.UTC(2026, month, 24, 14, 30)))),
  );
  const months = monthsOf(locale, formatted);
  return {
    months,
    dayPeriods: dayPeriodsOf(locale),
    literals: literalsOf(formatted),
    shapes: new Set(formatted.map((parts) => shapeOf(dateOf(parts), months).shape)),
    hasDottedTimes: partsOf(locale, { timeStyle: 'short' }).some(
      ({ type, value }) => type === 'literal' && value === '.',
    ),
  };
}

const MONTHS = Array.from({ length: 12 }, (_, month) => month);

function partsOf(
  locale: string,
  options: Intl.DateTimeFormatOptions,
  date = new Date(Date.UTC(2026, 10, 24)),
): Intl.DateTimeFormatPart[] {
  const fixed = { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(locale, { ...options, ...fixed }).formatToParts(date);
}

/** Names of months as they are written within dates and alone. Those with digits are read as digits. */
function monthsOf(
  locale: string,
  formatted: readonly (readonly Intl.DateTimeFormatPart[])[],
): Map<string, number> {
  const alone = (['long', 'short'] as const).flatMap((month) =>
    MONTHS.map((number) => partsOf(locale, { month }, new Date(Date.UTC(2026, number, 24)))),
  );
  const months = new Map<string, number>();
  for (const [position, parts] of [...formatted, ...alone].entries()) {
    for (const { type, value } of parts) {
      const name = wordOf(value);
      if (type === 'month' && name !== '' && !/\d/.test(name)) months.set(name, (position % 12) + 1);
    }
  }
  return months;
}

function dayPeriodsOf(locale: string): Map<string, 'am' | 'pm'> {
  const periods = new Map<string, 'am' | 'pm'>();
  for (let hour = 0; hour < 24; hour += 1) {
    const parts = partsOf(locale, { hour: 'numeric', hour12: true }, new Date(Date.UTC(2026, 10, 24, hour)));
    for (const { type, value } of parts) {
      if (type === 'dayPeriod') periods.set(plainSigns(value).toLowerCase(), hour < 12 ? 'am' : 'pm');
    }
  }
  return periods;
}

/** Words that stand between a date and a time. */
function literalsOf(formatted: readonly (readonly Intl.DateTimeFormatPart[])[]): Set<string> {
  const literals = formatted.flatMap((parts) => {
    const hour = parts.findIndex(({ type }) => type === 'hour' || type === 'dayPeriod');
    const last = parts.findLastIndex(({ type }, position) => position < hour && isOfDate(type));
    return parts.slice(last + 1, Math.max(hour, last + 1)).flatMap(({ value }) => wordsOf(value));
  });
  return new Set(literals);
}

/** Returns the words of a text, in small letters. */
export function wordsOf(text: string): string[] {
  return plainSigns(text)
    .toLowerCase()
    .split(/[ ,]/)
    .filter((word) => word !== '');
}

function isOfDate(type: string): boolean {
  return ['day', 'month', 'year', 'era'].includes(type);
}

/** Returns the date of a formatted date and time. */
function dateOf(parts: readonly Intl.DateTimeFormatPart[]): string {
  const first = parts.findIndex(({ type }) => isOfDate(type));
  const hour = parts.findIndex(({ type }) => type === 'hour' || type === 'dayPeriod');
  const last = parts.findLastIndex(({ type }) => isOfDate(type));
  const end = hour < 0 ? parts.length : last + 1;
  return wordsOf(
    parts
      .slice(hour > first || hour < 0 ? 0 : first, end)
      .map(({ value }) => value)
      .join(''),
  ).join(' ');
}

function wordOf(value: string): string {
  return plainSigns(value).toLowerCase().replace(/\.$/, '');
}

/**
 * Returns a date with `0` for its numbers and `M` for the name of its month, and what they stand for.
 *
 * Dots and commas beside a name do not matter: "24. Nov. 2026" and "24 Nov 2026" have the same shape.
 */
export function shapeOf(
  date: string,
  months: ReadonlyMap<string, number>,
): { shape: string; numbers: string[]; month: number | undefined } {
  const numbers: string[] = [];
  let month: number | undefined;
  let shape = '';
  for (const [part] of date.matchAll(/\d+|[\p{L}\p{M}]+|[^\d\p{L}\p{M} ]/gu)) {
    const named = month === undefined ? months.get(part) : undefined;
    if (named !== undefined) month = named;
    if (/^\d/.test(part)) numbers.push(part);
    shape += named !== undefined ? 'M' : /^\d/.test(part) ? '0' : part;
  }
  return { shape: month === undefined ? shape : shape.replace(/[.,]/g, ''), numbers, month };
}
