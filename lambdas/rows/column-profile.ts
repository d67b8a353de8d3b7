import { kindOf } from './cell-kind.ts';
import { type CellReader, readerOf } from './cell-reader.ts';
import type { SentColumn } from './column.ts';
import { plainValue } from './plain-value.ts';
import { LIST_SEPARATORS, NUMBER_STYLES, type Reading } from './reading.ts';
import { booleanOfWord } from './yes-no.ts';

/** What a column suggests about how its cells are written. Nothing of it holds until a user has confirmed it. */
export interface Proposal {
  /** The reading that fits best; undefined if the cells can stay as they are. */
  reading: Reading | undefined;
  /** Readings of which each fits, and that give other values; the user has to choose. `{}` is as it is. */
  choices: readonly Reading[];
  /** A cell that has several meanings. */
  ambiguousCell: string | undefined;
  /** Different cells that are not a known value, with their number of rows; of columns with known values only. */
  unknown: readonly { cell: string; count: number }[];
}

/** Maximum number of different unknown cells that are told one by one. */
const MAX_UNKNOWN = 30;

interface Candidate {
  reading: Reading;
  read: CellReader;
  /** Number of cells that it reads. */
  count: number;
}

/**
 * Looks at all cells of a column, and at how they could be read. The more cells a reading reads, the better it fits; one
 * that reads as many with other values makes the column ambiguous.
 */
export class ColumnProfile {
  readonly #column: SentColumn;
  readonly #candidates: Candidate[];
  readonly #isListed: boolean;
  /** Pairs of candidates that read a cell differently, and the first such cell. */
  readonly #conflicts = new Map<string, string>();
  readonly #unknown = new Map<string, number>();
  #unknownMore = false;

