import { closest } from 'fastest-levenshtein';
import { type AttributeType, attributeOf } from '../../lambdas/domain/procedure.ts';
import { TOP_LEVEL_FIELDS, type TopLevelField } from '../../lambdas/domain/process.ts';
import type { ProcedureView } from '../client.ts';
import { FileError } from './row.ts';

/** What the cells of a column are to the item. */
export type Column =
  | { is: 'identifier'; name: string }
  | { is: 'field'; name: TopLevelField }
  | { is: 'attribute'; name: string; type: AttributeType }
  | { is: 'left out' };

/** Added to the rows that failed, and left out when these are sent again. */
export const ERROR_COLUMNS = ['_error_code', '_error_message'] as const;

export interface ColumnOptions {
  /** The one column that identifies; without it `id` and the primary key do. */
  key?: string | undefined;
  /** Names of columns and what they are called in the API; an empty name leaves the column out. */
  map?: ReadonlyMap<string, string> | undefined;
}

/** An attribute may be called like a field of the update, or be told apart from it like this. */
const ATTRIBUTE_PREFIX = 'data.';

/**
 * What each column is, by its name.
 * @throws FileError that names every column which is nothing
 */
export function planColumns(
  headers: readonly string[],
  procedure: ProcedureView,
  { key, map = new Map() }: ColumnOptions = {},
): Column[] {
  const columns = headers.map((header) => columnOf(header, procedure, key, map));
  const faults = [
    ...faultsOfOptions(headers, procedure, key, map),
    ...columns.flatMap((column) => (typeof column === 'string' ? [column] : [])),
  ];
  const known = columns.filter((column) => typeof column !== 'string');
  faults.push(
    ...repeatedColumns(known).map(
      (name) => `Several columns are the ${name}. Leave all but one of them out with --map "<column>=".`,
    ),
  );
  if (faults.length === 0) faults.push(...missing(known, procedure));
  if (faults.length > 0) throw new FileError(faults);
  return known;
}

/** What a name is to the items of a procedure; undefined when it is nothing. */
export function columnCalled(name: string, procedure: ProcedureView): Column | undefined {
  if (name === 'id' || name === procedure.primaryKey) return { is: 'identifier', name };
  const field = TOP_LEVEL_FIELDS.find((other) => other === name);
  if (field !== undefined) return { is: 'field', name: field };
  const inData = name.startsWith(ATTRIBUTE_PREFIX) ? name.slice(ATTRIBUTE_PREFIX.length) : name;
  for (const attribute of [name, inData]) {
    const type = attributeOf(procedure, attribute)?.type;
    if (type !== undefined) return { is: 'attribute', name: attribute, type };
  }
  return undefined;
}

/** The name by which {@link columnCalled} finds an attribute, whatever else is called so. */
export function attributeColumn(attribute: string): string {
  return `${ATTRIBUTE_PREFIX}${attribute}`;
}

/** What several columns are, though only one may be. */
export function repeatedColumns(columns: readonly Column[]): string[] {
  const names = columns.flatMap((column) =>
    column.is === 'left out' ? [] : [`${column.is} ${column.name}`],
  );
  return [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
}

/** Whether the columns name a process, and change something of it. */
export function purposeOf(columns: readonly Column[]): { identifies: boolean; changes: boolean } {
  const has = (...kinds: Column['is'][]) => columns.some(({ is }) => kinds.includes(is));
  return { identifies: has('identifier'), changes: has('field', 'attribute') };
}

/** @returns the column, or what is wrong with it */
function columnOf(
  header: string,
  procedure: ProcedureView,
  key: string | undefined,
  map: ReadonlyMap<string, string>,
): Column | string {
  const name = map.get(header) ?? header;
  const { primaryKey } = procedure;
  const isErrorColumn = ERROR_COLUMNS.some((column) => column === name);
  if (name === '' || isErrorColumn) {
    return name === '' && !map.has(header) ? 'A column has no name. Name it in the first line.' : LEFT_OUT;
  }
  if (key !== undefined && (header === key || name === key)) {
    return { is: 'identifier', name: name === 'id' ? 'id' : primaryKey };
  }
  const column = columnCalled(name, procedure) ?? unknownColumn(header, name, procedure);
  if (typeof column === 'string' || column.is !== 'identifier' || key === undefined) return column;
  // With the key in another column the primary key is an attribute, which the API lets a process repeat.
  const type = name === 'id' ? undefined : attributeOf(procedure, name)?.type;
  return type === undefined ? LEFT_OUT : { is: 'attribute', name, type };
}

const LEFT_OUT = { is: 'left out' } as const;

function unknownColumn(header: string, name: string, procedure: ProcedureView): string {
  const nearest = closest(name, namesOf(procedure));
  const called = header === name ? `"${header}"` : `"${header}", mapped to "${name}",`;
  return `The column ${called} is no attribute of ${procedure.shortId}. Send it as another with --map "${header}=${nearest}", or leave it out with --map "${header}=".`;
}

function namesOf({ primaryKey, attributes }: ProcedureView): string[] {
  return [...new Set([primaryKey, ...Object.keys(attributes), ...TOP_LEVEL_FIELDS, 'id'])];
}

function faultsOfOptions(
  headers: readonly string[],
  { primaryKey }: ProcedureView,
  key: string | undefined,
  map: ReadonlyMap<string, string>,
): string[] {
  const has = `The file has ${headers.map((header) => `"${header}"`).join(', ')}.`;
  const names = headers.map((header) => map.get(header) ?? header);
  const faults = [...map.keys()]
    .filter((header) => !headers.includes(header))
    .map((header) => `--map names the column "${header}", which the file does not have. ${has}`);
  if (key !== undefined && !headers.includes(key) && !names.includes(key)) {
    faults.push(
      `--key names the column "${key}", which the file does not have. ${has} Name the one with the process's ${primaryKey} or id.`,
    );
  }
  return faults;
}

function missing(columns: readonly Column[], { shortId, primaryKey }: ProcedureView): string[] {
  const { identifies, changes } = purposeOf(columns);
  return [
    ...(identifies
      ? []
      : [
          `No column names the process of ${shortId}. Name one "${primaryKey}" or "id", or say which it is with --key.`,
        ]),
    ...(changes
      ? []
      : [
          `No column changes anything. Name one like an attribute of ${shortId} or ${TOP_LEVEL_FIELDS.join(', ')}.`,
        ]),
  ];
}
