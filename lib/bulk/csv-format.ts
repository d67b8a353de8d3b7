import type { Options } from 'csv-parse';
import { MAX_BODY_BYTES } from './batches.ts';
import { type Column, ERROR_COLUMNS } from './csv-columns.ts';
import { itemOf } from './csv-item.ts';
import { type FaultyRow, FileError, type Row, type RowError } from './row.ts';

/** The first line, and what stands between its cells. */
export interface CsvHead {
  headers: string[];
  delimiter: string;
}

/** A record as the parser gives it with {@link csvOptions}; `lines` as far as it had come. */
export interface CsvRecord {
  record: string[];
  info: { lines: number };
}

/** Spreadsheets write semicolons where the comma is the decimal mark. */
export const DELIMITERS = [',', ';', '\t'] as const;

/** How a CSV is read. Rows without any text do not count. */
export function csvOptions(delimiter: string) {
  return {
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    // A quote that is never closed would take in the rest of the file.
    max_record_size: MAX_BODY_BYTES,
  } as const satisfies Options;
}

/** The names of the columns, cut by the delimiter that makes the most of them: the first of several. */
export function chosenHead(heads: readonly (CsvHead | undefined)[]): CsvHead | undefined {
  const most = Math.max(...heads.map((head) => head?.headers.length ?? 0));
  return heads.find((head) => head?.headers.length === most);
}

/** @throws FileError when there is no first record */
export function headOfRecord(first: CsvRecord | undefined, delimiter: string): CsvHead {
  if (first === undefined) throw new FileError(['The file is empty. Its first line must name the columns.']);
  const headers = first.record.map((header) => header.trim());
  return { headers: isOfFailed(headers) ? headers.map(unguarded) : headers, delimiter };
}

/** What makes rows of the records below the first. */
export function rowReader(
  { headers }: CsvHead,
  columns: readonly Column[],
  clearMarker: string,
): (record: CsvRecord) => Row | FaultyRow {
  const isGuarded = isOfFailed(headers);
  return ({ record, info }) => {
    const line = info.lines - lineFeedsIn(record);
    if (record.length !== columns.length) {
      return { line, fault: `has ${record.length} cells, and the first line has ${columns.length}` };
    }
    const cells = isGuarded ? record.map(unguarded) : record;
    return { line, text: itemOf(cells, columns, clearMarker), cells };
  };
}

/** The parser tells the line in which a row ends. */
function lineFeedsIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
}

/** What the parser found wrong; any other error as it is. */
export function csvFault(error: unknown): unknown {
  const { code, records, message } = error as { code?: unknown; records?: unknown; message: string };
  // One of its codes lacks the prefix of the others.
  const isOfParser = typeof code === 'string' && /^CSV_|^INVALID_OPENING_QUOTE$/.test(code);
  if (!isOfParser || typeof records !== 'number') return error;
  return new FileError([`It is no CSV after the first ${records} rows: ${message}.`]);
}

/** What a spreadsheet takes for a formula, guarded or not. Numbers and phone numbers are none. */
const FORMULA = /^'*\s*(?:[=@＝＠]|[+\-＋－](?![\d\s().-]*$))/;

/**
 * A formula is led by an apostrophe: whoever opens the rows that failed may not be who wrote them. It is taken away when
 * they are sent again.
 */
function guarded(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

function isErrorColumn(header: string | undefined): boolean {
  return ERROR_COLUMNS.some((name) => name === header);
}

/** Whether the columns are those of a file of failed rows. */
function isOfFailed(headers: readonly string[]): boolean {
  return headers.some(isErrorColumn);
}

/**
 * The names of the columns of a file of failed rows, with those of the errors last.
 * @returns also how a row of the original gets there
 */
export function failedColumns(headers: readonly string[]) {
  const kept = [...headers.keys()].filter((position) => !isErrorColumn(headers[position]));
  const pick = (cells: readonly string[]) => kept.map((position) => cells[position] ?? '');
  return {
    header: [...pick(headers), ...ERROR_COLUMNS].map(guarded),
    recordOf: (cells: readonly string[], errors: readonly RowError[]) =>
      [
        ...pick(cells),
        errors.map(({ code }) => code).join(' '),
        errors.map(({ message }) => message).join(' '),
      ].map(guarded),
  };
}
