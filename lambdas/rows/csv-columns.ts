import { definedOf } from '../contract/defined-of.ts';
import { TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import { once } from '../contract/memoize.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { attributeOf } from '../contract/procedure.ts';
import type { ProcedureView } from '../contract/views.ts';
import { kindOf, readingOfLocale, unfitMembers } from './cell-kind.ts';
import type { Column, SentColumn } from './column.ts';
import { guessColumns } from './column-guess.ts';
import {
  ATTRIBUTE_PREFIX,
  columnCalled,
  ERROR_COLUMNS,
  expectedColumn,
  expectedNames,
  isErrorColumn,
  optionsOf,
  updateColumn,
} from './column-names.ts';
import type { Reading } from './reading.ts';
import { FileError, MAX_FAULTS } from './row.ts';
import { shellWord } from './shell-word.ts';

/** Maximum number of columns that a message lists. */
const MAX_HEADERS = 50;
/** Maximum length of a name in a message. */
const MAX_NAME = 100;

export interface ColumnOptions {
  /** The column that identifies the process. Default: `id` and the primary key. */
  key?: string | undefined;
  /** What the API calls a column, by its name. An empty name omits the column. */
  map?: ReadonlyMap<string, string> | undefined;
  /**
   * What the process must have in a column, by its name: a member of `expect`. Such a column changes nothing, unless `map`
   * names it, too.
   */
  expect?: ReadonlyMap<string, string> | undefined;
  /** Omits columns that are not attributes, instead of refusing the file. */
  ignoreUnknownColumns?: boolean | undefined;
  /** The first rows, by which the meaning of an unknown column is suggested. */
  samples?: readonly (readonly string[])[] | undefined;
  /** How the cells of a column are read, by its name. */
  readings?: ReadonlyMap<string, Reading> | undefined;
  /** Reads the cells of all columns as the users of a locale write them. `readings` count first. */
  locale?: string | undefined;
  /** Where local times are, unless a reading says so. Times with the year first are read without a locale, too. */
  timeZone?: string | undefined;
  /** Whether the file is a workbook. Its times are local, so that they need a time zone, and it has no delimiter. */
  isSheet?: boolean | undefined;
}

/**
 * Finds out what each column means, by its name.
 * @throws FileError that names every unknown column
 */
export function planColumns(
  headers: readonly string[],
  procedure: ProcedureView,
  { key, map = new Map(), expect = new Map(), ignoreUnknownColumns = false, ...options }: ColumnOptions = {},
): Column[] {
  const faults = [
    ...faultsOfOptions(headers, procedure, key, map, options.readings),
    ...faultsOfExpectations(headers, procedure, expect),
  ];
  const known: Column[] = [];
  const names = headers.map((header) => map.get(header) ?? header);
  const guesses = once(() => guessColumns(names, procedure, options.samples));
  for (const [position, header] of headers.entries()) {
    const named = columnOf(header, procedure, key, map);
    const member = expect.get(header);
    const column = member === undefined ? named : expectingColumn(named, member, procedure, map.has(header));
    if (column !== undefined && typeof column !== 'string') {
      const read = readAll(column, (each) =>
        readColumn(each, procedure, readingFor(each, header, procedure, options)),
      );
      if (typeof read === 'string') faults.push(`The column ${quoted(header)} ${read}`);
      else known.push(read);
    } else if (column === undefined && ignoreUnknownColumns) known.push({ is: 'left out', isUnknown: true });
    else
      faults.push(
        column ?? unknownColumn(header, map.get(header) ?? header, guesses()[position]?.name, procedure),
      );
    // A file may have thousands of unknown columns.
    if (faults.length >= MAX_FAULTS) break;
  }
  if (faults.length > 0 && headers.length === 1 && options.isSheet !== true) faults.push(ANOTHER_DELIMITER);
  faults.push(...repeatedHeaders(headers));
  if (faults.length === 0) faults.push(...repeated(known));
  if (faults.length === 0) faults.push(...missing(known, procedure));
  if (faults.length > 0) throw new FileError(faults.slice(0, MAX_FAULTS));
  return known;
}

/**
 * Adds what a column expects to what it means.
 * @param isMapped - whether the user says that it is sent, too
 */
function expectingColumn(
  named: Column | string | undefined,
  member: string,
  procedure: ProcedureView,
  isMapped: boolean,
): Column | string | undefined {
  const expects = expectedColumn(member, procedure);
  const isIdentifier = typeof named === 'object' && named.is === 'identifier';
  const column = isMapped || isIdentifier ? named : LEFT_OUT;
  return typeof column === 'object' && expects !== undefined ? { ...column, expects } : column;
}

/** Reads a column and what it expects. */
function readAll(column: Column, read: (each: Column) => Column | string): Column | string {
  const { expects, ...rest } = column;
  const own = read(rest);
  if (expects === undefined || typeof own === 'string') return own;
  const expected = read(expects);
  return typeof expected === 'string' ? expected : { ...own, expects: expected as SentColumn };
}

/** Returns how a column is read: as the user says, else as the locale writes its values. */
function readingFor(
  column: Column,
  header: string,
  { primaryKey }: ProcedureView,
  { readings = new Map(), locale, timeZone, isSheet = false }: ColumnOptions,
): Reading | undefined {
  const own = readings.get(header);
  if (column.is !== 'field' && column.is !== 'attribute') return own;
  const kind = kindOf(column);
  const isKey = column.is === 'attribute' && column.name === primaryKey;
  const ofLocale = locale === undefined || isKey ? undefined : readingOfLocale(kind, locale);
  const isTimed = kind === 'moment' && !isKey && (timeZone !== undefined || isSheet);
  const usual = ofLocale ?? (isTimed ? YEAR_FIRST : undefined);
  if (own === undefined && usual === undefined) return undefined;
  const values = { ...usual?.values, ...own?.values };
  const reading = { ...usual, ...own, ...(Object.keys(values).length === 0 ? {} : { values }) };
  return kind === 'moment' && reading.date !== undefined
    ? { ...definedOf({ timeZone }), ...reading }
    : reading;
}

/** How times are read in every locale. */
const YEAR_FIRST: Reading = { date: 'ymd' };

/** Returns a column that is read, or the end of a sentence with its fault. */
export function readColumn(
  column: Column,
  procedure: ProcedureView,
  reading: Reading | undefined,
): Column | string {
  if (reading === undefined || Object.keys(reading).length === 0) return column;
  if (column.is === 'identifier') {
    return `identifies the process, so its cells are sent as they are. Remove ${listed(Object.keys(reading))} from its mapping.`;
  }
  if (column.is !== 'field' && column.is !== 'attribute') return column;
  const unfit = unfitMembers(reading, kindOf(column));
  if (unfit.length > 0) {
    return `is the ${column.is} ${column.name}, for which ${listed(unfit)} ${unfit.length === 1 ? 'means' : 'mean'} nothing. Remove ${unfit.length === 1 ? 'it' : 'them'} from its mapping.`;
  }
  return { ...column, reading, options: optionsOf(column, procedure) };
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' and ');
}

