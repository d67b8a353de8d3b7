import { dayAndTimeText, dayText, durationOf, momentOf, timeOfDay, timeText } from './xlsx-dates.ts';
import type { NumberFormat } from './xlsx-number-formats.ts';

/** A cell of a sheet that has a value. */
export interface SheetCell {
  /** Position of its column, from 0. */
  column: number;
  text: string;
  /** What it was read from. */
  is: 'text' | 'boolean' | NumberFormat['is'];
  /** Why it has no value, as the end of a sentence. */
  fault?: string;
  /** What the value may have lost: digits in the spreadsheet, or a part that its format does not show. */
  lost?: 'digits' | 'time' | 'date';
}

/** A cell as the XML of a sheet has it. */
export interface RawCell {
  column: number;
  /** Its type (ECMA-376, part 1, 18.18.11). */
  type: string;
  value: string | undefined;
  hasFormula: boolean;
  format: NumberFormat;
}

/** What the cells of all sheets share. */
export interface CellContext {
  /** @throws FileError when there is no such text */
  sharedText: (index: string) => string;
  is1904: boolean;
}

/** Numbers from here on have more digits than the 15 that Excel keeps. */
const TOO_MANY_DIGITS = 1e15;

/** Reads a cell. @returns undefined when it is empty */
export function cellOf(raw: RawCell, { sharedText, is1904 }: CellContext): SheetCell | undefined {
  const { column, type, value, hasFormula } = raw;
  const text = (content: string): SheetCell | undefined =>
    content === '' ? undefined : { column, text: content, is: 'text' };
  if (type === 'inlineStr') return text(value ?? '');
  // A text of a formula may be empty.
  if (hasFormula && (value === undefined || (value === '' && type !== 'str')))
    return { column, text: '', is: 'text', fault: 'has a formula without a value' };
  if (value === undefined || value === '') return undefined;
  switch (type) {
    case 's':
      return text(sharedText(value));
    case 'str':
      return text(value);
    case 'b':
      return { column, text: value === '1' || value === 'true' ? 'true' : 'false', is: 'boolean' };
    case 'e':
      return { column, text: value, is: 'text', fault: `has the error ${value}` };
    case 'd':
      return { column, text: value, is: value.includes('T') ? 'date-time' : 'date' };
    default:
      return numberCell(raw, Number(value), is1904);
  }
}

function numberCell({ column, value = '', format }: RawCell, number: number, is1904: boolean): SheetCell {
  if (value.trim() === '' || !Number.isFinite(number))
    return { column, text: value, is: 'number', fault: `has ${JSON.stringify(value)} as a number` };
  switch (format.is) {
    case 'date':
    case 'date-time':
      return dateCell(column, number, format.is, is1904);
    case 'time': {
      if (number < 0) return noTime(column, number);
      const time: SheetCell = { column, text: timeText(timeOfDay(number)), is: 'time' };
      return number < 1 ? time : { ...time, lost: 'date' };
    }
    case 'duration':
      if (number < 0) return noTime(column, number);
      return { column, text: timeText(durationOf(number)), is: 'duration' };
    case 'padded':
      if (Number.isInteger(number) && number >= 0)
        return { column, text: String(number).padStart(format.digits, '0'), is: 'padded' };
  }
  const is = format.is === 'padded' ? 'number' : format.is;
  const cell: SheetCell = { column, text: String(number), is };
  return Number.isInteger(number) && Math.abs(number) >= TOO_MANY_DIGITS ? { ...cell, lost: 'digits' } : cell;
}

function dateCell(column: number, number: number, is: 'date' | 'date-time', is1904: boolean): SheetCell {
  const moment = momentOf(number, is1904);
  if (moment === undefined)
    return { column, text: String(number), is, fault: `has an impossible date (${number})` };
  if (is === 'date-time') return { column, text: dayAndTimeText(moment), is };
  const cell: SheetCell = { column, text: dayText(moment), is };
  return timeOfDay(number) === 0 ? cell : { ...cell, lost: 'time' };
}

function noTime(column: number, number: number): SheetCell {
  return { column, text: String(number), is: 'time', fault: `has ${number} as a time, which is negative` };
}

/** Names a column as a spreadsheet does: `A`, `XFD`. */
export function columnName(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return `${rest < 0 ? '' : columnName(rest)}${String.fromCharCode(65 + (column % 26))}`;
}
