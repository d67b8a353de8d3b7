import { counted } from '../contract/counted.ts';
import { kindOf } from './cell-kind.ts';
import { readerOf } from './cell-reader.ts';
import { type Column, type SentColumn, valuesOf } from './column.ts';
import { type LineNoun, Lines } from './lines.ts';
import type { DateOrder } from './locale.ts';
import { plainValue } from './plain-value.ts';
import { readDate } from './read-date.ts';
import { readNumber } from './read-number.ts';
import { type Reading, signsOf } from './reading.ts';
import type { Row } from './row.ts';
import { offsetAt, offsetText } from './time-zone.ts';

/** Maximum length of a cell in a message. */
const MAX_CELL = 60;

/** Tells what the readings of the columns do to the cells of a file, before anything is sent. */
export class ReadingReport {
  readonly #columns: ColumnReport[];
  readonly #clearMarker: string;

  constructor(
    headers: readonly string[],
    columns: readonly Column[],
    clearMarker: string,
    noun: LineNoun = 'line',
  ) {
    this.#clearMarker = clearMarker;
    this.#columns = columns.flatMap((column, position) =>
      valuesOf(column).flatMap((values) =>
        values.reading === undefined
          ? []
          : [new ColumnReport(headers[position] ?? '', position, values, values.reading, noun)],
      ),
    );
  }

  take({ cells, line, exact }: Pick<Row, 'cells' | 'line' | 'exact'>): void {
    for (const column of this.#columns) {
      const cell = cells[column.position] ?? '';
      if (cell === '' || cell === this.#clearMarker) continue;
      column.take(cell, line, exact?.has(column.position) === true);
    }
  }

  /** Returns what is read and what is not, each as a sentence. */
  messages(): string[] {
    return this.#columns.flatMap((column) => column.messages());
  }

  /** Returns why a reading is probably not the one of the file, each as a sentence. */
  faults(): string[] {
    return this.#columns.flatMap((column) => column.faults());
  }
}

/** Maximum number of cells that are shown before and after. */
const MAX_CHANGES = 3;

/** A cell before and after it is read. */
export interface Change {
  before: string;
  after: string;
}

/** What the reading of a column does to its cells. */
export class ColumnReport {
  readonly header: string;
  readonly position: number;
  readonly #column: SentColumn;
  readonly #reading: Reading;
  readonly #rival: SentColumn | undefined;
  readonly #kept: Lines;
  readonly #lacksZone: Lines;
  readonly #onlyOther: Lines;
  readonly #currencies = new Set<string>();
  #keptCell = '';
  #otherCell = '';
  #localTime = '';
  #hasOnlyThis = false;
  /** Number of cells that are sent otherwise than they are. */
  changed = 0;
  /** The first different ones of them. */
  readonly changes: Change[] = [];

  constructor(
    header: string,
    position: number,
    column: SentColumn,
    reading: Reading,
    noun: LineNoun = 'line',
  ) {
    this.header = header;
    this.position = position;
    this.#column = column;
    this.#reading = reading;
    this.#kept = new Lines(noun);
    this.#lacksZone = new Lines(noun);
    this.#onlyOther = new Lines(noun);
    const rival = rivalOf(reading);
    this.#rival = rival && { ...column, reading: rival };
  }

  /** Number of cells that are not read. */
  get kept(): number {
    return this.#kept.count;
  }

