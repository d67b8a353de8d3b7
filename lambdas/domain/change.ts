import type { FieldName, FieldValue } from './field.ts';

/** A field's new value and the order number of the update that brings it. */
export interface Change {
  field: FieldName;
  value: FieldValue;
  order: number;
}

/** A value that an undo gives back, as it is stored: undefined for none. */
export interface Restoration extends Omit<Change, 'value'> {
  value: unknown;
  /** Order number of the update that brought the value; -1 for none. */
  of: number;
  /** Sequences of the jobs that are undone on the field. */
  void: readonly number[];
}

/** What a write does to a field. */
export type Writing = Change | Restoration;

/** Whether a field has no value afterwards. An update says that with null; an undo may bring back a null that was stored. */
export function isCleared(writing: Writing): boolean {
  return writing.value === undefined || (writing.value === null && !('of' in writing));
}
