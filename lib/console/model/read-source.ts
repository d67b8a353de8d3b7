import { parse } from 'csv-parse/browser/esm/sync';
import { charactersOf, withShortLines } from '../../../lambdas/rows/characters.ts';
import {
  type CsvSample,
  chosenDelimiter,
  DELIMITERS,
  SAMPLE_ROWS,
  separatorLine,
  separatorOf,
} from '../../../lambdas/rows/csv-delimiter.ts';
import { type CsvRecord, headOfRecord } from '../../../lambdas/rows/csv-format.ts';
import { CsvReader } from '../../../lambdas/rows/csv-reader.ts';
import { encodingOf } from '../../../lambdas/rows/encoding.ts';
import { formatOf } from '../../../lambdas/rows/file-format.ts';
import { jsonRows, ndjsonRows } from '../../../lambdas/rows/json-rows.ts';
import { type FaultyRow, FileError, type Row } from '../../../lambdas/rows/row.ts';
import { type ChosenSource, type CsvSource, sound } from './source.ts';

/** A browser holds all of a file in memory; the command line reads one of any size. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * @param file - of which the name tells the format, or how it begins
 * @throws FileError with what is wrong with it
 */
export async function readSource(file: File): Promise<ChosenSource> {
  if (file.size > MAX_FILE_BYTES) {
    throw new FileError(['It is larger than 100 MB. Send it with the command line: bulk-update submit.']);
  }
  const bytes = await bytesOf(file);
  const encoding = encodingOf(bytes, file.name);
  let text = '';
  for await (const part of charactersOf(chunksOf(bytes), encoding, file.name)) text += part;
  const format = formatOf(file.name, text.slice(0, CHUNK_LENGTH));
  if (format === 'csv') for await (const _ of withShortLines([text]));
  return format === 'csv'
    ? { format, name: file.name, hasMark: encoding.hasMark, ...readCsv(text) }
    : { format, name: file.name, rows: await readItems(text, format) };
}

const CHUNK_LENGTH = 64 * 1024;

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += CHUNK_LENGTH)
    yield bytes.subarray(start, start + CHUNK_LENGTH);
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // Browsers refuse to read what is not as it was when it was chosen.
    throw new FileError(['It cannot be read. If it was changed, moved or deleted since, choose it again.']);
  }
}

function readCsv(text: string): Pick<CsvSource, 'separatorLine' | 'head' | 'records'> {
  const beginning = text.slice(0, CHUNK_LENGTH);
  const delimiter =
    separatorOf(beginning) ??
    chosenDelimiter(DELIMITERS.map((candidate) => sampleOf(text, candidate))) ??
    ',';
  const [first, ...records] = recordsOf(text, delimiter);
  const head = headOfRecord(first, delimiter);
  if (records.length === 0) throw new FileError(['It holds no items.']);
  return { separatorLine: separatorLine(beginning, delimiter), head, records };
}

/** The first rows, with those of them that are no CSV with this delimiter, as quotes before another one are none. */
function sampleOf(text: string, delimiter: string): CsvSample {
  try {
    return { delimiter, records: recordsOf(text, delimiter, SAMPLE_ROWS + 1), isBroken: false };
  } catch {
    return { delimiter, records: headOf(text, delimiter), isBroken: true };
  }
}

function headOf(text: string, delimiter: string): CsvRecord[] {
  try {
    return recordsOf(text, delimiter, 1);
  } catch {
    return [];
  }
}

function recordsOf(text: string, delimiter: string, to = -1): CsvRecord[] {
  const reader = new CsvReader(delimiter, text.slice(0, CHUNK_LENGTH));
  try {
    // It gives what `on_record` makes of them, which its types do not know.
    return parse(text, reader.options({ to })) as unknown as CsvRecord[];
  } catch (error) {
    throw reader.faultOf(error);
  }
}

async function readItems(text: string, format: 'json' | 'ndjson'): Promise<Row[]> {
  const rows: (Row | FaultyRow)[] = [];
  for await (const row of format === 'ndjson' ? ndjsonRows([text]) : jsonRows([text])) rows.push(row);
  if (rows.length === 0) throw new FileError(['It holds no items.']);
  return sound(rows, format);
}
