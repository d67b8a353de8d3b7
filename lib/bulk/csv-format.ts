import type { Options } from 'csv-parse';
import { MAX_BODY_BYTES } from './batches.ts';
import { type Column, ERROR_COLUMNS, isErrorColumn } from './csv-columns.ts';
import { isNull, itemOf } from './csv-item.ts';
import { type FaultyRow, FileError, type Row, type RowError } from './row.ts';

/** The names of the columns, and what stands between cells. */
export interface CsvHead {
  headers: string[];
  delimiter: string;
}

/** A row as it is cut, with the line of the file in which it begins. */
export interface CsvRecord {
  record: string[];
  line: number;
}

/** How cells become items. */
export interface CellOptions {
  /** The cell that clears a field. */
  clearMarker: string;
  /** Takes the cells that a row lacks at its end for empty ones. */
  padShortRows?: boolean | undefined;
}

/**
 * What is tried where nothing says what the delimiter is. Spreadsheets write semicolons where the comma is the decimal
 * mark. The comma comes last, as it is the one that occurs in texts.
 */
export const DELIMITERS = [';', '\t', '|', ','] as const;

/** The rows that show whether a delimiter is the right one. */
export const SAMPLE_ROWS = 50;

/** What reads a CSV: rows without any text do not count. */
export class CsvReader {
  readonly #delimiter: string;
  readonly #hasSeparatorLine: boolean;
  /** Of the record before. */
  #lastLine: number;
  /** csv-parse takes a CRLF in quotes for two lines. */
  #countedTwice = 0;

  constructor(delimiter: string, beginning: string) {
    this.#delimiter = delimiter;
    this.#hasSeparatorLine = separatorOf(beginning) !== undefined;
    this.#lastLine = this.#hasSeparatorLine ? 1 : 0;
  }

  /** Options of csv-parse, which gives {@link CsvRecord}s with them. */
  options({ to = -1 } = {}) {
    return {
      delimiter: this.#delimiter,
      // A file that several systems wrote has several.
      record_delimiter: ['\r\n', '\n', '\r'],
      from_line: this.#hasSeparatorLine ? 2 : 1,
      to,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // A quote that is never closed would take in the rest of the file.
      max_record_size: MAX_BODY_BYTES,
      on_record: ((record: string[], { lines }: { lines: number }): CsvRecord => {
        const [ends, pairs] = lineEndsIn(record);
        const line = lines - this.#countedTwice - ends;
        this.#countedTwice += pairs;
        this.#lastLine = lines - this.#countedTwice;
        return { record, line };
        // It gives whatever this returns, which its types do not know.
      }) as unknown as NonNullable<Options['on_record']>,
    } satisfies Options;
  }

  /** What the parser found wrong; any other error as it is. */
  faultOf(error: unknown): unknown {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string' || !Object.hasOwn(PARSER_FAULTS, code)) return error;
    const where = this.#lastLine === 0 ? 'The first row' : `The row below line ${this.#lastLine}`;
    return new FileError([`${where} is not valid CSV: ${PARSER_FAULTS[code]}`]);
  }
}

const PARSER_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed. Close it, or write a quote within a quoted cell twice: "".',
  CSV_INVALID_CLOSING_QUOTE:
    'a quoted cell goes on behind its closing quote. Write a quote within a quoted cell twice: "".',
  INVALID_OPENING_QUOTE:
    'a quote is in a cell that does not begin with one. Put the cell in quotes and write the quote twice: "".',
  CSV_MAX_RECORD_SIZE: 'it is larger than a whole request may be. Look for a quote that is never closed.',
};

/** How many characters of a record end lines, and how many of them are two that end one. */
function lineEndsIn(record: readonly string[]): [ends: number, pairs: number] {
  let [ends, pairs] = [0, 0];
  for (const cell of record) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    ends += cell.match(/[\r\n]/g)?.length ?? 0;
    pairs += cell.match(/\r\n/g)?.length ?? 0;
  }
  return [ends, pairs];
}

/**
 * The delimiter that the first line names for Excel: `sep=;`, which is no row. Spreadsheets that do not know it write it
 * again with the delimiters of the other rows behind it. https://github.com/mechatroner/vscode_rainbow_csv/issues/108; a
 * tab is in quotes: https://github.com/tspence/csharp-csv-reader/issues/28
 */
export function separatorOf(beginning: string): string | undefined {
  const [line = ''] = beginning.split(/\r\n|\r|\n/, 1);
  const [, named = '', rest = ''] = /^"?sep=(\\t|[^\p{L}\p{N}"])"?(.*)$/iu.exec(line) ?? [];
  const separator = named === '\\t' ? '\t' : named;
  return separator !== '' && rest.replaceAll(separator, '') === '' ? separator : undefined;
}

/** The line that names the delimiter of a file of failed rows, if the file that was sent has one. */
export function separatorLine(beginning: string, delimiter: string): string {
  return separatorOf(beginning) === undefined ? '' : `sep=${delimiter}\n`;
}

/** The first records of a file as one delimiter cuts them. */
export interface CsvSample {
  delimiter: string;
  records: readonly CsvRecord[];
  /** Whether a row is not valid with it. */
  isBroken: boolean;
}

/**
 * The delimiter that makes the most rows as long as the first one, and of several the most columns.
 * @returns undefined when none makes two columns
 */
