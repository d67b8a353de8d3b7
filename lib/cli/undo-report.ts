import { isObject } from '../../lambdas/contract/is-object.ts';
import { contradiction } from '../client/api-error.ts';
import { isEntryOf } from '../client/failures.ts';
import type { DryRunEntry } from '../client/index.ts';
import { ChangeReport, nameOf, notShown, placeNoun, placeOf, type RowPlace } from './change-report.ts';
import { tableOf } from './summary.ts';
import { kindOf, noUndoCounts, undoTable } from './undo-counts.ts';

/** A row of which something stays. */
interface KeptRow extends RowPlace {
  /** The fields that stay; null for all of them. */
  kept: readonly string[] | null;
}

/** Sums up the dry run of an undo, and keeps the first entries to be shown. */
export class UndoReport {
  readonly #limit: number;
  readonly #counts = noUndoCounts();
  /** Number of processes that the undo deletes: those that the job created. */
  #deleted = 0;
  readonly #changes: ChangeReport;
  /** The first rows of which something stays. */
  readonly #kept: KeptRow[] = [];

  /** @param limit - maximum number of rows of each kind that are kept */
  constructor(limit: number) {
    this.#limit = limit;
    this.#changes = new ChangeReport(limit);
  }

  /** @throws ApiError when it is not an entry of a dry run */
  take(entry: DryRunEntry): void {
    const { before, after } = entry ?? {};
    if (!isEntryOf(entry, Number.POSITIVE_INFINITY) || !isObject(before) || !isObject(after)) {
      throw contradiction(200, 'listed something other than the entries of a dry run');
    }
    const kind = kindOf(entry);
    const place = { index: entry.index, line: entry.line ?? null, identifier: entry.identifier ?? {} };
    if (kind === 'reverted' && after.isDeleted === true) this.#deleted += 1;
    else this.#counts[kind] += 1;
    this.#changes.take({ ...entry, ...place });
    if ((kind === 'kept' || kind === 'partlyReverted') && this.#kept.length < this.#limit) {
      this.#kept.push({ ...place, kept: kind === 'kept' ? null : (entry.kept ?? []) });
    }
  }

  toJSON() {
    const { causes, fields, changes, failures } = this.#changes.toJSON();
    return {
      outcomes: { ...this.#counts, deleted: this.#deleted },
      fields,
      causes,
      changes,
      kept: this.#kept,
      failures,
    };
  }

  /** Returns paragraphs for people. */
  paragraphs(): string[] {
    return [
      undoTable(this.#counts, { isDryRun: true, deleted: this.#deleted }),
      ...this.#changes.tables(),
      ...(this.#kept.length === 0 ? [] : [this.#keptTable()]),
      ...notShown([...this.#changes.omitted(), this.#keptOmitted()]),
    ];
  }

  #keptTable(): string {
    const head = [placeNoun(this.#kept), 'process', 'stays, as something newer has set it'];
    const rows = this.#kept.map((row) => [
      ...[placeOf(row), nameOf(row), row.kept === null ? 'all that the job set' : row.kept.join(', ')],
    ]);
    return tableOf([head, ...rows]);
  }

  #keptOmitted(): [count: number, what: string] {
    const { kept, partlyReverted } = this.#counts;
    return [kept + partlyReverted - this.#kept.length, 'would be kept, or in part'];
  }
}
