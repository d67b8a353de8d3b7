import { counted } from '../contract/counted.ts';
import { type Column, isRead, valuesOf } from './column.ts';
import { isErrorColumn } from './column-names.ts';
import { itemOf } from './csv-item.ts';
import { isNull } from './plain-value.ts';
import { type FaultyRow, FileError, type Row } from './row.ts';

/** The names of the columns, and the delimiter. */
export interface CsvHead {
  headers: string[];
  delimiter: string;
}

/** The cells of a row, and the line of the file in which it begins. */
export interface CsvRecord {
  record: string[];
  line: number;
  /**
   * Positions of cells whose text is the value of a number, date or boolean of a workbook, as the API writes it. The
   * conventions of a language must not be applied to it.
   */
  exact?: ReadonlySet<number>;
  /** What is wrong with cells of a workbook, by their position. It matters only if their column is sent. */
  faults?: ReadonlyMap<number, CellFault>;
}

/** The end of a sentence about a row, and what to do, as a sentence. */
export type CellFault = readonly [fault: string, remedy: string];

/** How cells become items. */
export interface CellOptions {
  /** The cell that clears a field. */
  clearMarker: string;
  /** Treats missing cells at the end of a row as empty. */
  padShortRows?: boolean | undefined;
}

/** Returns the head of a file. @throws FileError when there is no first record */
export function headOfRecord(first: CsvRecord | undefined, delimiter: string): CsvHead {
  if (first === undefined) throw new FileError(['The file is empty. Its first line must name the columns.']);
  return { headers: first.record.map((header) => header.trim()), delimiter };
}

/** Returns a function that makes rows of the records after the first. */
export function rowReader(
  { headers }: CsvHead,
  columns: readonly Column[],
  { clearMarker, padShortRows = false }: CellOptions,
): (record: CsvRecord) => Row | FaultyRow {
  const wanted = columns.findLastIndex(({ is }) => is !== 'nameless') + 1;
  const hadErrors = headers.some(isErrorColumn);
  return ({ record, line, exact, faults }) => {
    const isShort = record.length < wanted && !padShortRows;
    const isLong = record.slice(columns.length).some((cell) => cell.trim() !== '');
    if (isShort || isLong) return { line, ...countFault(record.length, columns.length, isShort) };
    for (const [position, column] of columns.entries()) {
      const fault =
        (column.is === 'left out' && !isRead(column) ? undefined : faults?.get(position)) ??
        faultOfCell(record[position] ?? '', column, position, clearMarker);
      if (fault !== undefined) return { line, fault: fault[0], remedies: [fault[1]] };
    }
    const beyond = faults?.get(columns.length);
    if (beyond !== undefined) return { line, fault: beyond[0], remedies: [beyond[1]] };
    const cells = columns.map((_, position) => record[position] ?? '');
    const text = itemOf(cells, columns, clearMarker, exact);
    return { line, text, cells, hadErrors, ...(exact === undefined ? {} : { exact }) };
  };
}

function countFault(cells: number, columns: number, isShort: boolean): Omit<FaultyRow, 'line'> {
  const fault = `has ${counted(cells, 'cell')}; the header has ${columns}`;
  const quotes = 'Quote cells that contain the delimiter or a line end.';
  return {
    fault,
    remedies: isShort
      ? [
          quotes,
          'If cells are missing at the end of rows, send the file with the command line and --pad-short-rows.',
        ]
      : [quotes],
  };
}

/**
 * What Excel makes of a number with more than 11 digits, and of a key such as 0503E000, in a cell that is not formatted
 * as text: https://www.statology.org/excel-convert-scientific-notation-to-text/
 */
const SHORTENED = /^[+-]?\d(?:[.,]\d{1,14})?E\+\d{2,3}$/;

/** Whether a spreadsheet has probably removed digits. */
export function isShortened(cell: string): boolean {
  return cell.includes('E+') && SHORTENED.test(cell);
}

function faultOfCell(
  cell: string,
  column: Column,
  position: number,
  clearMarker: string,
): CellFault | undefined {
  if (column.is === 'nameless') {
    if (cell.trim() === '') return undefined;
    return [
      `has text in column ${position + 1}, which has no name`,
      'Name the column in the header, or omit columns without a name with --map "=".',
    ];
  }
  if (column.is === 'identifier' && isShortened(cell)) {
    return [
      `has ${cell} as its ${column.name}, to which a spreadsheet shortened a longer number`,
      'Format the column as text in the spreadsheet, enter the numbers again and save the file. If a value is correct, send its row as NDJSON.',
    ];
  }
  const ofNull = valuesOf(column).find((value) => isNull(cell, value));
  if (ofNull === undefined) return undefined;
  const means = ofNull === column.expects ? 'would mean no value' : 'would clear it';
  return [
    `has null in the column ${ofNull.name}, which ${means}`,
    `Write ${clearMarker} to clear a field, or the JSON text "null", which is """null""" in a CSV.`,
  ];
}
