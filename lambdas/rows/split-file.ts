import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { MAX_ENTRIES, MAX_REQUEST_BYTES } from '../contract/limits.ts';
import { ByteWindow } from './byte-window.ts';
import { completeLength, validLength } from './characters.ts';
import { separatorOf } from './csv-delimiter.ts';
import { type CsvRecord, headOfRecord } from './csv-format.ts';
import { CSV_FAULTS, CsvReader } from './csv-reader.ts';
import { BEGINNING_BYTES, faultOfBeginning, hasByteOrderMark } from './file-beginning.ts';
import { type FileFault, type FileFaultCode, type FilePosition, GzipError } from './file-fault.ts';
import { TOO_LARGE } from './row.ts';
import { RowScanner, type ScanFault } from './row-scanner.ts';

export interface FileShape {
  format: 'csv' | 'ndjson';
  /**
   * Of a CSV. Default: the one that a first line such as `sep=;` names, else a comma. To continue from a position, name
   * the one that the head has.
   */
  delimiter?: string | undefined;
}

/** The first record of a CSV, as plain JSON. */
export interface FileHead {
  /** The names of the columns, without spaces around them. */
  cells: string[];
  /** The record as written, without its line end. */
  text: string;
  delimiter: string;
  /** What ends its line; empty if the file ends with it. */
  lineEnd: '\n' | '\r\n' | '\r' | '';
  /** Whether the file begins with a byte order mark. */
  hasMark: boolean;
  /** Whether its first line names the delimiter. */
  hasSeparatorLine: boolean;
  /** Where the rows begin. */
  end: FilePosition;
}

/** Some rows of a file that follow each other. */
export interface FileChunk {
  from: FilePosition;
  to: FilePosition;
  /** The bytes of the decompressed file between them: whole rows, and what is between them. */
  bytes: Uint8Array;
  /** Whether a fault came before. The rows are not to be processed. */
  isBroken?: true;
}

/** Maximum size of a chunk. */
export interface ChunkLimits {
  rows: number;
  bytes: number;
}

const CHUNK_LIMITS: ChunkLimits = { rows: MAX_ENTRIES, bytes: MAX_REQUEST_BYTES };

const START: FilePosition = { byte: 0, row: 0, line: 0 };

/** Maximum number of bytes taken at once, so that few are moved when a chunk is cut. */
const SLICE_BYTES = 64 * 1024;

export type FilePart = { head: FileHead } | FileChunk | { fault: FileFault };

/**
 * Cuts a file between rows into chunks of at most 10,000 rows and 4,000,000 bytes, in memory for one chunk.
 *
 * From its start, a CSV has its head first; if its head cannot be read, there is only the fault. After a fault, the
 * chunks are broken, for lists of what was not processed. There is at most one fault; it comes where it is found. More
 * than a chunk of empty lines belongs to no chunk.
 * @param source - the bytes of the decompressed file from `from.byte` on, in parts of any size
 * @param from - the `to` of a chunk or the `end` of a head; both continue identically. Default: the start of the file
 * @throws what the source throws, unless it is a {@link GzipError}, which becomes the fault
 */
export async function* splitFile(
  source: AsyncIterable<Uint8Array>,
  shape: FileShape,
  from: FilePosition = START,
  limits: ChunkLimits = CHUNK_LIMITS,
): AsyncGenerator<FilePart, void, void> {
  const splitter = new Splitter(shape, from, limits);
  let error: GzipError | undefined;
  try {
    for await (const piece of source) {
      for (let start = 0; start < piece.length; start += SLICE_BYTES) {
        yield* splitter.take(piece.subarray(start, start + SLICE_BYTES));
        if (splitter.isOver) return;
      }
    }
  } catch (caught) {
    if (!(caught instanceof GzipError)) throw caught;
    error = caught;
  }
  yield* splitter.finish(error);
}

