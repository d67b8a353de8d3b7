import type { Options } from 'csv-parse';
import { MAX_REQUEST_BYTES } from '../contract/limits.ts';
import { separatorOf } from './csv-delimiter.ts';
import type { CsvRecord } from './csv-format.ts';
import { FileError } from './row.ts';

/** What reads a CSV: rows without any text do not count. */
export class CsvReader {
  readonly #delimiter: string;
  readonly #hasSeparatorLine: boolean;
  /** Of the record before. */
  #lastLine: number;
  /** csv-parse takes a CRLF in quotes for two lines. */
  #countedTwice = 0;

  constructor(delimiter: string, beginning: string) {
    this.#delimiter = delimiter;
    this.#hasSeparatorLine = separatorOf(beginning) !== undefined;
    this.#lastLine = this.#hasSeparatorLine ? 1 : 0;
  }

  /** Options of csv-parse, which gives {@link CsvRecord}s with them. */
  options({ to = -1 } = {}) {
    return {
      delimiter: this.#delimiter,
      // A file that several systems wrote has several.
      record_delimiter: ['\r\n', '\n', '\r'],
      from_line: this.#hasSeparatorLine ? 2 : 1,
      to,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // A quote that is never closed would take in the rest of the file.
      max_record_size: MAX_REQUEST_BYTES,
      on_record: ((record: string[], { lines }: { lines: number }): CsvRecord => {
        const [ends, pairs] = lineEndsIn(record);
        const line = lines - this.#countedTwice - ends;
        this.#countedTwice += pairs;
        this.#lastLine = lines - this.#countedTwice;
        return { record, line };
        // It gives whatever this returns, which its types do not know.
      }) as unknown as NonNullable<Options['on_record']>,
    } satisfies Options;
  }

  /** What the parser found wrong; any other error as it is. */
  faultOf(error: unknown): unknown {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string' || !Object.hasOwn(PARSER_FAULTS, code)) return error;
    const where = this.#lastLine === 0 ? 'The first row' : `The row below line ${this.#lastLine}`;
    return new FileError([`${where} is not valid CSV: ${PARSER_FAULTS[code]}`]);
  }
}

const PARSER_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed. Close it, or write a quote within a quoted cell twice: "".',
  CSV_INVALID_CLOSING_QUOTE:
    'a quoted cell goes on behind its closing quote. Write a quote within a quoted cell twice: "".',
  INVALID_OPENING_QUOTE:
    'a quote is in a cell that does not begin with one. Put the cell in quotes and write the quote twice: "".',
  CSV_MAX_RECORD_SIZE: 'it is larger than a whole request may be. Look for a quote that is never closed.',
};

/** How many characters of a record end lines, and how many of them are two that end one. */
function lineEndsIn(record: readonly string[]): [ends: number, pairs: number] {
  let [ends, pairs] = [0, 0];
  for (const cell of record) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    ends += cell.match(/[\r\n]/g)?.length ?? 0;
    pairs += cell.match(/\r\n/g)?.length ?? 0;
  }
  return [ends, pairs];
}
