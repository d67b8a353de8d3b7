import { readerOf } from './cell-reader.ts';
import type { Column, NamedColumn, SentColumn } from './column.ts';
import { plainValue } from './plain-value.ts';

/** The default cell that clears a field. Databases write it for null. */
export const CLEAR_MARKER = '\\N';

const NONE: ReadonlySet<number> = new Set();

/**
 * Writes a row as an item in JSON. An empty cell leaves the field unchanged; the clear marker clears it. Where the process
 * must have what the cell says, both mean that it has no value. A cell that its column does not read is sent as it is.
 * @param exact - positions of cells that are values of a workbook
 */
export function itemOf(
  cells: readonly string[],
  columns: readonly Column[],
  clearMarker: string,
  exact = NONE,
): string {
  const sent: Value[] = [];
  const expected: Value[] = [];
  for (const [position, column] of columns.entries()) {
    const cell = cells[position] ?? '';
    const isExact = exact.has(position);
    if ('name' in column && cell !== '') {
      const isCleared = column.is !== 'identifier' && cell === clearMarker;
      sent.push({ column, json: isCleared ? 'null' : valueOfCell(cell, column, isExact) });
    }
    const { expects } = column;
    if (expects === undefined) continue;
    const isNone = cell === '' || cell === clearMarker;
    expected.push({ column: expects, json: isNone ? 'null' : valueOfCell(cell, expects, isExact) });
  }
  const members = membersOf(sent);
  if (expected.length > 0) members.push(`"expect":{${membersOf(expected).join(',')}}`);
  return `{${members.join(',')}}`;
}

interface Value {
  column: NamedColumn | SentColumn;
  json: string;
}

/** Writes values as members of an object in JSON, those of attributes as members of its `data`. */
function membersOf(values: readonly Value[]): string[] {
  const written = (isInData: boolean) =>
    values
      .filter(({ column }) => (column.is === 'attribute') === isInData)
      .map(({ column, json }) => `${JSON.stringify(column.name)}:${json}`);
  const data = written(true);
  return data.length === 0 ? written(false) : [...written(false), `"data":{${data.join(',')}}`];
}

/** Writes a cell as JSON. @param isExact - whether it is a value of a workbook */
export function valueOfCell(cell: string, column: NamedColumn | SentColumn, isExact = false): string {
  const read = column.is === 'identifier' ? undefined : readerOf(column)(cell, isExact);
  return read ?? plainValue(cell, column);
}
