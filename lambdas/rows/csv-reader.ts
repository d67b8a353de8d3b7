import type { Options } from 'csv-parse';
import { MAX_REQUEST_BYTES } from '../contract/limits.ts';
import { separatorOf } from './csv-delimiter.ts';
import type { CsvRecord } from './csv-format.ts';
import { FileError, TOO_LARGE } from './row.ts';

/** Options and errors of the parser of a CSV. Rows without any text are skipped. */
export class CsvReader {
  readonly #delimiter: string;
  readonly #hasSeparatorLine: boolean;
  /** The last line of the record before. */
  #lastLine: number;
  /** Lines that csv-parse counted twice: it takes a CRLF in quotes for two. */
  #countedTwice = 0;
  /** Empty lines until the end of the record before. */
  #emptyLines = 0;

  constructor(delimiter: string, beginning: string) {
    this.#delimiter = delimiter;
    this.#hasSeparatorLine = separatorOf(beginning) !== undefined;
    this.#lastLine = this.#hasSeparatorLine ? 1 : 0;
  }

  /** Returns options of csv-parse that make it return {@link CsvRecord}s. */
  options({ to = -1 } = {}) {
    return {
      delimiter: this.#delimiter,
      // A file that several systems wrote has several line ends.
      record_delimiter: ['\r\n', '\n', '\r'],
      from_line: this.#hasSeparatorLine ? 2 : 1,
      to,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // Otherwise a quote that is never closed would take the rest of the file into memory.
      max_record_size: MAX_REQUEST_BYTES,
      on_record: ((record: string[], { lines, empty_lines }: Position): CsvRecord => {
        const [ends, pairs] = lineEndsIn(record);
        const line = lines - this.#countedTwice - ends;
        this.#countedTwice += pairs;
        this.#lastLine = lines - this.#countedTwice;
        this.#emptyLines = empty_lines;
        return { record, line };
        // csv-parse returns whatever this returns, which its types do not know.
      }) as unknown as NonNullable<Options['on_record']>,
    } satisfies Options;
  }

  /** Returns the fault that the parser found, or any other error unchanged. */
  faultOf(error: unknown): unknown {
    const { code, ...position } = error as { code?: unknown } & Position;
    if (!isCsvFault(code)) return error;
    return new FileError([`Line ${this.#lineOf(code, position)}: ${CSV_FAULTS[code]}`]);
  }

  /** Returns the line of a fault, or that in which its row begins if the parser noticed it only at the end. */
  #lineOf(code: string, { lines, empty_lines }: Position): number {
    if (AT_ONCE.includes(code)) return lines - this.#countedTwice;
    return this.#lastLine + 1 + empty_lines - this.#emptyLines;
  }
}

/** Where csv-parse is. */
interface Position {
  lines: number;
  empty_lines: number;
}

/** Faults that csv-parse meets where they are. */
const AT_ONCE: readonly string[] = ['CSV_INVALID_CLOSING_QUOTE', 'INVALID_OPENING_QUOTE'];

/** What is wrong, and what to do, by the code of csv-parse. */
export const CSV_FAULTS = {
  CSV_QUOTE_NOT_CLOSED:
    'a quotation mark is never closed. Close it, or write a quotation mark within a quoted cell twice: "".',
  CSV_INVALID_CLOSING_QUOTE:
    'text follows the closing quotation mark of a cell. Write a quotation mark within a quoted cell twice: "".',
  INVALID_OPENING_QUOTE:
    'a cell has a quotation mark but does not begin with one. Put the cell in quotation marks and write its own twice: "".',
  CSV_MAX_RECORD_SIZE: `the row ${TOO_LARGE}. Look for a quotation mark that is never closed.`,
} as const;

function isCsvFault(code: unknown): code is keyof typeof CSV_FAULTS {
  return typeof code === 'string' && Object.hasOwn(CSV_FAULTS, code);
}

/** Counts the characters of a record that end lines, and the pairs that end one. */
function lineEndsIn(record: readonly string[]): [ends: number, pairs: number] {
  let [ends, pairs] = [0, 0];
  for (const cell of record) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    ends += cell.match(/[\r\n]/g)?.length ?? 0;
    pairs += cell.match(/\r\n/g)?.length ?? 0;
  }
  return [ends, pairs];
}
