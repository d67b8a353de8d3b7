import type { AttributeType } from '../contract/procedure.ts';
import type { Column } from './csv-columns.ts';

/** The default cell that clears a field. Databases write it for null. */
export const CLEAR_MARKER = '\\N';

/** A column that is sent. */
export type NamedColumn = Extract<Column, { name: string }>;

/** Types whose values are neither text nor number, so that a cell has them as JSON. */
const JSON_TYPES: readonly AttributeType[] = [
  'multiStringEnum',
  'multiIntegerEnum',
  'multiFloatEnum',
  'multiPhotos',
  'json',
];

/**
 * Writes a row as an item in JSON. An empty cell leaves the field unchanged; the clear marker clears it.
 *
 * Cells stay text, which the API accepts for numbers too and refuses to round. Only booleans, lists and JSON are
 * written as JSON, as the API does not accept text for them. An invalid one stays text, so that the API names the fault.
 */
export function itemOf(cells: readonly string[], columns: readonly Column[], clearMarker: string): string {
  const members: string[] = [];
  const data: string[] = [];
  for (const [position, column] of columns.entries()) {
    const cell = cells[position] ?? '';
    if (!('name' in column) || cell === '') continue;
    const isCleared = column.is !== 'identifier' && cell === clearMarker;
    const member = `${JSON.stringify(column.name)}:${isCleared ? 'null' : valueOfCell(cell, column)}`;
    (column.is === 'attribute' ? data : members).push(member);
  }
  if (data.length > 0) members.push(`"data":{${data.join(',')}}`);
  return `{${members.join(',')}}`;
}

/** Writes a cell as JSON. */
export function valueOfCell(cell: string, column: NamedColumn): string {
  const isBoolean =
    (column.is === 'field' && column.name === 'isDeleted') ||
    (column.is === 'attribute' && column.type === 'boolean');
  // Spreadsheets write them in capitals.
  if (isBoolean && /^(true|false)$/i.test(cell)) return cell.toLowerCase();
  return holdsJson(column) && isJson(cell) ? cell : JSON.stringify(cell);
}

/** Whether a cell would clear its field although it is not the clear marker. */
export function isNull(cell: string, column: Column): boolean {
  return cell.trim() === 'null' && holdsJson(column);
}

function holdsJson(column: Column): boolean {
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
