import type { Process } from '../contract/process.ts';
import { type Change, changesValue, fieldValue } from './merge.ts';
import { valueView } from './process.ts';

/** The fields that an update changes, such as `data.city`, as a client sees them; null for no value. */
export interface FieldChanges {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** What changes do to a process, by the order number of the update that brings them. */
export function fieldChanges(
  process: Process,
  changes: readonly Change[],
): ReadonlyMap<number, FieldChanges> {
  const byOrder = new Map<number, FieldChanges>();
  for (const change of changes) {
    const { field, value, order } = change;
    const current = fieldValue(process, field);
    if (!changesValue(current, change)) continue;
    const { before, after } = byOrder.get(order) ?? { before: {}, after: {} };
    before[field] = valueView(current ?? null);
    after[field] = value;
    byOrder.set(order, { before, after });
  }
  return byOrder;
}
