import { EXPECTED_FIELDS, PROCESS_STATUSES, TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import { attributeOf } from '../contract/procedure.ts';
import type { ProcedureView } from '../contract/views.ts';
import type { Column, SentColumn } from './column.ts';

/** Columns added to failed rows, and omitted when these are sent again. */
export const ERROR_COLUMNS = ['_error_code', '_error_message'] as const;

/** Columns, or members, added to the rows of result files, and omitted when these are sent again. */
export const RESULT_COLUMNS = [
  '_row',
  '_line',
  '_status',
  '_outcome',
  '_error_code',
  '_error_message',
  '_process_id',
] as const;

/** Whether a column has a result of an earlier run. */
export function isResultColumn(header: string | undefined): boolean {
  return RESULT_COLUMNS.some((name) => name === header);
}

/** Distinguishes an attribute from a field of the same name. */
export const ATTRIBUTE_PREFIX = 'data.';

/** Whether a column has the errors of an earlier run. */
export function isErrorColumn(header: string | undefined): boolean {
  return ERROR_COLUMNS.some((name) => name === header);
}

/** Returns what a name means in the items of a procedure, or undefined if it is unknown. */
export function columnCalled(name: string, procedure: ProcedureView): Column | undefined {
  if (name === 'id' || name === procedure.primaryKey) return { is: 'identifier', name };
  return updateColumn(name, procedure);
}

export function updateColumn(name: string, procedure: ProcedureView): Column | undefined {
  const field = TOP_LEVEL_FIELDS.find((other) => other === name);
  return field === undefined ? attributeColumn(name, procedure) : { is: 'field', name: field };
}

/** Returns what a member of `expect` means, or undefined if it is unknown. */
export function expectedColumn(name: string, procedure: ProcedureView): SentColumn | undefined {
  const field = EXPECTED_NAMES.find((other) => other === name);
  return field === undefined ? attributeColumn(name, procedure) : { is: 'field', name: field };
}

/** Members of `expect` beside `data`. */
const EXPECTED_NAMES = EXPECTED_FIELDS.filter((name) => name !== 'data');

/** Returns the names of all that a process can be expected to have. */
export function expectedNames({ attributes }: ProcedureView): string[] {
  return [...EXPECTED_NAMES, ...Object.keys(attributes)];
}

function attributeColumn(name: string, procedure: ProcedureView): SentColumn | undefined {
  const inData = name.startsWith(ATTRIBUTE_PREFIX) ? name.slice(ATTRIBUTE_PREFIX.length) : name;
  for (const attribute of [name, inData]) {
    const type = attributeOf(procedure, attribute)?.type;
    if (type !== undefined) return { is: 'attribute', name: attribute, type };
  }
  return undefined;
}

/** Returns the column name of an attribute, even if a field has the same name. */
export function nameOfAttribute(attribute: string, procedure: ProcedureView): string {
  const column = columnCalled(attribute, procedure);
  return column?.is === 'attribute' ? attribute : `${ATTRIBUTE_PREFIX}${attribute}`;
}

/** Returns the values that a column can have, or nothing if they cannot be listed. */
export function optionsOf(column: SentColumn, procedure: ProcedureView): readonly (string | number)[] {
  if (column.is === 'attribute') return attributeOf(procedure, column.name)?.options ?? [];
  if (column.name === 'state') return procedure.states;
  return column.name === 'status' ? PROCESS_STATUSES : [];
}
