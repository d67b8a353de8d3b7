import type { ErrorBody, ErrorCode } from '../../../lambdas/contract/errors.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import { cellText } from './cell-text.ts';
import type { RowEntry } from './checking.ts';

/** Rows with the same error. */
export interface Cause {
  key: string;
  code: ErrorCode;
  /** What the API calls the field, if it is one. */
  field: string | undefined;
  /** Position of the column whose cells are wrong, if they are those of one. */
  column: number | undefined;
  /** What is wrong, as the end of a sentence that begins with the field or the value. */
  reason: string;
  /** The values that are wrong, as many as there are. */
  values: readonly string[];
  /** Positions of the rows, in their order. */
  positions: readonly number[];
}

/** Maximum number of values that have causes of their own. */
const MAX_SPLIT = 5;

/** Reasons of errors that concern the identifier of a row. */
const OF_IDENTIFIER: Readonly<Record<string, string>> = {
  PROCESS_NOT_FOUND: 'belongs to no process',
  PROCESS_DELETED: 'belongs to a deleted process',
  AMBIGUOUS_PRIMARY_KEY: 'belongs to several processes',
  PROCESS_EXISTS: 'belongs to a process already',
};

/** Reason of rows whose key is empty. */
const WITHOUT_KEY = 'is empty, so the row names no process';

/** Maximum number of columns whose cells are offered to a row that changes nothing. */
const MAX_OFFERED = 6;

type Group = Omit<Cause, 'values' | 'positions'> & { byValue: Map<string, number[]> };

/** Groups the errors of all rows by their cause. Causes of the most rows come first. */
export function causesOf(
  rows: readonly Row[],
  rowChecks: readonly RowEntry[],
  columns: readonly Column[],
): Cause[] {
  const groups = new Map<string, Group>();
  const fields = fieldsByPath(columns);
  for (const [position, entry] of rowChecks.entries()) {
    for (const error of entry?.errors ?? []) {
      const { field, column, value, reason } = causeOf(error, rows[position], columns, fields);
      const key = `${error.code} ${field} ${reason}`;
      const group = groups.get(key) ?? { key, code: error.code, field, column, reason, byValue: new Map() };
      groups.set(key, group);
      const positions = group.byValue.get(value);
      if (positions === undefined) group.byValue.set(value, [position]);
      // A row may have an error twice.
      else if (positions.at(-1) !== position) positions.push(position);
    }
  }
  return [...groups.values()].flatMap(split).sort((a, b) => b.positions.length - a.positions.length);
}

/** Makes a cause of each value if there are few of them. */
function split({ byValue, ...group }: Group): Cause[] {
  // Each row names a process of its own.
  const isOfIdentifier = Object.values(OF_IDENTIFIER).includes(group.reason);
  if (byValue.size <= (isOfIdentifier ? 1 : MAX_SPLIT)) {
    return [...byValue].map(([value, positions]) => ({
      ...group,
      ...{ key: `${group.key} ${value}`, values: [value], positions },
    }));
  }
  const positions = [...new Set([...byValue.values()].flat())].sort((a, b) => a - b);
  return [{ ...group, values: [...byValue.keys()], positions }];
}

/** Returns the positions of the columns by whose cells an entry's errors can be corrected, each once. */
export function wrongColumns(entry: RowEntry, row: Row, columns: readonly Column[]): number[] {
  const fields = fieldsByPath(columns);
  const found = entry.errors.flatMap((error) =>
    error.code === 'UPDATE_MISSING' ? fillableColumns(columns) : placeOf(error, row, columns, fields).column,
  );
  return [...new Set(found.filter((column) => column !== undefined))];
}

/** Returns the positions of the columns that can change a record. None if they are too many to offer for each row. */
export function fillableColumns(columns: readonly Column[]): number[] {
  const sent = columns.flatMap(({ is }, at) => (is === 'field' || is === 'attribute' ? at : []));
  return sent.length > MAX_OFFERED ? [] : sent;
}

