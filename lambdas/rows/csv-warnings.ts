import { kindOf } from './cell-kind.ts';
import { type Column, isRead, type SentColumn, valuesOf } from './column.ts';
import { isErrorColumn } from './column-names.ts';
import { isShortened } from './csv-format.ts';
import { type LineNoun, Lines } from './lines.ts';
import type { Row } from './row.ts';
import { decodedOnce } from './twice-decoded.ts';

/** Maximum length of a text that a warning repeats. */
const MAX_SAMPLE = 40;

/** What spreadsheets write into a CSV for a cell with an error, or one that is too narrow, in English and German. */
const SPREADSHEET_ERROR = /^#(?:#{3,}|N\/A|NV|[A-Z]+!|[A-Z]+\?|DIV\/0!|GETTING_DATA)$/;

/** A number that is a thousand times larger where a point groups its digits. */
const MAYBE_GROUPED = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;
const WITH_POINT = /^[+-]?\d+\.\d+$/;

/** Collects cells of a CSV that are probably wrong but are sent unchanged. */
export class CsvWarnings {
  readonly #headers: readonly string[];
  readonly #columns: readonly Column[];
  readonly #shortened: Lines;
  readonly #invisible: Lines;
  readonly #twiceDecoded: Lines;
  readonly #lost: Lines;
  readonly #errors: Lines;
  #error = '';
  readonly #grouped: readonly GroupedNumbers[];
  /** A text that was decoded twice, and what it was. */
  #sample: readonly [string, string] = ['', ''];

  constructor(headers: readonly string[], columns: readonly Column[], noun: LineNoun = 'line') {
    this.#headers = headers;
    this.#columns = columns;
    this.#invisible = new Lines(noun);
    this.#shortened = new Lines(noun);
    this.#twiceDecoded = new Lines(noun);
    this.#lost = new Lines(noun);
    this.#errors = new Lines(noun);
    this.#grouped = columns.flatMap((column, position) =>
      isReadAsItIs(column) ? [new GroupedNumbers(headers[position] ?? '', position, noun)] : [],
    );
  }

  take({ cells, line, exact }: Row): void {
    for (const numbers of this.#grouped) {
      if (exact?.has(numbers.position) !== true) numbers.take(cells[numbers.position] ?? '', line);
    }
    for (const [position, column] of this.#columns.entries()) {
      const cell = cells[position] ?? '';
      if (column.is === 'identifier' && hasInvisible(cell)) this.#invisible.add(line);
      if (valuesOf(column).some(({ is }) => is === 'attribute') && isShortened(cell))
        this.#shortened.add(line);
      if (isRead(column)) this.#takeText(cell, line);
    }
  }

  #takeText(cell: string, line: number): void {
    if (cell.includes('\uFFFD')) this.#lost.add(line);
    if (cell.startsWith('#') && SPREADSHEET_ERROR.test(cell)) {
      this.#error ||= cell;
      this.#errors.add(line);
    }
    const before = decodedOnce(cell);
    if (before === undefined) return;
    if (this.#sample[0] === '') this.#sample = [cell.slice(0, MAX_SAMPLE), before.slice(0, MAX_SAMPLE)];
    this.#twiceDecoded.add(line);
  }

  messages(): string[] {
    const errors = this.#headers.filter(isErrorColumn);
    const unknown = this.#headers.filter((_, position) => {
      const column = this.#columns[position];
      return column?.is === 'left out' && column.isUnknown === true;
    });
    return [
      ...(errors.length === 0 ? [] : [`Omitted, as errors of an earlier run: ${quoted(errors)}.`]),
      ...(unknown.length === 0 ? [] : [`Omitted, as unknown columns: ${quoted(unknown)}.`]),
      ...this.#invisible.messages(
        (lines) =>
          `Warning: keys with spaces around them or invisible characters are sent unchanged (${lines}).`,
      ),
      ...this.#twiceDecoded.messages(
        (lines) =>
          `Warning: text was probably decoded twice: "${this.#sample[0]}" may have been "${this.#sample[1]}" (${lines}). It is sent unchanged. If it is wrong, export the file again as "CSV UTF-8".`,
      ),
      ...this.#lost.messages(
        (lines) =>
          `Warning: text with \uFFFD has lost characters (${lines}). It is sent unchanged. Export the file again as "CSV UTF-8".`,
      ),
      ...this.#errors.messages(
        (lines) =>
          `Warning: what spreadsheets show for an error or a narrow column, such as ${this.#error}, is sent unchanged (${lines}). Correct the cells.`,
      ),
      ...this.#grouped.flatMap((numbers) => numbers.messages()),
      ...this.#shortened.messages(
        (lines) =>
          `Warning: numbers such as 1.23E+15, to which spreadsheets shorten longer ones, are sent unchanged (${lines}).`,
      ),
    ];
  }
}

/** Whether cells are numbers that a user has not said how to read. */
function isReadAsItIs(column: Column): column is SentColumn {
  return (
    (column.is === 'field' || column.is === 'attribute') &&
    column.reading?.number === undefined &&
    kindOf(column) === 'number'
  );
}

/** Finds a column whose numbers would all be a thousand times larger if their points grouped digits. */
class GroupedNumbers {
  readonly position: number;
  readonly #header: string;
  readonly #lines: Lines;
  #cell = '';
  #hasDecimals = false;

  constructor(header: string, position: number, noun: LineNoun) {
    this.#header = header;
    this.position = position;
    this.#lines = new Lines(noun);
  }

  take(cell: string, line: number): void {
    if (!cell.includes('.')) return;
    if (MAYBE_GROUPED.test(cell)) {
      this.#cell ||= cell;
      this.#lines.add(line);
    } else this.#hasDecimals ||= WITH_POINT.test(cell);
  }

  messages(): string[] {
    if (this.#hasDecimals) return [];
    return this.#lines.messages(
      (lines) =>
        `Warning: "${this.#header}": ${this.#cell} is sent as ${Number(this.#cell)} (${lines}). If it means ${this.#cell.replace('.', '')}, say how numbers are written: --locale, e.g. de, or "number" in the mapping.`,
    );
  }
}

/** Whether a key has spaces around it or invisible characters. */
function hasInvisible(cell: string): boolean {
  return cell.trim() !== cell || /[\p{Cf}\p{Cc}\u00A0\u2000-\u200A\u202F]/u.test(cell);
}

function quoted(headers: readonly string[]): string {
  return headers.map((header) => `"${header}"`).join(', ');
}
