import type { TopLevelField } from '../contract/fields.ts';
import type { AttributeValue } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';

/** A field with a clock of its own: `state`, …, or one attribute as `data.city`. */
export type FieldName = TopLevelField | `data.${string}`;
export type FieldValue = AttributeValue | null;

/** The attribute that a field name stands for, or undefined when it is not one of `data`. */
export function attributeName(field: FieldName): string | undefined {
  return field.startsWith('data.') ? field.slice('data.'.length) : undefined;
}

/** The value that a process has in a field. */
export function fieldValue(process: Pick<Process, 'data' | TopLevelField>, field: FieldName): unknown {
  const attribute = attributeName(field);
  if (attribute === undefined) return process[field as TopLevelField];
  const data = process.data ?? {};
  return Object.hasOwn(data, attribute) ? data[attribute] : undefined;
}
