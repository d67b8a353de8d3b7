import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import type { Column } from './csv-columns.ts';
import { CSV_OPTIONS, type CsvRecord, rowOfRecord } from './csv-format.ts';
import { type FaultyRow, FileError, type Row } from './row.ts';

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
  for await (const record of records(path)) {
    if (isHead) isHead = false;
    else yield rowOfRecord(record, line, columns, clearMarker);
    line = record.info.lines + 1;
  }
}

async function* records(path: string): AsyncGenerator<CsvRecord, void, void> {
  const parser = parse(CSV_OPTIONS);
  const stream = createReadStream(path);
  stream.on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    yield* parser as AsyncIterable<CsvRecord>;
  } catch (error) {
    if ((error as CsvError).code?.startsWith('CSV_'))
      throw new FileError([`It is no CSV: ${(error as Error).message}.`]);
    throw error;
  } finally {
    stream.destroy();
  }
}
