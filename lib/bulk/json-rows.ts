import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { rowOfLine, rowsOfJson } from './json-items.ts';
import type { FaultyRow, Row } from './row.ts';

/** One item a line; empty lines do not count. */
export async function* ndjsonRows(path: string): AsyncGenerator<Row | FaultyRow, void, void> {
  const input = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const row = rowOfLine(line, number);
      if (row !== undefined) yield row;
    }
  } finally {
    input.destroy();
  }
}

/** Items of an array, or of `{ "processes": [ … ] }`, however large it is. Their line is their number. */
export function jsonRows(path: string): AsyncGenerator<Row, void, void> {
  return rowsOfJson(createReadStream(path, 'utf8'));
}
