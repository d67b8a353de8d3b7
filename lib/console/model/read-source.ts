import { parse } from 'csv-parse/browser/esm/sync';
import { charactersOf, withShortLines } from '../../bulk/characters.ts';
import {
  type CsvHead,
  type CsvRecord,
  chosenHead,
  csvFault,
  csvOptions,
  DELIMITERS,
  headOfRecord,
} from '../../bulk/csv-format.ts';
import { formatOfName, formatOfText } from '../../bulk/file-format.ts';
import { jsonRows, ndjsonRows } from '../../bulk/json-rows.ts';
import { type FaultyRow, FileError, type Row } from '../../bulk/row.ts';
import { type Source, sound } from './source.ts';

/** A browser holds all of a file in memory; the command line reads one of any size. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * @param file - of which the name tells the format, or how it begins
 * @throws FileError with what is wrong with it
 */
export async function readSource(file: File): Promise<Source> {
  if (file.size > MAX_FILE_BYTES) {
    throw new FileError(['It is larger than 100 MB. Send it with the command line: bulk-update submit.']);
  }
  let text = '';
  for await (const part of charactersOf([await bytesOf(file)])) text += part;
  const format = formatOfName(file.name) ?? formatOfText(text);
  if (format === 'csv') for await (const _ of withShortLines([text]));
  return format === 'csv'
    ? { format, name: file.name, ...readCsv(text) }
    : { format, name: file.name, rows: await readItems(text, format) };
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // Browsers refuse to read what is not as it was when it was chosen.
    throw new FileError(['It cannot be read. If it was changed, moved or deleted since, choose it again.']);
  }
}

function readCsv(text: string): { head: CsvHead; records: CsvRecord[] } {
  const head = chosenHead(DELIMITERS.map((delimiter) => headOf(text, delimiter))) ?? firstHead(text);
  const records = recordsOf(text, head.delimiter).slice(1);
  if (records.length === 0) throw new FileError(['It holds no items.']);
  return { head, records };
}

/** @returns undefined when it is no CSV with this delimiter, as quotes before another one are none */
function headOf(text: string, delimiter: string): CsvHead | undefined {
  try {
    return firstHead(text, delimiter);
  } catch {
    return undefined;
  }
}

function firstHead(text: string, delimiter: string = DELIMITERS[0]): CsvHead {
  const [first] = recordsOf(text, delimiter, { to: 1 });
  return headOfRecord(first, delimiter);
}

function recordsOf(text: string, delimiter: string, { to = -1 } = {}): CsvRecord[] {
  try {
    // With `info` it gives records with where they stand, which its types do not know.
    return parse(text, { ...csvOptions(delimiter), to }) as unknown as CsvRecord[];
  } catch (error) {
    throw csvFault(error);
  }
}

async function readItems(text: string, format: 'json' | 'ndjson'): Promise<Row[]> {
  const rows: (Row | FaultyRow)[] = [];
  for await (const row of format === 'ndjson' ? ndjsonRows([text]) : jsonRows([text])) rows.push(row);
  if (rows.length === 0) throw new FileError(['It holds no items.']);
  return sound(rows, format);
}