export function chosenDelimiter(samples: readonly CsvSample[]): string | undefined {
  const scored = samples.flatMap(({ delimiter, records: [head, ...rows], isBroken }) => {
    const columns = head?.record.length ?? 0;
    if (columns < 2) return [];
    const alike = rows.filter(({ record }) => record.length === columns).length;
    const share = rows.length === 0 ? Number(!isBroken) : alike / (rows.length + Number(isBroken));
    // What wrote these two columns wrote the delimiter beside them.
    return [{ delimiter, columns, share: head?.record.some(isErrorColumn) ? 1 : share }];
  });
  scored.sort((a, b) => b.share - a.share || b.columns - a.columns);
  return scored[0]?.delimiter;
}

/** @throws FileError when there is no first record */
export function headOfRecord(first: CsvRecord | undefined, delimiter: string): CsvHead {
  if (first === undefined) throw new FileError(['The file is empty. Its first line must name the columns.']);
  return { headers: first.record.map((header) => header.trim()), delimiter };
}

/** What makes rows of the records below the first. */
export function rowReader(
  { headers }: CsvHead,
  columns: readonly Column[],
  { clearMarker, padShortRows = false }: CellOptions,
): (record: CsvRecord) => Row | FaultyRow {
  const wanted = columns.findLastIndex(({ is }) => is !== 'nameless') + 1;
  const hadErrors = headers.some(isErrorColumn);
  return ({ record, line }) => {
    const isShort = record.length < wanted && !padShortRows;
    const isLong = record.slice(columns.length).some((cell) => cell.trim() !== '');
    if (isShort || isLong) return { line, ...countFault(record.length, columns.length, isShort) };
    for (const [position, column] of columns.entries()) {
      const fault = faultOfCell(record[position] ?? '', column, position, clearMarker);
      if (fault !== undefined) return { line, fault: fault[0], remedies: [fault[1]] };
    }
    const cells = columns.map((_, position) => record[position] ?? '');
    return { line, text: itemOf(cells, columns, clearMarker), cells, hadErrors };
  };
}

function countFault(cells: number, columns: number, isShort: boolean): Omit<FaultyRow, 'line'> {
  const fault = `has ${cells} ${cells === 1 ? 'cell' : 'cells'}; the header has ${columns}`;
  const quotes = 'Quote cells that contain the delimiter or a line end.';
  return {
    fault,
    remedies: isShort
      ? [
          quotes,
          'If cells are missing at the end of rows, send the file from the command line with --pad-short-rows.',
        ]
      : [quotes],
  };
}

/**
 * What Excel writes of a number with more than 11 digits, and of a key such as 0503E000, in a cell that is not formatted
 * as text: https://www.statology.org/excel-convert-scientific-notation-to-text/
 */
const SHORTENED = /^[+-]?\d(?:[.,]\d{1,14})?E\+\d{2,3}$/;

/** Whether a spreadsheet is likely to have cut digits off. */
export function isShortened(cell: string): boolean {
  return cell.includes('E+') && SHORTENED.test(cell);
}

function faultOfCell(
  cell: string,
  column: Column,
  position: number,
  clearMarker: string,
): [fault: string, remedy: string] | undefined {
  if (column.is === 'nameless') {
    if (cell.trim() === '') return undefined;
    return [
      `has text in column ${position + 1}, which has no name`,
      'Name the column in the first line, or leave columns without a name out: --map "=".',
    ];
  }
  if (column.is === 'identifier' && isShortened(cell)) {
    return [
      `has ${cell} as its ${column.name}, which a spreadsheet has made of a longer number`,
      'Format the column as text in the spreadsheet, enter the numbers again and save the file. If a value is right as it is, send its row as NDJSON.',
    ];
  }
  if ('name' in column && isNull(cell, column)) {
    return [
      `has null in the column of ${column.name}, which would clear it`,
      `Write ${clearMarker} to clear a field, or the JSON text "null", which is """null""" in a CSV.`,
    ];
  }
  return undefined;
}

/** What a spreadsheet takes for a formula. Numbers and phone numbers are none. */
const FORMULA = /^\s*(?:[=@＝＠]|[+\-＋－](?![\d\s().-]*$))/;

/** Whether a spreadsheet would run a cell. */
export function isFormula(cell: string): boolean {
  return FORMULA.test(cell);
}

/** A message repeats texts of others. It is not sent again, so that nothing is changed by what keeps it a text. */
function guarded(message: string): string {
  return isFormula(message) ? `'${message}` : message;
}

/**
 * The names of the columns of a file of failed rows, with those of the errors last. Cells stay as they were read: they are
 * the user's own, and what guarded them would be sent if the columns of the errors were taken out.
 * @returns also how a row of the original gets there
 */
export function failedColumns(headers: readonly string[]) {
  const kept = [...headers.keys()].filter((position) => !isErrorColumn(headers[position]));
  const pick = (cells: readonly string[]) => kept.map((position) => cells[position] ?? '');
  return {
    header: [...pick(headers), ...ERROR_COLUMNS],
    recordOf: (cells: readonly string[], errors: readonly RowError[]) => [
      ...pick(cells),
      guarded(errors.map(({ code }) => code).join(' ')),
      guarded(errors.map(({ message }) => message).join(' ')),
    ],
  };
}

/**
 * What a file of failed rows begins with if one of its cells is not ASCII, or the file that was sent did. Without it, Excel
 * takes a CSV for one of a Windows code page: https://wiki.scn.sap.com/wiki/display/ABAP/Excel+files+-+CSV+format
 */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Whether a text is the same in UTF-8 and in every code page of Windows. */
export function isAscii(text: string): boolean {
  return !/[\u0080-\uFFFF]/.test(text);
}
