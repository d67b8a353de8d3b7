import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { charactersOf } from './characters.ts';
import type { Column } from './csv-columns.ts';
import {
  type CsvHead,
  type CsvRecord,
  chosenHead,
  csvFault,
  csvOptions,
  DELIMITERS,
  headOfRecord,
  rowReader,
} from './csv-format.ts';
import type { FaultyRow, Row } from './row.ts';

/** @throws FileError when there is no first line */
export async function readHead(path: string): Promise<CsvHead> {
  const heads = DELIMITERS.map((delimiter) => headOf(path, delimiter).catch(() => undefined));
  return chosenHead(await Promise.all(heads)) ?? headOf(path, DELIMITERS[0]);
}

async function headOf(path: string, delimiter: string): Promise<CsvHead> {
  for await (const first of records(path, delimiter, { to: 1 })) return headOfRecord(first, delimiter);
  return headOfRecord(undefined, delimiter);
}

/** The rows below the first line, which names the columns. */
export async function* csvRows(
  path: string,
  head: CsvHead,
  columns: readonly Column[],
  clearMarker: string,
): AsyncGenerator<Row | FaultyRow, void, void> {
  const rowOf = rowReader(head, columns, clearMarker);
  let isHead = true;
  for await (const record of records(path, head.delimiter)) {
    if (isHead) isHead = false;
    else yield rowOf(record);
  }
}

async function* records(
  path: string,
  delimiter: string,
  options: { to?: number } = {},
): AsyncGenerator<CsvRecord, void, void> {
  const parser = parse({ ...csvOptions(delimiter), ...options });
  const text = Readable.from(charactersOf(createReadStream(path)));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    yield* parser as AsyncIterable<CsvRecord>;
  } catch (error) {
    throw csvFault(error);
  } finally {
    text.destroy();
  }
}
