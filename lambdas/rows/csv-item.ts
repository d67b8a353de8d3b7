import { readerOf } from './cell-reader.ts';
import type { Column, NamedColumn } from './column.ts';
import { plainValue } from './plain-value.ts';

/** The default cell that clears a field. Databases write it for null. */
export const CLEAR_MARKER = '\\N';

const NONE: ReadonlySet<number> = new Set();

/**
 * Writes a row as an item in JSON. An empty cell leaves the field unchanged; the clear marker clears it. A cell that its
 * column does not read is sent as it is.
 * @param exact - positions of cells that are values of a workbook
 */
export function itemOf(
  cells: readonly string[],
  columns: readonly Column[],
  clearMarker: string,
  exact = NONE,
): string {
  const members: string[] = [];
  const data: string[] = [];
  for (const [position, column] of columns.entries()) {
    const cell = cells[position] ?? '';
    if (!('name' in column) || cell === '') continue;
    const isCleared = column.is !== 'identifier' && cell === clearMarker;
    const value = isCleared ? 'null' : valueOfCell(cell, column, exact.has(position));
    const member = `${JSON.stringify(column.name)}:${value}`;
    (column.is === 'attribute' ? data : members).push(member);
  }
  if (data.length > 0) members.push(`"data":{${data.join(',')}}`);
  return `{${members.join(',')}}`;
}

/** Writes a cell as JSON. @param isExact - whether it is a value of a workbook */
export function valueOfCell(cell: string, column: NamedColumn, isExact = false): string {
  const read = column.is === 'identifier' ? undefined : readerOf(column)(cell, isExact);
  return read ?? plainValue(cell, column);
}