const ANOTHER_DELIMITER =
  'If the file has several columns, give its delimiter with --delimiter. If its first line is a title, remove it.';

/** Quotes a name for a message. It may have megabytes. */
function quoted(header: string): string {
  return `"${header.length > MAX_NAME ? `${header.slice(0, MAX_NAME)}…` : header}"`;
}

const LEFT_OUT = { is: 'left out' } as const;

/** Returns the column, its fault as a sentence, or undefined if its name is unknown. */
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

/** Refuses a column whose name the errors of failed rows would take. */
function errorColumn(header: string, name: string, procedure: ProcedureView): Column | string {
  if (name === header && attributeOf(procedure, name) === undefined) return LEFT_OUT;
  const other = ERROR_COLUMNS.some((column) => column === name) ? `${ATTRIBUTE_PREFIX}${name}` : name;
  return `The column ${quoted(header)} has a name that is reserved for errors. Rename it in the file, e.g. to ${quoted(other)}.`;
}

function unknownColumn(
  header: string,
  name: string,
  guess: string | undefined,
  procedure: ProcedureView,
): string {
  const called = header === name ? quoted(header) : `${quoted(header)}, mapped to ${quoted(name)},`;
  const nearest = guess === '' ? undefined : guess;
  const fault = `The column ${called} is not an attribute of ${procedure.shortId}.`;
  if (header.length > MAX_NAME) {
    const example = nearest === undefined ? '' : `, e.g. to ${quoted(nearest)}`;
    return `${fault} Rename it in the first line of the file${example}, or remove it.`;
  }
  const omission = `--map ${shellWord(`${header}=`)}`;
  return nearest === undefined
    ? `${fault} Omit it with ${omission}, or write the attribute that it means behind the "=".`
    : `${fault} Send it as another with --map ${shellWord(`${header}=${nearest}`)}, or omit it with ${omission}.`;
}

