import { counted } from '../../lambdas/contract/counted.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { truncate } from '../../lambdas/contract/values.ts';
import type { PlannedEntry } from '../client/index.ts';
import { tableOf } from './summary.ts';

/** A value may have megabytes. JSON has all of it. */
const MAX_VALUE = 40;

/** What would become of an entry, by what its item was called. */
export interface ChangeRow extends PlannedEntry {
  index: number;
  /** Its line in the file, if the request told it. */
  line: number | null;
  identifier: Record<string, unknown>;
}

/** Sums up what would become of entries, and keeps the first of them to be shown. */
export class ChangeReport {
  readonly #limit: number;
  /** Number of rows that would change their process. */
  changed = 0;
  /** Number of rows that would create their process. */
  created = 0;
  /** Number of rows that would change nothing. */
  unchanged = 0;
  /** Number of rows that are invalid or would fail. */
  failing = 0;
  /** Number of rows by the code of an error. */
  readonly causes = new Map<string, number>();
  /** Number of rows by a field that they would change. */
  readonly fields = new Map<string, number>();
  /** The first rows that would change their process. */
  readonly changes: ChangeRow[] = [];
  /** The first rows that would create their process. */
  readonly creations: ChangeRow[] = [];
  /** The first rows that are invalid or would fail. */
  readonly failures: ChangeRow[] = [];

  /** @param limit - maximum number of rows of each kind that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  take(row: ChangeRow): void {
    const fields = Object.keys(row.after);
    for (const field of fields) add(this.fields, field);
    for (const code of new Set(row.errors.map((error) => error.code))) add(this.causes, code);
    if (row.completionStatus !== 'SUCCESS') {
      this.failing += 1;
      if (this.failures.length < this.#limit) this.failures.push(row);
    } else if (row.outcome === 'CREATED') {
      this.created += 1;
      if (this.creations.length < this.#limit) this.creations.push(row);
    } else if (fields.length === 0) this.unchanged += 1;
    else {
      this.changed += 1;
      if (this.changes.length < this.#limit) this.changes.push(row);
    }
  }

  toJSON() {
    const { changed, created, unchanged, failing, changes, creations, failures } = this;
    const causes = Object.fromEntries(this.causes);
    const fields = Object.fromEntries(this.fields);
    return { changed, created, unchanged, failing, causes, fields, changes, creations, failures };
  }

  /** Returns tables for people: by field, by cause and by row. */
  tables(): string[] {
    return [
      ...(this.fields.size === 0 ? [] : [tableOf([['field', 'rows'], ...sorted(this.fields)])]),
      ...(this.causes.size === 0 ? [] : [tableOf([['cause', 'rows'], ...sorted(this.causes)])]),
      ...(this.changes.length === 0 ? [] : [this.#changesTable()]),
      ...(this.creations.length === 0 ? [] : [this.#creationsTable()]),
      ...(this.failures.length === 0 ? [] : [this.#failureLines()]),
    ];
  }

  /** Returns how many rows of each kind the tables leave out, for {@link notShown}. */
  omitted(): [count: number, what: string][] {
    return [
      [this.changed - this.changes.length, 'would change'],
      [this.created - this.creations.length, 'would be created'],
      [this.failing - this.failures.length, 'would fail'],
    ];
  }

  #changesTable(): string {
    const head = [placeNoun(this.changes), 'process', 'field', 'before', 'after'];
    const rows = this.changes.flatMap((row) =>
      Object.entries(row.after).map(([field, after]) => [
        ...[placeOf(row), nameOf(row), field, shownValue(row.before[field]), shownValue(after)],
      ]),
    );
    return tableOf([head, ...rows]);
  }

  #creationsTable(): string {
    const head = [placeNoun(this.creations), 'would be created', 'field', 'value'];
    const rows = this.creations.flatMap((row) =>
      Object.entries(row.after).map(([field, value]) => [
        ...[placeOf(row), nameOf(row), field, shownValue(value)],
      ]),
    );
    return tableOf([head, ...rows]);
  }

  #failureLines(): string {
    const noun = placeNoun(this.failures);
    return this.failures
      .flatMap((row) =>
        row.errors.map(
          ({ code, message }) => `${noun} ${placeOf(row)}, ${nameOf(row)}: ${oneLine(message)} (${code})`,
        ),
      )
      .join('\n');
  }
}

/** Returns a sentence on rows that are left out, if any are. */
export function notShown(omitted: readonly (readonly [count: number, what: string])[]): string[] {
  const texts = omitted
    .filter(([count]) => count > 0)
    .map(([count, what]) => counted(count, `row that ${what}`, `rows that ${what}`));
  return texts.length === 0 ? [] : [`Not shown: ${texts.join(', ')}. See more with --limit.`];
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** What tells a row apart from others. */
export type RowPlace = Pick<ChangeRow, 'index' | 'line' | 'identifier'>;

/** The place of a row: its line in the file, or its number in the request. */
export function placeNoun([first]: readonly RowPlace[]): 'line' | 'index' {
  return first?.line === null ? 'index' : 'line';
}

export function placeOf({ line, index }: RowPlace): string {
  return String(line ?? index);
}

/** What the item called its process. */
export function nameOf({ identifier }: RowPlace): string {
  return shownValue(Object.values(identifier).join(' '));
}

/** Returns a value as text that fits into a table. Text that reads like something else is quoted. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  if (typeof value !== 'string') return truncate(JSON.stringify(value), MAX_VALUE);
  const isPlain = value !== '' && value.trim() === value && !value.startsWith('(');
  return truncate(isPlain ? value : JSON.stringify(value), MAX_VALUE);
}
