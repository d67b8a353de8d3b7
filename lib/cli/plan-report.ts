import { counted } from '../../lambdas/contract/counted.ts';
import { isObject } from '../../lambdas/contract/is-object.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { truncate } from '../../lambdas/contract/values.ts';
import { contradiction } from '../client/api-error.ts';
import { isEntryOf } from '../client/failures.ts';
import type { Entry, PlannedEntry } from '../client/index.ts';
import { tableOf } from './summary.ts';

/** A value may have megabytes. JSON has all of it. */
const MAX_VALUE = 40;

/** An entry of a plan, by what its item was called. */
export interface PlannedRow extends PlannedEntry {
  index: number;
  /** Its line in the file, if the request told it. */
  line: number | null;
  identifier: Record<string, unknown>;
}

/** Sums up the entries of a plan, and keeps the first of them to be shown. */
export class PlanReport {
  readonly #limit: number;
  /** Number of rows that would change their process. */
  changed = 0;
  /** Number of rows whose process has their values already. */
  unchanged = 0;
  /** Number of rows that are invalid or would fail. */
  failing = 0;
  /** Number of rows by the code of an error. */
  readonly causes = new Map<string, number>();
  /** Number of rows by a field that they would change. */
  readonly fields = new Map<string, number>();
  /** The first rows that would change their process. */
  readonly changes: PlannedRow[] = [];
  /** The first rows that are invalid or would fail. */
  readonly failures: PlannedRow[] = [];

  /** @param limit - maximum number of rows of each kind that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  take(entry: Entry): void {
    const row = plannedRow(entry);
    const fields = Object.keys(row.after);
    for (const field of fields) add(this.fields, field);
    for (const code of new Set(row.errors.map((error) => error.code))) add(this.causes, code);
    if (row.completionStatus !== 'SUCCESS') {
      this.failing += 1;
      if (this.failures.length < this.#limit) this.failures.push(row);
    } else if (fields.length === 0) this.unchanged += 1;
    else {
      this.changed += 1;
      if (this.changes.length < this.#limit) this.changes.push(row);
    }
  }

  toJSON(): object {
    const { changed, unchanged, failing, changes, failures } = this;
    const [causes, fields] = [this.causes, this.fields].map((counts) => Object.fromEntries(counts));
    return { changed, unchanged, failing, causes, fields, changes, failures };
  }

  /** Returns paragraphs for people. */
  paragraphs(): string[] {
    const counts: [string, number][] = [
      ['would change', this.changed],
      ['unchanged', this.unchanged],
      ['would fail', this.failing],
    ];
    return [
      tableOf(counts),
      ...(this.fields.size === 0 ? [] : [tableOf([['field', 'rows'], ...sorted(this.fields)])]),
      ...(this.causes.size === 0 ? [] : [tableOf([['cause', 'rows'], ...sorted(this.causes)])]),
      ...(this.changes.length === 0 ? [] : [this.#changesTable()]),
      ...(this.failures.length === 0 ? [] : [this.#failureLines()]),
      ...this.#omitted(),
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

  #omitted(): string[] {
    const omitted = [
      ...left(this.changed - this.changes.length, 'would change'),
      ...left(this.failing - this.failures.length, 'would fail'),
    ];
    return omitted.length === 0 ? [] : [`Not shown: ${omitted.join(', ')}. See more with --limit.`];
  }
}

function left(count: number, what: string): string[] {
  return count === 0 ? [] : [counted(count, `row that ${what}`, `rows that ${what}`)];
}

/** @throws ApiError when the entry is not one of a plan */
function plannedRow(entry: Entry): PlannedRow {
  const { index, line, identifier, plan } = entry ?? {};
  const planned = { index, completionStatus: plan?.completionStatus, errors: plan?.errors } as Entry;
  const isWhole = isObject(plan) && isObject(plan.before) && isObject(plan.after);
  if (plan === undefined || !isWhole || !isEntryOf(planned, Number.POSITIVE_INFINITY)) {
    throw contradiction(200, 'listed something other than the entries of a plan');
  }
  return { index, line: line ?? null, identifier: identifier ?? {}, ...plan };
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The place of a row: its line in the file, or its number in the request. */
function placeNoun([first]: readonly PlannedRow[]): 'line' | 'index' {
  return first?.line === null ? 'index' : 'line';
}

function placeOf({ line, index }: PlannedRow): string {
  return String(line ?? index);
}

function nameOf({ identifier }: PlannedRow): string {
  return shownValue(Object.values(identifier).join(' '));
}

/** Returns a value as text that fits into a table. Text that reads like something else is quoted. */
function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  if (typeof value !== 'string') return truncate(JSON.stringify(value), MAX_VALUE);
  const isPlain = value !== '' && value.trim() === value && !value.startsWith('(');
  return truncate(isPlain ? value : JSON.stringify(value), MAX_VALUE);
}
