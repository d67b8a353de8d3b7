import { MAX_FAULTS } from '../../lib/client/batches.ts';
import type { ProcedureView } from '../../lib/client/index.ts';
import { TOP_LEVEL_FIELDS, type TopLevelField } from '../contract/fields.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { type AttributeType, attributeOf } from '../contract/procedure.ts';
import { FileError } from './row.ts';
import { shellWord } from './shell-word.ts';

/** What the cells of a column are to the item. */
export type Column =
  | { is: 'identifier'; name: string }
  | { is: 'field'; name: TopLevelField }
  | { is: 'attribute'; name: string; type: AttributeType }
  | { is: 'left out'; isUnknown?: true }
  /** It has no name, and may have no text. */
  | { is: 'nameless' };

/** So many columns of a file are told. */
const MAX_HEADERS = 50;
/** So much of a name is shown, and compared with others. */
const MAX_NAME = 100;

/** Added to the rows that failed, and left out when these are sent again. */
export const ERROR_COLUMNS = ['_error_code', '_error_message'] as const;

export interface ColumnOptions {
  /** The one column that identifies; without it `id` and the primary key do. */
  key?: string | undefined;
  /** Names of columns and what they are called in the API; an empty name leaves the column out. */
  map?: ReadonlyMap<string, string> | undefined;
  /** Leaves out what is no attribute, instead of refusing the file. */
  ignoreUnknownColumns?: boolean | undefined;
}

/** An attribute may be called like a field of the update, or be told apart from it like this. */
export const ATTRIBUTE_PREFIX = 'data.';

/**
 * What each column is, by its name.
 * @throws FileError that names every column which is nothing
 */
export function planColumns(
  headers: readonly string[],
  procedure: ProcedureView,
  { key, map = new Map(), ignoreUnknownColumns = false }: ColumnOptions = {},
): Column[] {
  const faults = faultsOfOptions(headers, procedure, key, map);
  const known: Column[] = [];
  for (const header of headers) {
    const column = columnOf(header, procedure, key, map);
    if (column !== undefined && typeof column !== 'string') known.push(column);
    else if (column === undefined && ignoreUnknownColumns) known.push({ is: 'left out', isUnknown: true });
    else faults.push(column ?? unknownColumn(header, map.get(header) ?? header, headers, procedure));
    // Finding the nearest name takes its time.
    if (faults.length >= MAX_FAULTS) break;
  }
  if (faults.length > 0 && headers.length === 1) faults.push(ANOTHER_DELIMITER);
  faults.push(...repeatedHeaders(headers));
  if (faults.length === 0) faults.push(...repeated(known));
  if (faults.length === 0) faults.push(...missing(known, procedure));
  if (faults.length > 0) throw new FileError(faults.slice(0, MAX_FAULTS));
  return known;
}

const ANOTHER_DELIMITER = 'If the file has several columns, name what is between them with --delimiter.';

/** A name as messages show it, which may have megabytes. */
function quoted(header: string): string {
  return `"${header.length > MAX_NAME ? `${header.slice(0, MAX_NAME)}…` : header}"`;
}

/** @returns the column, or what is wrong with it; undefined when nothing is called so */
function columnOf(
  header: string,
  procedure: ProcedureView,
  key: string | undefined,
  map: ReadonlyMap<string, string>,
): Column | string | undefined {
  const name = map.get(header) ?? header;
  const { primaryKey } = procedure;
  if (name === '') return map.has(header) ? LEFT_OUT : { is: 'nameless' };
  if (isErrorColumn(header)) return errorColumn(header, name, procedure);
  if (key !== undefined && (header === key || name === key)) {
    return { is: 'identifier', name: name === 'id' ? 'id' : primaryKey };
  }
  if (key !== undefined && name === 'id') return LEFT_OUT;
  return key === undefined ? columnCalled(name, procedure) : updateColumn(name, procedure);
}

/** Whether a column tells why its row failed. */
export function isErrorColumn(header: string | undefined): boolean {
  return ERROR_COLUMNS.some((name) => name === header);
}

