import type { AttributeType } from '../contract/procedure.ts';
import type { NamedColumn } from './column.ts';

/** Types whose values are neither text nor number, so that a cell has them as JSON. */
const JSON_TYPES: readonly AttributeType[] = [
  'multiStringEnum',
  'multiIntegerEnum',
  'multiFloatEnum',
  'multiPhotos',
  'json',
];

/**
 * Writes a cell as JSON, as it is.
 *
 * It stays text, which the API accepts for numbers too and refuses to round. Only booleans, lists and JSON are written as
 * JSON, as the API does not accept text for them. An invalid one stays text, so that the API names the fault.
 */
export function plainValue(cell: string, column: NamedColumn): string {
  const isBoolean =
    (column.is === 'field' && column.name === 'isDeleted') ||
    (column.is === 'attribute' && column.type === 'boolean');
  // Spreadsheets write them in capitals.
  if (isBoolean && /^(true|false)$/i.test(cell)) return cell.toLowerCase();
  return holdsJson(column) && isJson(cell) ? cell : JSON.stringify(cell);
}

/** Whether a cell would clear its field although it is not the clear marker. */
export function isNull(cell: string, column: NamedColumn): boolean {
  return cell.trim() === 'null' && holdsJson(column);
}

function holdsJson(column: NamedColumn): boolean {
  return column.is === 'attribute' && JSON_TYPES.includes(column.type);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