class Splitter {
  /** Whether the file cannot be read at all. */
  isOver = false;
  readonly #shape: FileShape;
  readonly #limits: ChunkLimits;
  readonly #window = new ByteWindow();
  /** Where the bytes of the window begin, and with them the next chunk. */
  #from: FilePosition;
  /** The length, rows and lines of the chunk so far. */
  #size = 0;
  #rows = 0;
  #lines = 0;
  #scanner = RowScanner.ofLines();
  /** Whether the beginning of the file was looked at, and its head was read. */
  #isBegun: boolean;
  #hasHead: boolean;
  #head = { delimiter: ',', hasMark: false, hasSeparatorLine: false };
  /** Where the window has a byte that is not UTF-8. */
  #invalidAt: number | undefined;
  #isLast = false;
  #error: GzipError | undefined;

  constructor(shape: FileShape, from: FilePosition, limits: ChunkLimits) {
    this.#shape = shape;
    this.#limits = limits;
    this.#from = from;
    this.#isBegun = from.byte > 0;
    this.#hasHead = from.byte > 0 || shape.format === 'ndjson';
    this.#head.delimiter = shape.delimiter ?? ',';
    this.#restart(0);
  }

  *take(bytes: Uint8Array): Generator<FilePart, void, void> {
    this.#window.append(bytes);
    if (!this.#isBegun && this.#window.bytes.length < BEGINNING_BYTES) return;
    yield* this.#scan();
  }

  /** @param error - why the file ends before its end */
  *finish(error: GzipError | undefined): Generator<FilePart, void, void> {
    this.#isLast = true;
    this.#error = error;
    yield* this.#scan();
    if (this.isOver) return;
    while (!(yield* this.#flush())) yield* this.#scan();
    const isWhole = this.#hasHead && error === undefined;
    if (!isWhole && this.#from.broken === undefined) yield* this.#failEnd(this.#from);
  }

  *#scan(): Generator<FilePart, void, void> {
    if (!this.#isBegun) yield* this.#begin();
    while (!this.isOver) {
      const bytes = this.#window.bytes;
      const found = this.#scanner.next(bytes, this.#isLast);
      if (found === 'end') return;
      const isTooLong = this.#scanner.position > this.#limits.bytes;
      const isRecord = found === 'row' || found === 'blank';
      if (found === 'more') {
        if (!isTooLong) return;
        yield* this.#makeRoom(bytes);
      } else if (isTooLong) {
        // Before any other fault: how much of the file is at hand must not decide which one is told.
        yield* this.#makeRoom(isRecord ? bytes.subarray(0, this.#scanner.end) : bytes);
        // The scanner would continue with the next record.
        this.#restart(0);
      } else if (!isRecord) yield* this.#failCsv(found);
      else if (this.#isInvalid()) yield* this.#failInvalid(bytes);
      else if (found === 'row' && this.#isCut(bytes)) yield* this.#failEnd(this.#at(this.#scanner.start));
      else if (!this.#hasHead) yield* this.#readHead(found === 'row', bytes);
      else {
        this.#add(found === 'row');
        if (this.#rows === this.#limits.rows) yield* this.#flush();
      }
    }
  }

  /** Looks at what the file begins with. */
  *#begin(): Generator<FilePart, void, void> {
    this.#isBegun = true;
    const beginning = this.#window.bytes.subarray(0, BEGINNING_BYTES);
    const fault = faultOfBeginning(beginning);
    if (fault !== undefined) {
      this.isOver = true;
      yield { fault: { code: 'NOT_TEXT', message: fault, at: START } };
    }
    const hasMark = hasByteOrderMark(beginning);
    // Decoding removes the mark.
    const named = separatorOf(new TextDecoder().decode(beginning));
    this.#head = {
      delimiter: this.#shape.delimiter ?? named ?? ',',
      hasMark,
      hasSeparatorLine: named !== undefined,
    };
    this.#size = hasMark ? 3 : 0;
    this.#drop();
    this.#restart(0);
  }

  *#readHead(hasText: boolean, bytes: Uint8Array): Generator<FilePart, void, void> {
    const { start, end, position } = this.#scanner;
    const isSeparator = this.#head.hasSeparatorLine && this.#from.line === 0;
    const record = bytes.slice(start, end);
    const lineEnd = new TextDecoder().decode(bytes.subarray(end, position)) as FileHead['lineEnd'];
    const valid = isSeparator ? record.length : validLengthOf(record);
    if (valid < record.length) {
      yield* this.#fail('NOT_UTF8', notUtf8(record[valid]), this.#at(start + valid));
      return;
    }
    this.#size = position;
    this.#lines = this.#scanner.lines;
    this.#drop();
    if (isSeparator || !hasText) return;
    this.#hasHead = true;
    const { delimiter } = this.#head;
    const [first] = parse(record, new CsvReader(delimiter, '').options()) as unknown as CsvRecord[];
    const { headers } = headOfRecord(first, delimiter);
    // The decoder would take U+FEFF for a byte order mark.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(record);
    yield { head: { cells: headers, text, lineEnd, ...this.#head, end: this.#from } };
  }

  /** Adds the record that was scanned to the chunk. */
  #add(isRow: boolean): void {
    this.#size = this.#scanner.position;
    this.#rows += Number(isRow);
    this.#lines += this.#scanner.lines;
  }

  /** Ends the chunk before a record that does not fit. A record that fits into none breaks the file. */
  *#makeRoom(line: Uint8Array): Generator<FilePart, void, void> {
    if (this.#size > 0) yield* this.#flush();
    else if (this.#from.broken === 'lines') yield* this.#cutLine(line);
    else {
      const remedy =
        this.#shape.format === 'csv' ? CSV_FAULTS.CSV_MAX_RECORD_SIZE : `the row ${TOO_LARGE}. Shorten it.`;
      yield* this.#fail('ROW_TOO_LARGE', remedy, this.#at(0));
    }
  }

  /** Cuts a broken line that does not fit into a chunk, if possible between characters. */
  *#cutLine(line: Uint8Array): Generator<FilePart, void, void> {
    const fitting = line.subarray(0, this.#limits.bytes);
    this.#size = completeLength(fitting) || fitting.length;
    this.#restart(0);
    this.#rows = Number(this.#scanner.next(fitting.subarray(0, this.#size), true) === 'row');
    yield* this.#flush();
  }

  /**
   * Ends the chunk.
   * @returns false if it is not UTF-8: it is scanned again, up to the row that is not
   */
  *#flush(): Generator<FilePart, boolean, void> {
    if (this.#rows === 0) {
      this.#drop();
      return true;
    }
    const { broken } = this.#from;
    const bytes = this.#window.bytes.slice(0, this.#size);
    const valid = broken === undefined ? validLengthOf(bytes) : bytes.length;
    if (valid < bytes.length) {
      this.#invalidAt = valid;
      this.#size = 0;
      this.#rows = 0;
      this.#lines = 0;
      this.#restart(0);
      return false;
    }
    const from = this.#from;
    this.#drop();
    yield { from, to: this.#from, bytes, ...(broken === undefined ? {} : { isBroken: true }) };
    return true;
  }

  /** Removes the chunk from the window. */
  #drop(): void {
    this.#from = this.#at(this.#size);
    this.#window.drop(this.#size);
    this.#scanner.shift(this.#size);
    if (this.#invalidAt !== undefined) this.#invalidAt -= this.#size;
    this.#size = 0;
    this.#rows = 0;
    this.#lines = 0;
  }

  /** Returns a position after the chunk so far. @param byte - in the window */
  #at(byte: number, lines = 0): FilePosition {
    const { byte: before, row, line, ...rest } = this.#from;
    return { byte: before + byte, row: row + this.#rows, line: line + this.#lines + lines, ...rest };
  }

  #isInvalid(): boolean {
    return (
      this.#invalidAt !== undefined &&
      this.#from.broken === undefined &&
      this.#scanner.position > this.#invalidAt
    );
  }

  *#failInvalid(bytes: Uint8Array): Generator<FilePart, void, void> {
    const byte = this.#invalidAt ?? 0;
    const lines = lineEndsIn(bytes.subarray(this.#scanner.start, byte));
    yield* this.#fail('NOT_UTF8', notUtf8(bytes[byte]), this.#at(byte, lines), 'rows');
  }

  /** Whether a record is the last, without a line end, and not whole. */
  #isCut(bytes: Uint8Array): boolean {
    const { start, end, position } = this.#scanner;
    if (position > end || this.#from.broken !== undefined) return false;
    if (this.#error !== undefined) return true;
    const record = bytes.subarray(start, end);
    const whole = completeLength(record);
    if (whole < record.length && whole === validLengthOf(record)) return true;
    return this.#shape.format === 'ndjson' && !isJson(record);
  }

  /** Tells that the file ends before its end. */
  *#failEnd(at: FilePosition): Generator<FilePart, void, void> {
    if (this.#error !== undefined) yield* this.#fail(this.#error.code, this.#error.message, at);
    else if (this.#window.bytes.length === 0) {
      yield* this.#fail('EMPTY', 'the file is empty. Its first line must name the columns.', at);
    } else yield* this.#fail('CUT_SHORT', 'the file ends in the middle of a row. Send the whole file.', at);
  }

  *#failCsv(fault: ScanFault): Generator<FilePart, void, void> {
    const { start, position, lines } = this.#scanner;
    if (fault !== 'CSV_QUOTE_NOT_CLOSED') {
      yield* this.#fail('NOT_CSV', CSV_FAULTS[fault], this.#at(position, lines));
    } else if (this.#error !== undefined) yield* this.#failEnd(this.#at(start));
    else {
      const message = `${CSV_FAULTS[fault]} If the file was cut short, send the whole file.`;
      yield* this.#fail('CUT_SHORT', message, this.#at(start));
    }
  }

  /**
   * Tells the fault of a file, unless one was told. Ends the chunk before the record that was scanned, and continues with
   * that one as broken. Without a head, no row can be told.
   */
  *#fail(
    code: FileFaultCode,
    fault: string,
    at: FilePosition,
    broken: 'rows' | 'lines' = 'lines',
  ): Generator<FilePart, void, void> {
    // If a row before it is not UTF-8, that one is the fault.
    if (!(yield* this.#flush())) return;
    if (this.#from.broken === undefined) {
      const message = `Line ${at.line + 1} (byte ${at.byte + 1} of the text): ${fault}`;
      yield { fault: { code, message, at } };
    }
    this.isOver = !this.#hasHead;
    this.#from = { ...this.#from, broken };
    this.#restart(0);
  }

  #restart(position: number): void {
    this.#scanner = scannerOf(this.#shape.format, this.#head.delimiter, this.#from.broken);
    this.#scanner.position = position;
  }
}

/** Returns a scanner of the rows of a file. @param broken - how they are cut after a fault */
export function scannerOf(
  format: FileShape['format'],
  delimiter: string,
  broken: FilePosition['broken'],
): RowScanner {
  if (format === 'ndjson') return RowScanner.ofNdjson();
  return broken === 'lines' ? RowScanner.ofLines() : RowScanner.ofCsv(delimiter);
}

function notUtf8(byte = 0): string {
  const hex = byte.toString(16).toUpperCase().padStart(2, '0');
  return `the byte 0x${hex} is not UTF-8. Save the file as UTF-8, which spreadsheets call "CSV UTF-8".`;
}

/** Returns the length of the longest beginning that is UTF-8. Decoding would take longer than all else. */
function validLengthOf(bytes: Uint8Array): number {
  return isUtf8(bytes) ? bytes.length : validLength(bytes);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Counts the lines that end in a part of a record. */
function lineEndsIn(bytes: Uint8Array): number {
  return new TextDecoder('latin1').decode(bytes).match(/\r\n|\n|\r/g)?.length ?? 0;
}
