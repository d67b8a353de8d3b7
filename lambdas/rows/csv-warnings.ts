import { type Column, isRead, valuesOf } from './column.ts';
import { isErrorColumn } from './column-names.ts';
import { isShortened } from './csv-format.ts';
import { type LineNoun, Lines } from './lines.ts';
import type { Row } from './row.ts';
import { decodedOnce } from './twice-decoded.ts';

/** Maximum length of a text that a warning repeats. */
const MAX_SAMPLE = 40;

/** Collects cells of a CSV that are probably wrong but are sent unchanged. */
export class CsvWarnings {
  readonly #headers: readonly string[];
  readonly #columns: readonly Column[];
  readonly #shortened: Lines;
  readonly #invisible: Lines;
  readonly #twiceDecoded: Lines;
  /** A text that was decoded twice, and what it was. */
  #sample: readonly [string, string] = ['', ''];

  constructor(headers: readonly string[], columns: readonly Column[], noun: LineNoun = 'line') {
    this.#headers = headers;
    this.#columns = columns;
    this.#invisible = new Lines(noun);
    this.#shortened = new Lines(noun);
    this.#twiceDecoded = new Lines(noun);
  }

  take({ cells, line }: Row): void {
    for (const [position, column] of this.#columns.entries()) {
      const cell = cells[position] ?? '';
      if (column.is === 'identifier' && hasInvisible(cell)) this.#invisible.add(line);
      if (valuesOf(column).some(({ is }) => is === 'attribute') && isShortened(cell))
        this.#shortened.add(line);
      if (isRead(column)) this.#takeText(cell, line);
    }
  }

  #takeText(cell: string, line: number): void {
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
      ...this.#shortened.messages(
        (lines) =>
          `Warning: numbers such as 1.23E+15, to which spreadsheets shorten longer ones, are sent unchanged (${lines}).`,
      ),
    ];
  }
}

/** Whether a key has spaces around it or invisible characters. */
function hasInvisible(cell: string): boolean {
  return cell.trim() !== cell || /[\p{Cf}\p{Cc}\u00A0\u2000-\u200A\u202F]/u.test(cell);
}

function quoted(headers: readonly string[]): string {
  return headers.map((header) => `"${header}"`).join(', ');
}
