import { PLAN_MS } from '../../../lambdas/contract/limits.ts';
import type { Entry, Job } from '../../client/index.ts';
import type { RowEntry } from './checking.ts';
import { kindOf } from './row-kinds.ts';

/** An entry of a plan, and what is planned for it, as the check of a file tells it of a row. */
export interface PlannedRow {
  entry: Entry;
  planned: RowEntry;
}

export function plannedRow(entry: Entry): PlannedRow {
  return { entry, planned: { ...entry, before: {}, after: {}, ...entry.plan } };
}

/** Counts the processes that a plan changes. */
export function changedRecords(rows: readonly PlannedRow[]): number {
  const changing = rows.filter(({ planned }) => kindOf(planned) === 'change');
  return new Set(changing.map(({ entry }) => JSON.stringify(entry.identifier))).size;
}

/** Returns when a plan expires, in epoch ms. */
export function expiresAt({ createdAt }: Pick<Job, 'createdAt'>): number {
  return createdAt + PLAN_MS;
}

/** Whether a job waits for its approval. */
export function isPlanned({ completionStatus }: Pick<Job, 'completionStatus'>): boolean {
  return completionStatus === 'PLANNED';
}
