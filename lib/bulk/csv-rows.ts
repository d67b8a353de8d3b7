import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { MAX_BODY_BYTES } from './batches.ts';
import { charactersOf } from './characters.ts';
import { type Column, ERROR_COLUMNS } from './csv-columns.ts';
import { itemOf } from './csv-item.ts';
import { type FaultyRow, FileError, type Row } from './row.ts';

interface Record {
  record: string[];
  info: { lines: number };
}

/** The first line, and what stands between its cells. */
export interface CsvHead {
  headers: string[];
  delimiter: string;
}

/** Spreadsheets write semicolons where the comma is the decimal mark. */
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * The names of the columns, cut by the delimiter that makes the most of them.
 * @throws FileError when there are none
 */
export async function readHead(path: string): Promise<CsvHead> {
  const heads = await Promise.all(
    DELIMITERS.map((delimiter) => headOf(path, delimiter).catch(() => undefined)),
  );
  const most = Math.max(...heads.map((head) => head?.headers.length ?? 0));
  return heads.find((head) => head?.headers.length === most) ?? headOf(path, ',');
}

async function headOf(path: string, delimiter: string): Promise<CsvHead> {
  for await (const { record } of records(path, delimiter, { to: 1 })) {
    return { headers: record.map((header) => header.trim()), delimiter };
  }
  throw new FileError(['The file is empty. Its first line must name the columns.']);
}

/** The rows below the first line, which names the columns. Rows without any text do not count. */
export async function* csvRows(
  path: string,
  { delimiter }: CsvHead,
  columns: readonly Column[],
  clearMarker: string,
): AsyncGenerator<Row | FaultyRow, void, void> {
  let isHead = true;
  for await (const { record, info } of records(path, delimiter)) {
    const line = info.lines - lineFeedsIn(record);
    if (isHead) isHead = false;
    else if (record.length === columns.length) {
      yield { line, text: itemOf(record, columns, clearMarker), cells: record };
    } else {
      yield { line, fault: `has ${record.length} cells, and the first line has ${columns.length}` };
    }
  }
}

/** The parser tells the line in which a row ends. */
function lineFeedsIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
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
  return { header: [...pick(headers), ...ERROR_COLUMNS], pick };
}

async function* records(
  path: string,
  delimiter: string,
  options: { to?: number } = {},
): AsyncGenerator<Record, void, void> {
  const parser = parse({
    ...options,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    // A quote that is never closed would take in the rest of the file.
    max_record_size: MAX_BODY_BYTES,
  });
  const text = Readable.from(charactersOf(path));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    yield* parser as AsyncIterable<Record>;
  } catch (error) {
    if (!isCsvError(error)) throw error;
    throw new FileError([`It is no CSV after the first ${error.records} rows: ${error.message}.`]);
  } finally {
    text.destroy();
  }
}

function isCsvError(error: unknown): error is CsvError & { records: number } {
  return error instanceof CsvError && typeof error.records === 'number';
}
