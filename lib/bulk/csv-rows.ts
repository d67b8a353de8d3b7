import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import { type Column, ERROR_COLUMNS } from './csv-columns.ts';
import { itemOf } from './csv-item.ts';
import { type FaultyRow, FileError, type Row } from './row.ts';

interface Record {
  record: string[];
  info: { lines: number };
}

/** @throws FileError when there is none */
export async function readHeaders(path: string): Promise<string[]> {
  for await (const { record } of records(path)) return record.map((header) => header.trim());
  throw new FileError(['The file is empty. Its first line must name the columns.']);
}

/** The rows below the first line, which names the columns. */
export async function* csvRows(
  path: string,
  columns: readonly Column[],
  clearMarker: string,
): AsyncGenerator<Row | FaultyRow, void, void> {
  let isHead = true;
  let line = 1;
  for await (const { record, info } of records(path)) {
    if (isHead) isHead = false;
    else if (record.length === columns.length) {
      yield { line, text: itemOf(record, columns, clearMarker), cells: record };
    } else {
      yield { line, fault: `has ${record.length} cells, and the first line has ${columns.length}` };
    }
    line = info.lines + 1;
  }
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

async function* records(path: string): AsyncGenerator<Record, void, void> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, relax_column_count: true });
  const stream = createReadStream(path);
  stream.on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    yield* parser as AsyncIterable<Record>;
  } catch (error) {
    if ((error as CsvError).code?.startsWith('CSV_'))
      throw new FileError([`It is no CSV: ${(error as Error).message}.`]);
    throw error;
  } finally {
    stream.destroy();
  }
}
