import { PLAN_MS } from '../../../lambdas/contract/limits.ts';
import type { Entry, Job } from '../../client/index.ts';
import type { RowEntry } from './checking.ts';
import { kindOf, type RowKind } from './row-kinds.ts';
import { count, counted } from './words.ts';

/** An entry of a plan, and what is planned for it, as the check of a file tells it of a row. */
export interface PlannedRow {
  entry: Entry;
  planned: RowEntry;
}

export function plannedRow(entry: Entry): PlannedRow {
  return { entry, planned: { ...entry, before: {}, after: {}, ...entry.plan } };
}

/** Numbers of processes that a plan changes and creates. */
export interface PlannedRecords {
  changed: number;
  created: number;
}

/** Counts the processes that a plan changes and creates. One that it creates, then changes, counts as created. */
export function plannedRecords(rows: readonly PlannedRow[]): PlannedRecords {
  const named = (kind: RowKind) =>
    new Set(
      rows
        .filter(({ planned }) => kindOf(planned) === kind)
        .map(({ entry }) => JSON.stringify(entry.identifier)),
    );
  const created = named('create');
  return { changed: named('change').difference(created).size, created: created.size };
}

/** Says what a plan comes to, such as "2 records will be changed and 3 created". */
export function plannedText(
  { changed, created }: PlannedRecords,
  will: 'will' | 'will not' = 'will',
): string {
  const records = counted(changed, 'record');
  if (created === 0) return `${records} ${will} be changed`;
  if (changed === 0) return `${counted(created, 'record')} ${will} be created`;
  return will === 'will'
    ? `${records} will be changed and ${count(created)} created`
    : `${records} will not be changed, and ${count(created)} not created`;
}

/** Says what to confirm, such as "Change 2 records, create 3". */
export function approvalText({ changed, created }: PlannedRecords): string {
  const records = counted(changed, 'record');
  if (created === 0) return `Change ${records}`;
  return changed === 0
    ? `Create ${counted(created, 'record')}`
    : `Change ${records}, create ${count(created)}`;
}

/** Returns when a plan expires, in epoch ms. */
export function expiresAt({ createdAt }: Pick<Job, 'createdAt'>): number {
  return createdAt + PLAN_MS;
}

/** Whether a job waits for its approval. */
export function isPlanned({ completionStatus }: Pick<Job, 'completionStatus'>): boolean {
  return completionStatus === 'PLANNED';
}
