import type { AttributeType } from '../contract/procedure.ts';
import type { Column } from './csv-columns.ts';

/** The cell that clears a field unless another is chosen: what databases write for null. */
export const CLEAR_MARKER = '\\N';

/** A column that is sent. */
export type NamedColumn = Extract<Column, { name: string }>;

/** Types whose values are no text or number, so that a cell holds them as JSON. */
const JSON_TYPES: readonly AttributeType[] = [
  'multiStringEnum',
  'multiIntegerEnum',
  'multiFloatEnum',
  'multiPhotos',
  'json',
];

/**
 * A row as an item in JSON. An empty cell leaves the field as it is; the clear marker clears it.
 *
 * Cells stay the text that they are, which the API takes for numbers too and refuses to round. Only what it takes as
 * no text is written as JSON: booleans, lists, and JSON itself. Any other cell stays text, for the API to
 * say what is wrong with it.
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

/** The JSON that a cell is. */
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
