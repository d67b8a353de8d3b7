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
import { type Encoding, encodingOf } from '../../../lambdas/rows/encoding.ts';
import { formatOf } from '../../../lambdas/rows/file-format.ts';
import { maybeWorkbook } from '../../../lambdas/rows/file-kind.ts';
import { jsonRows, ndjsonRows } from '../../../lambdas/rows/json-rows.ts';
import { type FaultyRow, FileError, type Row } from '../../../lambdas/rows/row.ts';
import { rowNoun } from '../../../lambdas/rows/row-noun.ts';
import { part } from './part.ts';
import { type ChosenSource, type CsvSource, type ReadOptions, sound } from './source.ts';

/** Maximum size of a file, which a browser keeps in memory. The command line has no limit. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * Reads a file and detects its format.
 * @throws FileError with everything that is wrong with the file
 */
export async function readSource(file: File, options: ReadOptions = {}): Promise<ChosenSource> {
  const bytes = await bytesOf(file);
  if (maybeWorkbook(bytes)) {
    const { readSheet } = await part(() => import('./read-sheet.ts'));
    return readSheet(file, options);
  }
  const encoding = encodingOf(bytes, file.name, options.encoding);
  const text = await textOf(bytes, encoding);
  const format = formatOf(file.name, text.slice(0, CHUNK_LENGTH));
  if (format === 'csv') for await (const _ of withShortLines([text]));
  return format === 'csv'
    ? { format, name: file.name, hasMark: encoding.hasMark, ...readCsv(text) }
    : { format, name: file.name, rows: await readItems(text, format) };
}

const CHUNK_LENGTH = 64 * 1024;

/** Decodes a file. @throws FileError for a byte that is invalid in its encoding */
export async function textOf(bytes: Uint8Array, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const part of charactersOf(chunksOf(bytes), encoding)) text += part;
  return text;
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += CHUNK_LENGTH)
    yield bytes.subarray(start, start + CHUNK_LENGTH);
}

/** Reads the bytes of a file. @throws FileError when it is too large or has changed */
export async function bytesOf(file: File): Promise<Uint8Array> {
  if (file.size > MAX_FILE_BYTES) {
    throw new FileError([
      'The file is larger than 100 MB. Send it with the command line: bulk-update submit.',
    ]);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // Browsers refuse to read a file that changed after it was chosen.
    throw new FileError(['The file cannot be read. If it was changed, moved or deleted, choose it again.']);
  }
}

export function readCsv(text: string): Pick<CsvSource, 'separatorLine' | 'head' | 'records'> {
  const beginning = text.slice(0, CHUNK_LENGTH);
  const delimiter =
    separatorOf(beginning) ??
    chosenDelimiter(DELIMITERS.map((candidate) => sampleOf(text, candidate))) ??
    ',';
  const [first, ...records] = recordsOf(text, delimiter);
  const head = headOfRecord(first, delimiter);
  if (records.length === 0) throw new FileError(['The file has no items. Add a row.']);
  return { separatorLine: separatorLine(beginning, delimiter), head, records };
}

/** Reads the first rows with a delimiter. Quotes beside another delimiter make them invalid. */
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
    // It returns what `on_record` returns, which its types do not know.
    return parse(text, reader.options({ to })) as unknown as CsvRecord[];
  } catch (error) {
    throw reader.faultOf(error);
  }
}

async function readItems(text: string, format: 'json' | 'ndjson'): Promise<Row[]> {
  const rows: (Row | FaultyRow)[] = [];
  for await (const row of format === 'ndjson' ? ndjsonRows([text]) : jsonRows([text])) rows.push(row);
  if (rows.length === 0) throw new FileError(['The file has no items. Add a row.']);
  return sound(rows, rowNoun(format));
}
