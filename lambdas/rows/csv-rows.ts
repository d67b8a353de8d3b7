import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { type Source, textOf } from '../../lib/cli/source.ts';
import { withShortLines } from './characters.ts';
import type { Column } from './csv-columns.ts';
import { type CsvSample, chosenDelimiter, DELIMITERS, SAMPLE_ROWS, separatorOf } from './csv-delimiter.ts';
import { type CellOptions, type CsvHead, type CsvRecord, headOfRecord, rowReader } from './csv-format.ts';
import { CsvReader } from './csv-reader.ts';
import type { FaultyRow, Row } from './row.ts';

/**
 * Reads the names of the columns.
 * @param delimiter - default: the one that the first line names, or that the rows suggest
 * @throws FileError when the file is empty
 */
export async function readHead(source: Source, delimiter?: string): Promise<CsvHead> {
  const known = delimiter ?? separatorOf(source.beginning);
  if (known !== undefined) return headOf(source, known);
  const samples = await Promise.all(DELIMITERS.map((candidate) => sampleOf(source, candidate)));
  return headOf(source, chosenDelimiter(samples) ?? ',');
}

async function sampleOf(source: Source, delimiter: string): Promise<CsvSample> {
  const sample: CsvRecord[] = [];
  try {
    for await (const record of records(source, delimiter, { to: SAMPLE_ROWS + 1 })) sample.push(record);
  } catch {
    // The error is reported when the file is read with the chosen delimiter.
    return { delimiter, records: sample, isBroken: true };
  }
  return { delimiter, records: sample, isBroken: false };
}

async function headOf(source: Source, delimiter: string): Promise<CsvHead> {
  for await (const first of records(source, delimiter, { to: 1 })) return headOfRecord(first, delimiter);
  return headOfRecord(undefined, delimiter);
}

/** Reads the rows after the first line, which names the columns. */
export async function* csvRows(
  source: Source,
  head: CsvHead,
  columns: readonly Column[],
  options: CellOptions,
): AsyncGenerator<Row | FaultyRow, void, void> {
  const rowOf = rowReader(head, columns, options);
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
  const reader = new CsvReader(delimiter, source.beginning);
  const parser = parse(reader.options(options));
  const text = Readable.from(withShortLines(textOf(source)));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    yield* parser as AsyncIterable<CsvRecord>;
  } catch (error) {
    throw reader.faultOf(error);
  } finally {
    text.destroy();
  }
}
