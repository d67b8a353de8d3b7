import { withoutFormulas } from '../contract/formulas.ts';
import type { ChunkRow } from './chunk-rows.ts';
import { isResultColumn, RESULT_COLUMNS } from './column-names.ts';
import { type CellRange, cellsOf } from './csv-cells.ts';
import { BYTE_ORDER_MARK } from './csv-failed.ts';
import { withoutMembers } from './json-rows.ts';
import type { RowError } from './row.ts';
import { RowScanner } from './row-scanner.ts';
import type { FileHead } from './split-file.ts';

/** What became of a row. */
export interface RowResult {
  status: 'SUCCESS' | 'ERROR' | 'INVALID' | 'CANCELLED';
  outcome: string | null;
  errors: readonly RowError[];
  processId: string | null;
}

/** What a file that was sent looks like, and so its results. */
export type ResultShape = { format: 'csv'; head: Omit<FileHead, 'end'> } | { format: 'ndjson' };

/** A whole file each, undefined without rows. */
export interface ResultFiles {
  succeeded: Uint8Array | undefined;
  failed: Uint8Array | undefined;
  unprocessed: Uint8Array | undefined;
}

/**
 * Writes the rows of a chunk with what became of them, each as it is written in the file that was sent.
 *
 * In a CSV the results follow the columns of the header. A row with fewer cells is filled up with empty ones; cells beyond
 * the header follow the results, so that these stay in their columns. A line of which it is unknown whether it is a row,
 * and that has not the cells of one, is one quoted cell. Results of an earlier run are replaced.
 *
 * @param resultOf - undefined, like CANCELLED, for a row that was not processed
 */
export function resultFiles(
  rows: readonly ChunkRow[],
  resultOf: (row: ChunkRow, place: number) => RowResult | undefined,
  shape: ResultShape,
): ResultFiles {
  const writer = shape.format === 'csv' ? new CsvResults(shape.head) : new NdjsonResults();
  const parts: Record<keyof ResultFiles, Uint8Array[]> = { succeeded: [], failed: [], unprocessed: [] };
  for (const [place, row] of rows.entries()) {
    const result = resultOf(row, place);
    const isProcessed = result !== undefined && result.status !== 'CANCELLED';
    const kind = isProcessed ? (result.status === 'SUCCESS' ? 'succeeded' : 'failed') : 'unprocessed';
    if (parts[kind].length === 0) parts[kind].push(writer.beginning(isProcessed));
    // One by one: a row may have more cells than a function may have arguments.
    for (const part of writer.row(row, isProcessed ? result : undefined)) parts[kind].push(part);
  }
  return {
    succeeded: joined(parts.succeeded),
    failed: joined(parts.failed),
    unprocessed: joined(parts.unprocessed),
  };
}

/** The columns of rows that were not processed. */
const PLACE_COLUMNS = RESULT_COLUMNS.slice(0, 2);

const encoder = new TextEncoder();

class CsvResults {
  readonly #head: Omit<FileHead, 'end'>;
  readonly #delimiter: Uint8Array;
  readonly #lineEnd: string;
  /** Number of columns of the header, and the positions of those that are not results. */
  readonly #columns: number;
  readonly #kept: readonly number[];

  constructor(head: Omit<FileHead, 'end'>) {
    this.#head = head;
    this.#delimiter = encoder.encode(head.delimiter);
    this.#lineEnd = head.lineEnd || '\n';
    this.#columns = head.cells.length;
    this.#kept = [...head.cells.keys()].filter((position) => !isResultColumn(head.cells[position]));
  }

  beginning(isProcessed: boolean): Uint8Array {
    const { delimiter, hasMark, hasSeparatorLine, text } = this.#head;
    const separator = hasSeparatorLine ? `sep=${delimiter}${this.#lineEnd}` : '';
    const names = isProcessed ? RESULT_COLUMNS : PLACE_COLUMNS;
    return joinedParts([
      encoder.encode(`${hasMark ? BYTE_ORDER_MARK : ''}${separator}`),
      ...this.#written(encoder.encode(text), names),
    ]);
  }

  row({ row, line, bytes, isLine }: ChunkRow, result: RowResult | undefined): Uint8Array[] {
    const text = isLine === true && !this.#isRow(bytes) ? quotedText(bytes) : bytes;
    return this.#written(text, valuesOf(row, line, result));
  }

