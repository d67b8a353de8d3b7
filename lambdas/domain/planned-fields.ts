import type { Process } from '../contract/process.ts';
import { fieldValue } from './field.ts';
import { changesOf, type OrderedUpdate } from './merge.ts';
import { valueText } from './value-text.ts';

/** What each field that an update names had when it was planned, as `valueText` writes it. */
export type PlannedFields = Readonly<Record<string, string>>;

/** What the fields of an update have now. */
export function plannedFields(process: Process, update: OrderedUpdate): PlannedFields {
  return Object.fromEntries(
    changesOf(update).map(({ field }) => [field, valueText(fieldValue(process, field))]),
  );
}
