import { isObject } from '../../lambdas/contract/is-object.ts';
import { contradiction } from '../client/api-error.ts';
import { isEntryOf } from '../client/failures.ts';
import type { Entry } from '../client/index.ts';
import { ChangeReport, type ChangeRow, notShown } from './change-report.ts';
import { tableOf } from './summary.ts';

/** Sums up the entries of a plan, and keeps the first of them to be shown. */
export class PlanReport {
  readonly #changes: ChangeReport;

  /** @param limit - maximum number of rows of each kind that are kept */
  constructor(limit: number) {
    this.#changes = new ChangeReport(limit);
  }

  take(entry: Entry): void {
    this.#changes.take(plannedRow(entry));
  }

  toJSON() {
    return this.#changes.toJSON();
  }

  /** Returns paragraphs for people. */
  paragraphs(): string[] {
    const { changed, created, unchanged, failing } = this.#changes;
    const counts: [string, number][] = [
      ['would change', changed],
      ...(created === 0 ? [] : [['would be created', created] as [string, number]]),
      ['unchanged', unchanged],
      ['would fail', failing],
    ];
    return [tableOf(counts), ...this.#changes.tables(), ...notShown(this.#changes.omitted())];
  }
}

/** @throws ApiError when the entry is not one of a plan */
function plannedRow(entry: Entry): ChangeRow {
  const { index, line, identifier, plan } = entry ?? {};
  const planned = { index, completionStatus: plan?.completionStatus, errors: plan?.errors } as Entry;
  const isWhole = isObject(plan) && isObject(plan.before) && isObject(plan.after);
  if (plan === undefined || !isWhole || !isEntryOf(planned, Number.POSITIVE_INFINITY)) {
    throw contradiction(200, 'listed something other than the entries of a plan');
  }
  return { index, line: line ?? null, identifier: identifier ?? {}, ...plan };
}