  /** The first cell that is not read. */
  get keptCell(): string {
    return shortened(this.#keptCell);
  }

  /** @param cell - neither empty nor the clear marker */
  take(cell: string, line: number, isExact: boolean): void {
    const value = readerOf(this.#column)(cell, isExact);
    if (!isExact) this.#compare(cell, value, line);
    if (value !== undefined) this.#takeRead(cell, value);
    else if (!isExact || kindOf(this.#column) !== 'number') this.#takeKept(cell, line);
  }

  #takeRead(cell: string, value: string): void {
    const signs = this.#reading.number === undefined ? undefined : signsOf(this.#reading.number);
    const currency = signs && readNumber(cell, signs)?.currency;
    if (currency !== undefined) this.#currencies.add(currency);
    if (value === plainValue(cell, this.#column)) return;
    this.changed += 1;
    if (this.changes.length < MAX_CHANGES && !this.changes.some(({ before }) => before === shortened(cell))) {
      this.changes.push({ before: shortened(cell), after: shown(value, this.#column) });
    }
  }

  #takeKept(cell: string, line: number): void {
    const { date, locale, timeZone } = this.#reading;
    const needsZone = kindOf(this.#column) === 'moment' && timeZone === undefined && date !== undefined;
    if (needsZone && readDate(cell, date, locale) !== undefined) {
      this.#lacksZone.add(line);
      this.#localTime ||= cell;
    } else if (this.#readsAll && plainValue(cell, this.#column) === JSON.stringify(cell)) {
      this.#kept.add(line);
      this.#keptCell ||= cell;
    }
  }

  /** Whether every cell should be read. Values of text are named one by one. */
  get #readsAll(): boolean {
    const { number, date, separator } = this.#reading;
    const kind = kindOf(this.#column);
    const isOther =
      kind === 'number' || kind === 'date' || kind === 'moment' || kind === 'list' || kind === 'text';
    return !isOther || number !== undefined || date !== undefined || separator !== undefined;
  }

  /** Looks for cells that only this reading can read, and for those that only its rival can. */
  #compare(cell: string, value: string | undefined, line: number): void {
    if (this.#rival === undefined) return;
    const other = readerOf(this.#rival)(cell, false);
    if (value !== undefined && other === undefined) this.#hasOnlyThis = true;
    if (value !== undefined || other === undefined) return;
    this.#onlyOther.add(line);
    this.#otherCell ||= cell;
  }

  messages(): string[] {
    const name = `"${this.header}"`;
    const { changed } = this;
    const [firstChange] = this.changes;
    return [
      ...(firstChange === undefined
        ? []
        : [`${name}: ${firstChange.before} is read as ${firstChange.after} (${counted(changed, 'cell')}).`]),
      ...this.#kept.messages(
        (lines) =>
          `Warning: ${name}: ${counted(this.kept, 'cell')} ${this.kept === 1 ? 'is' : 'are'} not ${howIs(this.#column, this.#reading)}, and sent unchanged${this.kept === 1 ? ':' : ', such as'} "${shortened(this.#keptCell)}" (${lines}).`,
      ),
    ];
  }

  faults(): string[] {
    const name = `The column "${this.header}"`;
    const [own, other] = [this.#reading, this.#rival?.reading ?? {}].map(whatDecides);
    return [
      ...(this.#hasOnlyThis
        ? []
        : this.#onlyOther.messages(
            (lines) =>
              `${name} is read with ${own}, but "${shortened(this.#otherCell)}" can only have ${other} (${lines}), and no cell shows the opposite. Read the column with ${other}, or correct the cells.`,
          )),
      ...(this.#currencies.size > 1
        ? [
            `${name} has amounts in ${[...this.#currencies].slice(0, 5).join(' and ')}, which would become numbers without a currency. Split the column, or remove the currencies from its cells.`,
          ]
        : []),
      ...this.#lacksZone.messages(
        (lines) =>
          `${name} has local times, such as "${shortened(this.#localTime)}" (${lines}). Say where they are with a time zone: --time-zone, or "timeZone" in the mapping, e.g. Europe/Berlin.`,
      ),
    ];
  }
}

const OTHER_STYLES = { ',': '1,234.50', '.': '1.234,50' } as const;
const OTHER_ORDERS: Partial<Record<DateOrder, DateOrder>> = { dmy: 'mdy', mdy: 'dmy' };

/** Returns the reading that takes the same cells for other values. */
export function rivalOf({ number, date, ...others }: Reading): Reading | undefined {
  const decimal = number === undefined ? undefined : signsOf(number)?.decimal;
  if (decimal === ',' || decimal === '.') return { ...others, number: OTHER_STYLES[decimal] };
  const order = date === undefined ? undefined : OTHER_ORDERS[date];
  return order === undefined ? undefined : { ...others, date: order };
}

const ORDERS: Record<DateOrder, string> = {
  dmy: 'a date with the day first',
  mdy: 'a date with the month first',
  ymd: 'a date with the year first',
};

/** Says what a reading and its rival differ in. */
function whatDecides({ number, date }: Reading): string {
  if (number !== undefined) return signsOf(number)?.decimal === ',' ? 'a decimal comma' : 'a decimal point';
  return date === 'mdy' ? 'the month first' : 'the day first';
}

/** Says how cells are read, as part of a sentence. */
function howIs(column: SentColumn, { number, date }: Reading): string {
  if (number !== undefined) return `a number like ${number}`;
  if (date !== undefined) return ORDERS[date];
  return { boolean: 'true or false', option: 'an option' }[kindOf(column) as string] ?? 'a known value';
}

function shortened(cell: string): string {
  return cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL)}…` : cell;
}

/** Returns a value as people read it. A moment is told in the time zone in which it was written. */
export function shown(json: string, column: SentColumn): string {
  const value: unknown = JSON.parse(json);
  const text = shortened(typeof value === 'string' ? value : json);
  const { timeZone } = column.reading ?? {};
  if (kindOf(column) !== 'moment' || !/^-?\d+$/.test(text)) return text;
  const offset = timeZone === undefined ? 0 : offsetAt(timeZone, Number(text));
  const local = new Date(Number(text) + offset).toISOString().replace(/:00\.000Z$|Z$/, '');
  return `${text}, which is ${local}${timeZone === undefined ? 'Z' : (offsetText(offset) ?? '')}`;
}