function faultsOfOptions(
  headers: readonly string[],
  { primaryKey }: ProcedureView,
  key: string | undefined,
  map: ReadonlyMap<string, string>,
  readings: ReadonlyMap<string, Reading> = new Map(),
): string[] {
  const shown = headers.slice(0, MAX_HEADERS).map(quoted).join(', ');
  const more = headers.length - MAX_HEADERS;
  const has = `The file has ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
  const found = new Set(headers);
  const faults = [...map.keys()]
    .filter((header) => !found.has(header))
    .map(
      (header) =>
        `${readings.has(header) ? 'The map file' : '--map'} names the column ${quoted(header)}, which the file does not have. ${has} Correct the name, or ${readings.has(header) ? 'remove it from the map file' : 'omit that --map'}.`,
    );
  if (key !== undefined && !found.has(key) && !headers.some((header) => map.get(header) === key)) {
    faults.push(
      `--key names the column ${quoted(key)}, which the file does not have. ${has} Name the column with the ${primaryKey} or id.`,
    );
  }
  return faults;
}

/** Refuses expectations of what the file or the process does not have: without them, updates would be applied. */
function faultsOfExpectations(
  headers: readonly string[],
  procedure: ProcedureView,
  expect: ReadonlyMap<string, string>,
): string[] {
  const names = [...expect.values()].flatMap((member) => {
    const column = expectedColumn(member, procedure);
    return column === undefined ? [] : [`${column.is} ${column.name}`];
  });
  return [
    ...[...expect].flatMap(([header, member]) => [
      ...(headers.includes(header) ? [] : [`--expect names the column ${absent(header, headers)}`]),
      ...(expectedColumn(member, procedure) === undefined
        ? [`--expect ${shellWord(`${header}=${member}`)}: ${unknownMember(member, procedure)}`]
        : []),
    ]),
    ...twice(names).map(
      (name) => `Several columns are expected to be the ${name}. Omit all but one --expect.`,
    ),
  ];
}

function absent(header: string, headers: readonly string[]): string {
  const nearest = nearestName(header, headers);
  const advice = nearest === undefined ? 'Correct the name.' : `Did you mean ${quoted(nearest)}?`;
  return `${quoted(header)}, which the file does not have. ${advice}`;
}

function unknownMember(member: string, procedure: ProcedureView): string {
  const nearest = nearestName(member, expectedNames(procedure));
  const advice =
    nearest === undefined
      ? 'Write version, state, status, assignedTo, nextActionAt or an attribute.'
      : `Did you mean ${quoted(nearest)}?`;
  return `${quoted(member)} is nothing that a process of ${procedure.shortId} can be expected to have. ${advice}`;
}

/** Finds headers that occur twice. Options name a column by its header. */
function repeatedHeaders(headers: readonly string[]): string[] {
  return twice(headers)
    .filter((header) => header !== '')
    .map((header) => `Several columns are called ${quoted(header)}. Rename or remove all but one.`);
}

function repeated(columns: readonly Column[]): string[] {
  return repeatedColumns(columns).map(
    (name) => `Several columns are the ${name}. Omit all but one with --map "<column>=".`,
  );
}

/** Returns the meanings that several columns have, though only one may. */
export function repeatedColumns(columns: readonly Column[]): string[] {
  const names = columns.flatMap((column) => ('name' in column ? [`${column.is} ${column.name}`] : []));
  return twice(names);
}

/** Returns the names that occur several times, each once. */
function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

/** Whether the columns identify a process, and whether they change it. */
export function purposeOf(columns: readonly Column[]): { identifies: boolean; changes: boolean } {
  const has = (...kinds: Column['is'][]) => columns.some(({ is }) => kinds.includes(is));
  return { identifies: has('identifier'), changes: has('field', 'attribute') };
}

function missing(columns: readonly Column[], { shortId, primaryKey }: ProcedureView): string[] {
  const { identifies, changes } = purposeOf(columns);
  return [
    ...(identifies
      ? []
      : [`No column identifies the process. Name one "${primaryKey}" or "id", or give its name with --key.`]),
    ...(changes
      ? []
      : [
          `No column changes anything. Give one the name of an attribute of ${shortId}, or ${TOP_LEVEL_FIELDS.join(', ')}.`,
        ]),
  ];
}
