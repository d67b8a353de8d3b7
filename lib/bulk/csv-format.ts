import type { Options } from 'csv-parse';
import { type Column, ERROR_COLUMNS } from './csv-columns.ts';
import { itemOf } from './csv-item.ts';
import type { FaultyRow, Row, RowError } from './row.ts';

/** How a CSV is read. */
export const CSV_OPTIONS = {
  bom: true,
  info: true,
  skip_empty_lines: true,
  relax_column_count: true,
} as const satisfies Options;

/** A record as the parser gives it with {@link CSV_OPTIONS}. */
export interface CsvRecord {
  record: string[];
  /** `lines` as far as the parser had come. */
  info: { lines: number };
}

/** @param line - where the record begins */
export function rowOfRecord(
  { record }: CsvRecord,
  line: number,
  columns: readonly Column[],
  clearMarker: string,
): Row | FaultyRow {
  return record.length === columns.length
    ? { line, text: itemOf(record, columns, clearMarker), cells: record }
    : { line, fault: `has ${record.length} cells, and the first line has ${columns.length}` };
}

/**
 * The names of the columns of a file of failed rows, with those of the errors last.
 * @returns also how a row of the original gets there
 */
export function failedColumns(headers: readonly string[]) {
  const kept = [...headers.keys()].filter(
    (position) => !ERROR_COLUMNS.some((name) => name === headers[position]),
  );
  const pick = (cells: readonly string[]) => kept.map((position) => cells[position] ?? '');
  return {
    header: [...pick(headers), ...ERROR_COLUMNS],
    recordOf: (cells: readonly string[], errors: readonly RowError[]) => [
      ...pick(cells),
      errors.map(({ code }) => code).join(' '),
      errors.map(({ message }) => message).join(' '),
    ],
  };
}
