import { parse } from 'csv-parse/sync';
import { MAX_JSON_LEVELS } from '../contract/attribute-types.ts';
import { isObject } from '../contract/is-object.ts';
import { isNestedBeyond } from '../contract/json-levels.ts';
import type { Column } from './column.ts';
import { RESULT_COLUMNS } from './column-names.ts';
import { type CsvRecord, rowReader } from './csv-format.ts';
import { CsvReader } from './csv-reader.ts';
import { ERRORS, ndjsonRow } from './json-rows.ts';
import type { FaultyRow, Row, RowError } from './row.ts';
import { type FileChunk, type FileHead, scannerOf } from './split-file.ts';

/** A row of a chunk. */
export interface ChunkRow {
  /** Its number in the file: 1 for the first row of data. */
  row: number;
  /** The physical line of the file on which it begins, from 1. */
  line: number;
  /** The row as written, without its line end. */
  bytes: Uint8Array;
  /** The item as JSON, as the command line would send it, or undefined if it cannot be sent. */
  item: string | undefined;
  /** Why not. */
  faults: RowError[];
  /** Whether it is a line of a file whose rows cannot be told, so that it may be a part of a row. */
  isLine?: true;
}

/** How the rows of a file become items. */
export type ChunkReading =
  | {
      format: 'csv';
      head: Pick<FileHead, 'cells' | 'delimiter'>;
      columns: readonly Column[];
      /** The cell that clears a field. */
      clearMarker: string;
    }
  | { format: 'ndjson' };

/** Members of an item that an earlier run added. */
const ADDED: readonly string[] = [ERRORS, ...RESULT_COLUMNS];

/** Reads all rows of a chunk. Those of a broken chunk have neither items nor faults. */
export function rowsOfChunk(
  { bytes, from }: Pick<FileChunk, 'bytes' | 'from'>,
  reading: ChunkReading,
): ChunkRow[] {
  const delimiter = reading.format === 'csv' ? reading.head.delimiter : '';
  const scanner = scannerOf(reading.format, delimiter, from.broken);
  const itemOf =
    from.broken === undefined ? itemReader(bytes, reading) : () => ({ item: undefined, faults: [] });
  const rows: ChunkRow[] = [];
  let { row, line } = from;
  for (;;) {
    const found = scanner.next(bytes, true);
    if (found === 'end') return rows;
    if (found !== 'row' && found !== 'blank')
      throw new Error(`The chunk at byte ${from.byte} is not whole rows`);
    if (found === 'row') {
      const text = bytes.subarray(scanner.start, scanner.end);
      const isLine = from.broken === 'lines' ? { isLine: true as const } : {};
      rows.push({ row: row + 1, line: line + 1, bytes: text, ...itemOf(text, rows.length), ...isLine });
      row += 1;
    }
    line += scanner.lines;
  }
}

type Read = Pick<ChunkRow, 'item' | 'faults'>;

/** Returns a function that reads a row, by its text and its place in the chunk. */
function itemReader(chunk: Uint8Array, reading: ChunkReading): (text: Uint8Array, place: number) => Read {
  if (reading.format === 'ndjson') return ndjsonItem;
  const { head, columns, clearMarker } = reading;
  // The parser of the command line, for all rows at once: its start takes longer than a row.
  const options = new CsvReader(head.delimiter, '').options();
  const records = parse(chunk as Buffer, options) as unknown as CsvRecord[];
  const rowOf = rowReader({ headers: head.cells, delimiter: head.delimiter }, columns, { clearMarker });
  return (_, place) => {
    const record = records[place];
    if (record === undefined) throw new Error('The scanner and the parser differ about the rows of a chunk');
    return readOf(rowOf(record));
  };
}

function ndjsonItem(bytes: Uint8Array): Read {
  const text = new TextDecoder().decode(bytes).trim();
  if (isNestedBeyond(text, MAX_LEVELS)) return readOf(TOO_DEEP);
  const row = ndjsonRow(text, 0, ADDED);
  if ('fault' in row || isObject(JSON.parse(row.text))) return readOf(row);
  return readOf({ line: 0, fault: 'is not a JSON object', remedies: ['Write one object a line.'] });
}

/** The item, "update" and "data", in which the value of an attribute stands, and some more, which is told of the value. */
const MAX_LEVELS = MAX_JSON_LEVELS + 8;
const TOO_DEEP: FaultyRow = {
  line: 0,
  fault: `is nested more than ${MAX_LEVELS} levels deep`,
  remedies: [
    `The value of an attribute may have ${MAX_JSON_LEVELS} levels. Flatten it, or write it as text.`,
  ],
};

function readOf(row: Row | FaultyRow): Read {
  if (!('fault' in row)) return { item: row.text, faults: [] };
  const message = [`The row ${row.fault}.`, ...(row.remedies ?? [])].join(' ');
  return { item: undefined, faults: [{ code: 'INVALID_ITEM', message }] };
}
