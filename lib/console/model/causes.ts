import type { ErrorBody } from '../../../lambdas/contract/errors.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { RowEntry } from './checking.ts';

/** Rows with the same error. */
export interface Cause {
  key: string;
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
};

/** Groups the errors of all rows by their cause. Causes of the most rows come first. */
export function causesOf(
  rows: readonly Row[],
  rowChecks: readonly RowEntry[],
  columns: readonly Column[],
): Cause[] {
  const groups = new Map<string, Omit<Cause, 'values' | 'positions'> & { byValue: Map<string, number[]> }>();
  for (const [position, entry] of rowChecks.entries()) {
    for (const error of entry?.errors ?? []) {
      const { field, column, value, reason } = causeOf(error, rows[position], columns);
      const key = JSON.stringify([error.code, field, reason]);
      const group = groups.get(key) ?? { key, field, column, reason, byValue: new Map() };
      groups.set(key, group);
      const positions = group.byValue.get(value) ?? [];
      // A row may have an error twice.
      if (positions.at(-1) !== position) positions.push(position);
      group.byValue.set(value, positions);
    }
  }
  return [...groups.values()]
    .flatMap(({ byValue, ...group }) => {
      const all = [...byValue].map(([value, positions]) => ({ values: [value], positions }));
      // Each row names a process of its own.
      const isOfIdentifier = Object.values(OF_IDENTIFIER).includes(group.reason);
      if (all.length <= (isOfIdentifier ? 1 : MAX_SPLIT)) {
        return all.map((each) => ({ ...group, ...each, key: `${group.key} ${each.values}` }));
      }
      const positions = [...new Set(all.flatMap((each) => each.positions))].sort((a, b) => a - b);
      return [{ ...group, values: [...byValue.keys()], positions }];
    })
    .sort((a, b) => b.positions.length - a.positions.length);
}

/** Returns the positions of the columns that an entry's errors are of, each once. */
export function wrongColumns(entry: RowEntry, row: Row, columns: readonly Column[]): number[] {
  const found = entry.errors.map((error) => columnOf(error, row, columns));
  return [...new Set(found.filter((column) => column !== undefined))];
}

interface ErrorCause {
  field: string | undefined;
  column: number | undefined;
  value: string;
  reason: string;
}

function causeOf(error: ErrorBody, row: Row | undefined, columns: readonly Column[]): ErrorCause {
  const field = fieldOf(error);
  const column = columnOf(error, row, columns);
  const { value, reason } = partsOf(error.message, field);
  const named = column === undefined ? undefined : columns[column];
  return {
    field: field ?? (named !== undefined && 'name' in named ? named.name : undefined),
    column,
    value: (column === undefined ? undefined : row?.cells[column]) ?? value,
    reason: OF_IDENTIFIER[error.code] ?? reason,
  };
}

/** Returns the name of the field that an error points to. Undefined when it concerns the whole item. */
function fieldOf({ pointer = '' }: ErrorBody): string | undefined {
  const [, , , ...path] = pointer.split('/');
  const names = path[0] === 'update' ? path.slice(1) : path;
  const name = names[0] === 'data' ? (names[1] ?? names[0]) : names[0];
  return name?.replaceAll('~1', '/').replaceAll('~0', '~');
}

function columnOf(error: ErrorBody, row: Row | undefined, columns: readonly Column[]): number | undefined {
  const field = fieldOf(error);
  const isInData = /^\/processes\/\d+\/(?:update\/)?data\//.test(error.pointer ?? '');
  const position = columns.findIndex((column, at) => {
    if (!('name' in column)) return false;
    if (field === undefined) {
      const isNamed = column.is === 'identifier' && (row?.cells[at] ?? '') !== '';
      return isNamed && Object.hasOwn(OF_IDENTIFIER, error.code);
    }
    return column.name === field && (column.is === 'attribute') === isInData;
  });
  return position < 0 ? undefined : position;
}

/** A value at the beginning of what a message says of a field. */
const VALUE = /^(?:"(?:[^"\\]|\\.)*"|an array|an object|a number that is too large|-?\d\S*|true|false|null) /;

/** Splits a message into the value that it quotes, and what is wrong with it. */
function partsOf(message: string, field: string | undefined): { value: string; reason: string } {
  const name = JSON.stringify(field ?? '');
  const said = message.startsWith(`${name}: `)
    ? message.slice(name.length + 2)
    : message.slice(message.startsWith(`${name} `) ? name.length + 1 : 0);
  const isOfValue = message.startsWith(`${name}: `);
  const quoted = isOfValue ? (VALUE.exec(said)?.[0] ?? '') : '';
  // The remedy follows.
  const [reason = ''] = said.slice(quoted.length).split(/: send|\. /, 1);
  return { value: textOf(quoted.trim()), reason: reason.replace(/\.$/, '') };
}

function textOf(quoted: string): string {
  if (!quoted.startsWith('"')) return quoted;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
