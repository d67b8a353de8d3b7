import { Lines } from './lines.ts';
import type { SheetCell } from './xlsx-cells.ts';
import type { SheetFacts, SheetRow } from './xlsx-sheet.ts';

/** Kinds of cells that are told, as what and how. */
const KINDS = [
  ['date', 'dates', (sample: string) => `read as ${sample}`],
  ['date-time', 'dates with a time', (sample: string) => `read as ${sample}; workbooks have no time zone`],
  ['time', 'times', (sample: string) => `read as ${sample}`],
  ['duration', 'durations', (sample: string) => `read as ${sample}`],
  ['percent', 'percentages', (sample: string) => `read by value, such as ${sample}`],
  ['padded', 'numbers', (sample: string) => `read with the leading zeros that are shown, such as ${sample}`],
] as const satisfies readonly (readonly [SheetCell['is'], string, (sample: string) => string])[];

/** Kinds that hardly surprise, and are told once for all columns. */
const PLAIN_KINDS = [
  ['number', (sample: string) => `numbers, read by value, such as ${sample}`],
  ['boolean', () => 'read as true or false'],
] as const;

const number = new Intl.NumberFormat('en');

/** Collects how the cells of a sheet were read, and what may be wrong with them. */
export class SheetNotices {
  readonly facts: SheetFacts = { hiddenColumns: [], mergedTo: [], hasFilter: false };
  readonly #headerRow: number;
  /** By column and kind: how many cells, and the first of them. */
  readonly #kinds = new Map<number, Map<SheetCell['is'], { count: number; sample: string }>>();
  readonly #hidden = new Lines('row');
  readonly #lost = new Map<number, Record<NonNullable<SheetCell['lost']>, Lines>>();

  constructor(headerRow: number) {
    this.#headerRow = headerRow;
  }

  take({ number: row, isHidden, cells }: SheetRow): void {
    if (isHidden) this.#hidden.add(row);
    for (const { column, is, text, lost } of cells) {
      if (is === 'text') continue;
      const kinds = this.#kinds.get(column) ?? new Map();
      this.#kinds.set(column, kinds);
      const kind = kinds.get(is);
      if (kind === undefined) kinds.set(is, { count: 1, sample: text });
      else kind.count += 1;
      if (lost !== undefined) this.#linesOf(column)[lost].add(row);
    }
  }

  #linesOf(column: number) {
    const lines = this.#lost.get(column) ?? {
      digits: new Lines('row'),
      time: new Lines('row'),
      date: new Lines('row'),
    };
    this.#lost.set(column, lines);
    return lines;
  }

  /** @param isSent - whether the cells of a column are sent, by its position */
  messages(headers: readonly string[], isSent: (position: number) => boolean): string[] {
    const columns = headers.flatMap((header, position) => (isSent(position) ? [{ header, position }] : []));
    const hidden = columns.filter(({ position }) =>
      this.facts.hiddenColumns.some(([first, last]) => position >= first && position <= last),
    );
    const merged = this.facts.mergedTo.filter((last) => last > this.#headerRow).length;
    return [
      ...columns.flatMap(({ header, position }) => this.#kindsOf(header, position)),
      ...PLAIN_KINDS.flatMap(([is, how]) => this.#plain(is, how, columns)),
      ...columns.flatMap(({ header, position }) => this.#losses(header, position)),
      ...this.#hidden.messages(
        (rows) =>
          `${this.facts.hasFilter ? 'Rows that a filter hides' : 'Hidden rows'} are sent, too (${rows}). Delete them to leave them out.`,
      ),
      ...(hidden.length === 0
        ? []
        : [`Hidden columns are sent, too: ${hidden.map(({ header }) => `"${header}"`).join(', ')}.`]),
      ...(merged === 0
        ? []
        : [
            `Warning: only the first cell of merged cells has their value (${number.format(merged)} below the header row). The others are empty.`,
          ]),
    ];
  }

  #kindsOf(header: string, position: number): string[] {
    const kinds = this.#kinds.get(position);
    return KINDS.flatMap(([is, noun, how]) => {
      const kind = kinds?.get(is);
      if (kind === undefined) return [];
      const counted = `${number.format(kind.count)} ${kind.count === 1 ? noun.replace(/s\b/, '') : noun}`;
      return [`${header}: ${counted}, ${how(kind.sample)}.`];
    });
  }

  #plain(
    is: SheetCell['is'],
    how: (sample: string) => string,
    columns: readonly { header: string; position: number }[],
  ): string[] {
    const kinds = columns.flatMap(({ header, position }) => {
      const kind = this.#kinds.get(position)?.get(is);
      return kind === undefined ? [] : [{ header, sample: kind.sample }];
    });
    const [first] = kinds;
    if (first === undefined) return [];
    return [`${kinds.map(({ header }) => header).join(', ')}: ${how(first.sample)}.`];
  }

  #losses(header: string, position: number): string[] {
    const lines = this.#lost.get(position);
    if (lines === undefined) return [];
    return [
      ...lines.digits.messages(
        (rows) =>
          `Warning: ${header}: numbers with more than 15 digits are read as the workbook has them, and spreadsheets replace further digits by zeros (${rows}).`,
      ),
      ...lines.time.messages(
        (rows) => `Warning: ${header}: dates have a time that is not shown. It is left out (${rows}).`,
      ),
      ...lines.date.messages(
        (rows) => `Warning: ${header}: times have a date that is not shown. It is left out (${rows}).`,
      ),
    ];
  }
}
