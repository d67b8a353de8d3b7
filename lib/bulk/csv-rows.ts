import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { charactersOf, withShortLines } from './characters.ts';
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
import { bytesOf, type Source } from './source.ts';

/** @throws FileError when there is no first line */
export async function readHead(source: Source): Promise<CsvHead> {
  const heads = DELIMITERS.map((delimiter) => headOf(source, delimiter).catch(() => undefined));
  return chosenHead(await Promise.all(heads)) ?? headOf(source, DELIMITERS[0]);
}

async function headOf(source: Source, delimiter: string): Promise<CsvHead> {
  for await (const first of records(source, delimiter, { to: 1 })) return headOfRecord(first, delimiter);
  return headOfRecord(undefined, delimiter);
}

/** The rows below the first line, which names the columns. */
export async function* csvRows(
  source: Source,
  head: CsvHead,
  columns: readonly Column[],
  clearMarker: string,
): AsyncGenerator<Row | FaultyRow, void, void> {
  const rowOf = rowReader(head, columns, clearMarker);
  let isHead = true;
  for await (const record of records(source, head.delimiter)) {
    if (isHead) isHead = false;
    else yield rowOf(record);
  }
}

async function* records(
  source: Source,
  delimiter: string,
  options: { to?: number } = {},
): AsyncGenerator<CsvRecord, void, void> {
  const parser = parse({ ...csvOptions(delimiter), ...options });
  const text = Readable.from(withShortLines(charactersOf(bytesOf(source))));
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
