import type { Process } from '../contract/process.ts';
import type { Writing } from './change.ts';
import { fieldValue } from './field.ts';
import { changesValue } from './merge.ts';
import { valueView } from './process.ts';

/** The fields that an update changes, such as `data.city`, as a client sees them; null for no value. */
export interface FieldChanges {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** What changes do to a process, by the order number of the update that brings them. */
export function fieldChanges(
  process: Process,
  changes: readonly Writing[],
): ReadonlyMap<number, FieldChanges> {
  const byOrder = new Map<number, FieldChanges>();
  for (const change of changes) {
    const { field, value, order } = change;
    const current = fieldValue(process, field);
    if (!changesValue(current, change)) continue;
    const { before, after } = byOrder.get(order) ?? { before: {}, after: {} };
    before[field] = valueView(current ?? null);
    after[field] = valueView(value ?? null);
    byOrder.set(order, { before, after });
  }
  return byOrder;
}