/** Whether a cell of any of the rows can be corrected. */
export function hasWrongColumns(
  rows: readonly Row[],
  rowChecks: readonly RowEntry[],
  columns: readonly Column[],
): boolean {
  return rows.some((row, position) => {
    const entry = rowChecks[position];
    return entry !== undefined && wrongColumns(entry, row, columns).length > 0;
  });
}

interface Place {
  /** What the API calls the field. */
  field: string | undefined;
  /** Position of its column. */
  column: number | undefined;
}

/** Remembers the place of each path, as many errors have the same. */
function fieldsByPath(columns: readonly Column[]): (path: string) => Place {
  const places = new Map<string, Place>();
  return (path) => {
    const known = places.get(path);
    if (known !== undefined) return known;
    const names = path.split('/').filter((name, at) => at > 0 || name !== 'update');
    const isInData = names[0] === 'data' && names.length > 1;
    const field = names[isInData ? 1 : 0]?.replaceAll('~1', '/').replaceAll('~0', '~') || undefined;
    const column = columns.findIndex(
      (each) => 'name' in each && each.name === field && (each.is === 'attribute') === isInData,
    );
    const place = { field, column: column < 0 ? undefined : column };
    places.set(path, place);
    return place;
  };
}

/** Finds the field that an error points to. One of the whole item may concern its identifier. */
function placeOf(
  { code, pointer = '' }: ErrorBody,
  row: Row | undefined,
  columns: readonly Column[],
  fields: (path: string) => Place,
): Place {
  // Behind "/processes/<index>/".
  const start = pointer.indexOf('/', '/processes/'.length);
  if (start >= 0) return fields(pointer.slice(start + 1));
  const column =
    code === 'IDENTIFIER_MISSING'
      ? keyColumn(columns)
      : Object.hasOwn(OF_IDENTIFIER, code)
        ? columns.findIndex(({ is }, at) => is === 'identifier' && (row?.cells[at] ?? '') !== '')
        : -1;
  const named = columns[column];
  if (named === undefined || !('name' in named)) return { field: undefined, column: undefined };
  return { field: named.name, column };
}

/** Returns the position of the primary key, or else of the id. */
function keyColumn(columns: readonly Column[]): number {
  const key = columns.findIndex((column) => column.is === 'identifier' && column.name !== 'id');
  return key < 0 ? columns.findIndex(({ is }) => is === 'identifier') : key;
}

function causeOf(
  error: ErrorBody,
  row: Row | undefined,
  columns: readonly Column[],
  fields: (path: string) => Place,
): Place & { value: string; reason: string } {
  const { field, column } = placeOf(error, row, columns, fields);
  const { quoted, reason } = partsOf(error.message, field);
  const cell = column === undefined || row === undefined ? undefined : cellText(row, column, columns[column]);
  const isWithoutKey = error.code === 'IDENTIFIER_MISSING' && column !== undefined;
  return {
    ...{ field, column, value: cell ?? textOf(quoted) },
    reason: isWithoutKey ? WITHOUT_KEY : (OF_IDENTIFIER[error.code] ?? reason),
  };
}

/** A value at the beginning of what a message says of a field. */
const VALUE = /^(?:"(?:[^"\\]|\\.)*"|an array|an object|a number that is too large|-?\d\S*|true|false|null) /;

/** Splits a message into the value that it quotes, and what is wrong with it. The remedy follows. */
function partsOf(message: string, field: string | undefined): { quoted: string; reason: string } {
  const name = JSON.stringify(field ?? '');
  const isOfField = message.startsWith(name);
  const isOfValue = isOfField && message.startsWith(': ', name.length);
  const said = isOfField ? message.slice(name.length + (isOfValue ? 2 : 1)) : message;
  const quoted = isOfValue ? (VALUE.exec(said)?.[0] ?? '') : '';
  const rest = said.slice(quoted.length);
  const ends = [rest.indexOf(': send'), rest.indexOf('. ')].filter((end) => end >= 0);
  const reason = ends.length === 0 ? rest : rest.slice(0, Math.min(...ends));
  return { quoted: quoted.trim(), reason: reason.endsWith('.') ? reason.slice(0, -1) : reason };
}

function textOf(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