  /** Whether a line has the cells of a row. */
  #isRow(line: Uint8Array): boolean {
    const found = RowScanner.ofCsv(this.#head.delimiter).next(line, true);
    return found === 'row' && cellsOf(line, this.#delimiter).length === this.#columns;
  }

  /** Writes a row with its results. */
  #written(row: Uint8Array, results: readonly (string | number)[]): Uint8Array[] {
    const { delimiter } = this.#head;
    const cells = cellsOf(row, this.#delimiter);
    const written = results.map((value) => this.#cellOf(String(value))).join(delimiter);
    const missing = delimiter.repeat(Math.max(0, this.#columns - cells.length));
    const isWhole = this.#kept.length === this.#columns && cells.length <= this.#columns;
    if (isWhole) return [row, encoder.encode(`${missing}${delimiter}${written}${this.#lineEnd}`)];
    const kept = this.#kept.flatMap((position) => [this.#bytesOf(row, cells[position]), this.#delimiter]);
    const surplus = cells.slice(this.#columns).flatMap((cell) => [this.#delimiter, this.#bytesOf(row, cell)]);
    return [...kept, encoder.encode(written), ...surplus, encoder.encode(this.#lineEnd)];
  }

  #bytesOf(row: Uint8Array, cell: CellRange = { start: 0, end: 0 }): Uint8Array {
    return row.subarray(cell.start, cell.end);
  }

  #cellOf(value: string): string {
    const isPlain = !value.includes(this.#head.delimiter) && !/["\r\n]/.test(value);
    return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
  }
}

/** Returns the values of a row's results, in the order of their columns. */
function valuesOf(row: number, line: number, result: RowResult | undefined): (string | number)[] {
  if (result === undefined) return [row, line];
  const { status, outcome, processId } = result;
  const { codes, messages } = errorTexts(result);
  return [
    row,
    line,
    status,
    outcome ?? '',
    withoutFormulas(codes),
    // Messages repeat texts of others. The user's own cells must stay as they are, to be sent again.
    withoutFormulas(messages),
    processId ?? '',
  ];
}

function errorTexts({ errors }: RowResult): { codes: string; messages: string } {
  return {
    codes: [...new Set(errors.map(({ code }) => code))].join(' '),
    messages: errors.map(({ message }) => message).join(' '),
  };
}

const QUOTE = 0x22;

/** Writes bytes as one quoted cell, also if they are not UTF-8. */
function quotedText(bytes: Uint8Array): Uint8Array {
  const quotes = bytes.reduce((count, byte) => count + Number(byte === QUOTE), 2);
  const written = new Uint8Array(bytes.length + quotes).fill(QUOTE);
  let length = 1;
  for (const byte of bytes) {
    written[length] = byte;
    length += byte === QUOTE ? 2 : 1;
  }
  return written;
}

class NdjsonResults {
  beginning(): Uint8Array {
    return new Uint8Array();
  }

  row({ row, line, bytes }: ChunkRow, result: RowResult | undefined): Uint8Array[] {
    const members = JSON.stringify(membersOf(row, line, result)).slice(1);
    const text = decoder.decode(bytes).trim();
    if (!isJsonObject(text)) return [encoder.encode(`{"_text":${JSON.stringify(text)},${members}\n`)];
    const kept = withoutMembers(text, RESULT_COLUMNS);
    const object = kept === text ? untilBrace(bytes) : untilBrace(encoder.encode(kept));
    const comma = /^\{\s*\}$/.test(kept) ? '' : ',';
    return [object, encoder.encode(`${comma}${members}\n`)];
  }
}

const decoder = new TextDecoder();

function membersOf(row: number, line: number, result: RowResult | undefined): Record<string, unknown> {
  if (result === undefined) return { _row: row, _line: line };
  const { status, outcome, processId } = result;
  const { codes, messages } = errorTexts(result);
  return {
    _row: row,
    _line: line,
    _status: status,
    _outcome: outcome,
    _error_code: codes || null,
    _error_message: messages || null,
    _process_id: processId,
  };
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const BRACE = 0x7d;

/** Returns an object in JSON as it is written, without the brace that closes it. */
function untilBrace(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(BRACE));
}

function joined(parts: readonly Uint8Array[]): Uint8Array | undefined {
  return parts.length === 0 ? undefined : joinedParts(parts);
}

function joinedParts(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    bytes.set(part, length);
    length += part.length;
  }
  return bytes;
}
