import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { withShortLines } from './characters.ts';
import type { Column } from './column.ts';
import { type CsvSample, chosenDelimiter, DELIMITERS, SAMPLE_ROWS, separatorOf } from './csv-delimiter.ts';
import { type CellOptions, type CsvHead, type CsvRecord, headOfRecord, rowReader } from './csv-format.ts';
import { CsvReader } from './csv-reader.ts';
import type { FaultyRow, Row } from './row.ts';

/** The text of a CSV file, which is read several times. */
export interface CsvText {
  /** Its first characters. */
  beginning: string;
  /** Reads it from its beginning, without its byte order mark. */
  read: () => AsyncIterable<string>;
}

/**
 * Reads the names of the columns.
 * @param delimiter - default: the one that the first line names, or that the rows suggest
 * @throws FileError when the file is empty
 */
export async function readHead(csv: CsvText, delimiter?: string): Promise<CsvHead> {
  const known = delimiter ?? separatorOf(csv.beginning);
  if (known !== undefined) return headOf(csv, known);
  const samples = await Promise.all(DELIMITERS.map((candidate) => sampleOf(csv, candidate)));
  return headOf(csv, chosenDelimiter(samples) ?? ',');
}

async function sampleOf(csv: CsvText, delimiter: string): Promise<CsvSample> {
  const sample: CsvRecord[] = [];
  try {
    for await (const record of records(csv, delimiter, { to: SAMPLE_ROWS + 1 })) sample.push(record);
  } catch {
    // The error is reported when the file is read with the chosen delimiter.
    return { delimiter, records: sample, isBroken: true };
  }
  return { delimiter, records: sample, isBroken: false };
}

async function headOf(csv: CsvText, delimiter: string): Promise<CsvHead> {
  for await (const first of records(csv, delimiter, { to: 1 })) return headOfRecord(first, delimiter);
  return headOfRecord(undefined, delimiter);
}

/** Number of rows by which the meaning of columns is guessed. */
const SAMPLES = 100;

/** Reads the cells of the first rows. */
export async function readSamples(csv: CsvText, head: CsvHead): Promise<string[][]> {
  const samples: string[][] = [];
  for await (const { record } of records(csv, head.delimiter, { to: SAMPLES + 1 })) samples.push(record);
  return samples.slice(1);
}

/** Reads the rows after the first line, which names the columns. */
export async function* csvRows(
  csv: CsvText,
  head: CsvHead,
  columns: readonly Column[],
  options: CellOptions,
): AsyncGenerator<Row | FaultyRow, void, void> {
  const rowOf = rowReader(head, columns, options);
  let isHead = true;
  for await (const record of records(csv, head.delimiter)) {
    if (isHead) isHead = false;
    else yield rowOf(record);
  }
}

async function* records(
  csv: CsvText,
  delimiter: string,
  options: { to?: number } = {},
): AsyncGenerator<CsvRecord, void, void> {
  const reader = new CsvReader(delimiter, csv.beginning);
  const parser = parse(reader.options(options));
  const text = Readable.from(withShortLines(csv.read()));
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
