import { memoize } from '../contract/memoize.ts';
import { ISO_TIMESTAMP } from '../contract/times.ts';
import { kindOf } from './cell-kind.ts';
import type { SentColumn } from './column.ts';
import { plainValue } from './plain-value.ts';
import { type ReadDate, readDate } from './read-date.ts';
import { readNumber } from './read-number.ts';
import { type Reading, signsOf } from './reading.ts';
import { momentOf, offsetAt, offsetText } from './time-zone.ts';

/**
 * Writes a cell as JSON, as its column is read.
 * @param isExact - whether the cell is a value of a workbook, which has the same number in every locale
 * @returns undefined if the column does not read the cell, which is then sent as it is
 */
export type CellReader = (cell: string, isExact: boolean) => string | undefined;

/** Returns the reader of a column. Without a reading, it reads nothing. */
export const readerOf = memoize((column: SentColumn): CellReader => {
  const { reading } = column;
  if (reading === undefined) return () => undefined;
  const named = valuesReader(reading);
  const read = kindReader(column, reading);
  return remembering((cell, isExact) => {
    const value = named(cell);
    if (value === undefined) return read(cell, isExact);
    return typeof value === 'string' ? plainValue(value, column) : JSON.stringify(value);
  });
});

/** Number of cells whose reading is remembered. A column repeats its days and options, and reading a date takes long. */
const REMEMBERED = 1_000;

function remembering(read: CellReader): CellReader {
  const known = new Map<string, string | undefined>();
  return (cell, isExact) => {
    if (isExact) return read(cell, isExact);
    if (known.has(cell)) return known.get(cell);
    if (known.size === REMEMBERED) known.clear();
    const value = read(cell, isExact);
    known.set(cell, value);
    return value;
  };
}

type Values = NonNullable<Reading['values']>;

/** Finds what a cell means by the values that the user has named. */
function valuesReader({ values = {}, ignoreCase }: Reading): (cell: string) => Values[string] | undefined {
  const find = optionFinder(Object.keys(values), ignoreCase);
  return (cell) => {
    const key = find(cell);
    return key === undefined ? undefined : values[key];
  };
}

/** Finds an option: the cell as it is, else the only one that differs in case or in spaces around it. */
function optionFinder(
  options: readonly string[],
  ignoreCase: boolean | undefined,
): (cell: string) => string | undefined {
  const exact = new Set(options);
  const folded = new Map<string, string | undefined>();
  for (const option of ignoreCase === true ? exact : []) {
    folded.set(fold(option), folded.has(fold(option)) ? undefined : option);
  }
  return (cell) => (exact.has(cell) ? cell : folded.get(fold(cell)));
}

function fold(text: string): string {
  return text.trim().toLowerCase().normalize('NFC');
}

function kindReader(column: SentColumn, reading: Reading): CellReader {
  switch (kindOf(column)) {
    case 'number':
      return numberReader(reading);
    case 'date':
      return dateReader(reading, dayOnly);
    case 'moment':
      return dateReader(
        reading,
        column.is === 'attribute' && column.type === 'datetimeISO8601' ? isoText : epoch,
      );
    case 'option':
      return optionReader(column, reading);
    case 'list':
      return listReader(column, reading);
    default:
      return () => undefined;
  }
}

function numberReader({ number }: Reading): CellReader {
  const signs = number === undefined ? undefined : signsOf(number);
  if (signs === undefined) return () => undefined;
  return (cell, isExact) => textJson(isExact ? undefined : readNumber(cell, signs)?.text);
}

function dateReader(
  { date, locale, timeZone }: Reading,
  write: (read: ReadDate, timeZone: string | undefined, cell: string) => string | undefined,
): CellReader {
  if (date === undefined) return () => undefined;
  return (cell) => {
    const read = readDate(cell, date, locale);
    if (read === undefined) return EPOCH.test(cell) ? textJson(cell) : undefined;
    return textJson(write(read, timeZone, cell));
  };
}

/** Epoch milliseconds, which no people write, are theirs in every locale. */
const EPOCH = /^-?\d{9,15}$/;

/** A day has no time, unless it is midnight. */
function dayOnly({ day, time, offset }: ReadDate): string | undefined {
  const isMidnight = time === undefined || /^[0:.]+$/.test(time);
  return isMidnight && offset === undefined ? day : undefined;
}

/** A day without a time is its midnight. */
function epoch(read: ReadDate, timeZone: string | undefined): string | undefined {
  const moment = momentIn(read, timeZone);
  return moment === undefined ? undefined : String(moment);
}

/** A time that says its offset is kept as it is. */
function isoText(read: ReadDate, timeZone: string | undefined, cell: string): string | undefined {
  if (read.offset !== undefined) return ISO_TIMESTAMP.test(cell) ? cell : undefined;
  const moment = momentIn(read, timeZone);
  if (moment === undefined || timeZone === undefined) return undefined;
  const offset = offsetText(offsetAt(timeZone, moment));
  return offset === undefined ? undefined : `${read.day}T${read.time ?? '00:00'}${offset}`;
}

/** Parts of milliseconds would be lost, and before the year 1000 nobody plans anything. */
const INEXACT = /\.\d{4}/;

function momentIn(
  { day, time = '00:00', offset }: ReadDate,
  timeZone: string | undefined,
): number | undefined {
  if (INEXACT.test(time) || day.startsWith('0')) return undefined;
  if (offset !== undefined) {
    const moment = Date.parse(`${day}T${time}${isoOffset(offset)}`);
    return Number.isNaN(moment) ? undefined : moment;
  }
  return timeZone === undefined ? undefined : momentOf(timeZone, Date.parse(`${day}T${time}Z`));
}

/** A `Date` reads offsets with minutes only. */
function isoOffset(offset: string): string {
  if (offset === 'Z' || offset.includes(':')) return offset;
  return offset.length === 3 ? `${offset}:00` : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

function optionReader({ options = [] }: SentColumn, { ignoreCase }: Reading): CellReader {
  const find = optionFinder(options.map(String), ignoreCase);
  return (cell) => textJson(find(cell));
}

function listReader(column: SentColumn, reading: Reading): CellReader {
  const { separator } = reading;
  if (separator === undefined) return () => undefined;
  const { options = [] } = column;
  const named = valuesReader(reading);
  const find = optionFinder(options.map(String), reading.ignoreCase);
  const number = numberReader(reading);
  return (cell, isExact) => {
    if (plainValue(cell, column).startsWith('[')) return undefined;
    // An option may contain the separator.
    const items = find(cell) === undefined ? itemsOf(cell, separator) : [cell];
    if (items.length === 0) return undefined;
    const written = items.map((item) => {
      const value = named(item);
      if (value !== undefined) return JSON.stringify(value);
      return textJson(find(item)) ?? number(item, isExact) ?? JSON.stringify(item);
    });
    return `[${written.join(',')}]`;
  };
}

function itemsOf(cell: string, separator: string): string[] {
  return cell
    .split(separator === '\n' ? /\r\n|\n|\r/ : separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function textJson(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}
