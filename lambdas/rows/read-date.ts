import { type DateOrder, type DateWords, dateWordsOf, plainSigns, shapeOf, wordsOf } from './locale.ts';

/** Longer texts are not dates. */
const MAX_LENGTH = 100;

/** A date as it is written, with a time and an offset from UTC if it has them. */
export interface ReadDate {
  /** `2026-11-24`. */
  day: string;
  /** `14:30`, `14:30:15` or `14:30:15.250`. */
  time: string | undefined;
  /** `Z` or `+01:00`. */
  offset: string | undefined;
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const TIME = /^(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,3}))?)?$/;

/** Shapes of dates that are read in every locale. */
const SHAPES: readonly string[] = ['0.0.0', '0/0/0', '0-0-0', '0M0', 'M00', '0-M-0'];

/**
 * Reads a date as people write it: a day that exists, with a year of four digits. A year in front and ISO 8601 are read in
 * any order of the others.
 * @param locale - whose names of months, and words, are read
 * @returns undefined if the text is not such a date
 */
export function readDate(cell: string, order: DateOrder, locale = 'en'): ReadDate | undefined {
  if (cell.length > MAX_LENGTH) return undefined;
  const text = plainSigns(cell);
  const [, isoDay, isoTime, offset] = ISO.exec(text) ?? [];
  if (isoDay !== undefined) {
    const time = isoTime?.replace(',', '.');
    return isRealDay(isoDay) && (time === undefined || isRealTime(time))
      ? { day: isoDay, time, offset }
      : undefined;
  }
  const words = dateWordsOf(locale);
  const { date, time } = split(text, words);
  const day = dayOf(date, order, words);
  if (day === undefined || time === 'wrong') return undefined;
  return { day, time, offset: undefined };
}

/** Separates the words of the date from the time. */
function split(text: string, words: DateWords): { date: string; time: string | 'wrong' | undefined } {
  const { rest, period } = withoutPeriod(text.toLowerCase(), words);
  const date: string[] = [];
  const times: string[] = [];
  for (const word of wordsOf(rest)) {
    const isTime = TIME.test(word) && (word.includes(':') || (words.hasDottedTimes && date.length > 0));
    if (isTime) times.push(word);
    else date.push(word);
  }
  const [time] = times;
  if (time === undefined) return { date: date.join(' '), time: period === undefined ? undefined : 'wrong' };
  return {
    date: date.filter((word) => !words.literals.has(word)).join(' '),
    time: times.length > 1 ? 'wrong' : timeOf(time, period),
  };
}

function withoutPeriod(
  text: string,
  { dayPeriods, hasDottedTimes }: DateWords,
): { rest: string; period: 'am' | 'pm' | undefined } {
  if (!text.includes(':') && !hasDottedTimes) return { rest: text, period: undefined };
  for (const [word, period] of dayPeriods) {
    const at = placeOf(word, text);
    if (at >= 0) return { rest: `${text.slice(0, at)} ${text.slice(at + word.length)}`, period };
  }
  return { rest: text, period: undefined };
}

/** Returns where a text has a word, which is not a part of another: Swedish "em" is not in "september". */
function placeOf(word: string, text: string): number {
  let at = text.indexOf(word);
  while (at >= 0 && [text.charAt(at - 1), text.charAt(at + word.length)].some(isLetter)) {
    at = text.indexOf(word, at + 1);
  }
  return at;
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function timeOf(word: string, period: 'am' | 'pm' | undefined): string | 'wrong' {
  const [, hour = '', minute = '', second, fraction] = TIME.exec(word) ?? [];
  const clock = Number(hour);
  if (period !== undefined && (clock < 1 || clock > 12)) return 'wrong';
  const hours = period === undefined ? clock : (clock % 12) + (period === 'pm' ? 12 : 0);
  const seconds = second === undefined ? '' : `:${second}${fraction === undefined ? '' : `.${fraction}`}`;
  const time = `${String(hours).padStart(2, '0')}:${minute}${seconds}`;
  return isRealTime(time) ? time : 'wrong';
}

function dayOf(date: string, order: DateOrder, { months, shapes }: DateWords): string | undefined {
  const { shape, numbers, month } = shapeOf(date, months);
  if (!SHAPES.includes(shape) && !shapes.has(shape)) return undefined;
  const [first = '', second = '', third = ''] = numbers;
  const parts =
    month !== undefined
      ? numbers.length === 2 && namedDay(first, second, month)
      : numbers.length === 3 && numericDay(first, second, third, order);
  if (parts === false || parts === undefined) return undefined;
  const [year, monthDigits, dayDigits] = parts;
  const day = `${year}-${monthDigits.padStart(2, '0')}-${dayDigits.padStart(2, '0')}`;
  return /^[1-9]\d{3}$/.test(year) && day.length === 10 && isRealDay(day) ? day : undefined;
}

type Parts = [year: string, month: string, day: string];

/** The number of four digits is the year. */
function namedDay(first: string, second: string, month: number): Parts {
  return first.length === 4 ? [first, String(month), second] : [second, String(month), first];
}

function numericDay(first: string, second: string, third: string, order: DateOrder): Parts | undefined {
  if (first.length === 4) return [first, second, third];
  if (order === 'ymd') return undefined;
  return order === 'dmy' ? [third, second, first] : [third, first, second];
}

/** `2026-02-30` has the form of a day, and a `Date` makes the second of March of it. */
function isRealDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function isRealTime(time: string): boolean {
  return !Number.isNaN(Date.parse(`1970-01-01T${time}Z`)) && !time.startsWith('24');
}