/** What is called so is replaced by errors in the file of failed rows, which could not be sent again. */
function errorColumn(header: string, name: string, procedure: ProcedureView): Column | string {
  if (name === header && attributeOf(procedure, name) === undefined) return LEFT_OUT;
  const other = ERROR_COLUMNS.some((column) => column === name) ? `${ATTRIBUTE_PREFIX}${name}` : name;
  return `The column ${quoted(header)} cannot be sent under this name, which is kept for errors. Rename it in the file, e.g. to ${quoted(other)}.`;
}

/** What a name is to the items of a procedure; undefined when it is nothing. */
export function columnCalled(name: string, procedure: ProcedureView): Column | undefined {
  if (name === 'id' || name === procedure.primaryKey) return { is: 'identifier', name };
  return updateColumn(name, procedure);
}

function updateColumn(name: string, procedure: ProcedureView): Column | undefined {
  const field = TOP_LEVEL_FIELDS.find((other) => other === name);
  if (field !== undefined) return { is: 'field', name: field };
  const inData = name.startsWith(ATTRIBUTE_PREFIX) ? name.slice(ATTRIBUTE_PREFIX.length) : name;
  for (const attribute of [name, inData]) {
    const type = attributeOf(procedure, attribute)?.type;
    if (type !== undefined) return { is: 'attribute', name: attribute, type };
  }
  return undefined;
}

const LEFT_OUT = { is: 'left out' } as const;

function unknownColumn(
  header: string,
  name: string,
  headers: readonly string[],
  procedure: ProcedureView,
): string {
  const called = header === name ? quoted(header) : `${quoted(header)}, mapped to ${quoted(name)},`;
  const names = namesOf(procedure);
  const nearest = nearestName(
    name,
    names.filter((other) => !headers.includes(other)),
  );
  const fault = `The column ${called} is not an attribute of ${procedure.shortId}.`;
  if (header.length > MAX_NAME) {
    const example = nearest === undefined ? '' : `, e.g. to ${quoted(nearest)}`;
    return `${fault} Rename it in the first line of the file${example}, or remove it.`;
  }
  const omission = `--map ${shellWord(`${header}=`)}`;
  return nearest === undefined
    ? `${fault} Omit it with ${omission}, or name the attribute that it holds behind the "=".`
    : `${fault} Send it as another with --map ${shellWord(`${header}=${nearest}`)}, or omit it with ${omission}.`;
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
  const shown = headers.slice(0, MAX_HEADERS).map(quoted).join(', ');
  const more = headers.length - MAX_HEADERS;
  const has = `The file has ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
  const found = new Set(headers);
  const faults = [...map.keys()]
    .filter((header) => !found.has(header))
    .map(
      (header) =>
        `--map names the column ${quoted(header)}, which the file does not have. ${has} Correct the name, or leave that --map out.`,
    );
  if (key !== undefined && !found.has(key) && !headers.some((header) => map.get(header) === key)) {
    faults.push(
      `--key names the column ${quoted(key)}, which the file does not have. ${has} Name the one with the process's ${primaryKey} or id.`,
    );
  }
  return faults;
}

/** Options name a column by its header. */
function repeatedHeaders(headers: readonly string[]): string[] {
  return twice(headers)
    .filter((header) => header !== '')
    .map(
      (header) =>
        `Several columns are called ${quoted(header)}. Rename all but one of them, or take them out.`,
    );
}

function repeated(columns: readonly Column[]): string[] {
  return repeatedColumns(columns).map(
    (name) => `Several columns are the ${name}. Leave all but one of them out with --map "<column>=".`,
  );
}

/** What several columns are, though only one may be. */
export function repeatedColumns(columns: readonly Column[]): string[] {
  const names = columns.flatMap((column) => ('name' in column ? [`${column.is} ${column.name}`] : []));
  return twice(names);
}

/** Those that occur several times, each once. */
function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

/** Whether the columns name a process, and change something of it. */
export function purposeOf(columns: readonly Column[]): { identifies: boolean; changes: boolean } {
  const has = (...kinds: Column['is'][]) => columns.some(({ is }) => kinds.includes(is));
  return { identifies: has('identifier'), changes: has('field', 'attribute') };
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