  /** @param locales - whose names of months are tried */
  constructor(column: SentColumn, locales: readonly string[]) {
    this.#column = column;
    const kind = kindOf(column);
    this.#isListed = kind === 'boolean' || kind === 'option';
    this.#candidates = [{}, ...readingsOf(column, locales)].map((reading) => ({
      ...{ reading, count: 0 },
      read: isAsItIs(reading) ? asItIs(column) : plausible(column, reading),
    }));
  }

  /** @param cell - neither empty nor the clear marker */
  take(cell: string, isExact: boolean): void {
    if (this.#isListed) this.#takeListed(cell, isExact);
    // A number of a workbook has one value in all locales.
    else if (!isExact || kindOf(this.#column) === 'moment') this.#takeWritten(cell, isExact);
  }

  #takeListed(cell: string, isExact: boolean): void {
    const [asItIsCandidate] = this.#candidates;
    if (asItIsCandidate?.read(cell, isExact) !== undefined) return;
    const known = this.#unknown.get(cell);
    if (known === undefined && this.#unknown.size === MAX_UNKNOWN) this.#unknownMore = true;
    else this.#unknown.set(cell, (known ?? 0) + 1);
  }

  #takeWritten(cell: string, isExact: boolean): void {
    const values = this.#candidates.map((candidate) => candidate.read(cell, isExact));
    for (const [position, value] of values.entries()) {
      const candidate = this.#candidates[position];
      if (value === undefined || candidate === undefined) continue;
      candidate.count += 1;
      for (let other = 0; other < position; other += 1) {
        const pair = `${other} ${position}`;
        const isOther = values[other] !== undefined && values[other] !== value;
        if (isOther && !this.#conflicts.has(pair)) this.#conflicts.set(pair, cell);
      }
    }
  }

  /** Whether there are more unknown cells than are told. */
  get hasMoreUnknown(): boolean {
    return this.#unknownMore;
  }

  propose(): Proposal {
    const unknown = Array.from(this.#unknown, ([cell, count]) => ({ cell, count }));
    if (this.#isListed) {
      return {
        reading: listedReading(this.#column, unknown),
        choices: [],
        ambiguousCell: undefined,
        unknown,
      };
    }
    const most = Math.max(...this.#candidates.map(({ count }) => count));
    const none = { reading: undefined, choices: [], ambiguousCell: undefined, unknown: [] };
    if (most === 0) return none;
    const best = [...this.#candidates.entries()].filter(([, { count }]) => count === most);
    const [first] = best;
    if (first === undefined) return none;
    // Those that give the same values as one before them are no choice.
    const choices = [first];
    for (const candidate of best) {
      if (choices.every(([position]) => this.#conflictOf(position, candidate[0]) !== undefined))
        choices.push(candidate);
    }
    const [, rival] = choices;
    if (rival === undefined) {
      const { reading } = first[1];
      return { ...none, reading: isAsItIs(reading) ? undefined : reading };
    }
    return {
      ...none,
      choices: choices.map(([, { reading }]) => reading),
      ambiguousCell: this.#conflictOf(first[0], rival[0]),
    };
  }

  #conflictOf(a: number, b: number): string | undefined {
    return this.#conflicts.get(`${Math.min(a, b)} ${Math.max(a, b)}`);
  }
}

/** Returns the readings that a kind of cells is tried with, the likelier first. */
function readingsOf(column: SentColumn, locales: readonly string[]): Reading[] {
  switch (kindOf(column)) {
    case 'number':
      return NUMBER_STYLES.map((number) => ({ number }));
    case 'date':
    case 'moment':
      return locales.flatMap((locale) => (['dmy', 'mdy'] as const).map((date) => ({ date, locale })));
    case 'list':
      return LIST_SEPARATORS.map((separator) => ({ separator, ignoreCase: true }));
    default:
      return [];
  }
}

function isAsItIs(reading: Reading): boolean {
  return Object.keys(reading).length === 0;
}

/** Returns a reader that takes only what the API would accept. */
function plausible(column: SentColumn, reading: Reading): CellReader {
  const read = readerOf({ ...column, reading: inSomeZone(reading) });
  const isPlausible = plausibilityOf(column);
  return (cell, isExact) => {
    const value = read(cell, isExact);
    return value !== undefined && isPlausible(JSON.parse(value)) ? value : undefined;
  };
}

function plausibilityOf(column: SentColumn): (value: unknown) => boolean {
  const kind = kindOf(column);
  const { options = [] } = column;
  const known = new Set(options.map(String));
  if (kind === 'number' && isWhole(column)) return (value) => WHOLE.test(String(value));
  if (kind === 'list' && known.size > 0) {
    return (value) => Array.isArray(value) && value.every((item) => known.has(String(item)));
  }
  if (kind === 'list')
    return (value) => Array.isArray(value) && !value.some((item) => SEPARATOR.test(String(item)));
  return () => true;
}

const SEPARATOR = /[;,|\n]/;

function isWhole(column: SentColumn): boolean {
  return column.is === 'attribute' && WHOLE_TYPES.includes(column.type);
}

/** Which zone it is does not matter for whether a time is read, and which of two it is. */
function inSomeZone(reading: Reading): Reading {
  return reading.date === undefined ? reading : { ...reading, timeZone: 'UTC' };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?(?:[eE][+-]?\d+)?$/;
const WHOLE = /^-?\d+(?:\.0+)?$/;
const WHOLE_TYPES: readonly string[] = ['integer', 'number', 'integerEnum'];

/** Returns what the API makes of a cell as it is, or undefined if it refuses it. */
function asItIs(column: SentColumn): CellReader {
  const type = column.is === 'attribute' ? column.type : column.name;
  const { options = [] } = column;
  const known = new Set(options.map(String));
  switch (kindOf(column)) {
    case 'number':
      return (cell) => {
        const isNumber = NUMBER.test(cell) && (!isWhole(column) || WHOLE.test(cell));
        return isNumber ? JSON.stringify(cell) : undefined;
      };
    case 'date':
      return (cell) => (/^(?:\d{4}-\d\d-\d\d|-?\d{9,15})$/.test(cell) ? JSON.stringify(cell) : undefined);
    case 'moment':
      return type === 'datetimeISO8601'
        ? (cell) =>
            /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(cell) ? JSON.stringify(cell) : undefined
        : (cell) => (/^-?\d{9,15}$/.test(cell) ? JSON.stringify(cell) : undefined);
    case 'list':
      return (cell) => (plainValue(cell, column).startsWith('[') ? cell : undefined);
    case 'option':
      return (cell) => (known.has(cell) ? JSON.stringify(cell) : undefined);
    default:
      return (cell) => (/^(?:true|false)$/i.test(cell) ? cell : undefined);
  }
}

/** Returns what unknown cells probably mean, for those of which it is known. */
function listedReading(column: SentColumn, unknown: readonly { cell: string }[]): Reading | undefined {
  if (unknown.length === 0) return undefined;
  if (kindOf(column) === 'option') {
    const read = readerOf({ ...column, reading: { ignoreCase: true } });
    return unknown.some(({ cell }) => read(cell, false) !== undefined) ? { ignoreCase: true } : undefined;
  }
  const words = unknown.flatMap(({ cell }) => {
    const value = booleanOfWord(cell);
    return value === undefined ? [] : [[cell.trim().toLowerCase(), value] as const];
  });
  return words.length === 0 ? undefined : { ignoreCase: true, values: Object.fromEntries(words) };
}
