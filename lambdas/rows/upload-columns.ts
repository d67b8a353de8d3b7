import { TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import { nearestName } from '../contract/nearest-name.ts';
import type { ProcedureView } from '../contract/views.ts';
import type { Column, SentColumn } from './column.ts';
import { columnCalled, expectedColumn, expectedNames, isResultColumn } from './column-names.ts';
import { purposeOf, repeatedColumns } from './csv-columns.ts';

/** What the columns of a CSV that is uploaded mean, by their names in the file. */
export interface UploadMapping {
  /** What each is: `id`, the primary key, an attribute or a field. Others are not sent. */
  columns: Readonly<Record<string, string>>;
  /** What a process must have in each for its update to be applied. */
  expect?: Readonly<Record<string, string>> | undefined;
}

export interface MappingFault {
  message: string;
  /** JSON pointer (RFC 6901) into the mapping. */
  pointer: string;
}

/** Finds all faults of a mapping that show before its file is there. */
export function faultsOfMapping(
  { columns, expect = {} }: UploadMapping,
  procedure: ProcedureView,
): MappingFault[] {
  const sent = Object.entries(columns);
  const expected = Object.entries(expect);
  const known = sent.flatMap(([, name]) => columnCalled(name, procedure) ?? []);
  const faults = [
    ...sent.flatMap(([header, name]) => faultOfColumn(header, name, procedure)),
    ...expected.flatMap(([header, name]) => faultOfExpectation(header, name, procedure)),
    ...repeatedColumns(known).map((name) => ({
      message: `Several columns are mapped to the ${name}. Remove all but one.`,
      pointer: '/columns',
    })),
    ...repeatedColumns(expected.flatMap(([, name]) => expectedColumn(name, procedure) ?? [])).map((name) => ({
      message: `Several columns are expected to be the ${name}. Remove all but one.`,
      pointer: '/expect',
    })),
  ];
  // An unknown name may be the one that is missing.
  return faults.length > 0 ? faults : faultsOfPurpose(known, procedure);
}

/**
 * Finds out what each column of a file means.
 * @param headers - the names of its columns
 * @returns the columns in their order, or all faults
 */
export function columnsOfUpload(
  headers: readonly string[],
  mapping: UploadMapping,
  procedure: ProcedureView,
): Column[] | MappingFault[] {
  const { columns, expect = {} } = mapping;
  const faults = [
    ...faultsOfMapping(mapping, procedure),
    ...Object.keys(columns).flatMap((header) => faultInFile(header, '/columns', headers)),
    ...Object.keys(expect).flatMap((header) => faultInFile(header, '/expect', headers)),
  ];
  if (faults.length > 0) return faults;
  return headers.map((header) => {
    const name = own(columns, header);
    const column = name === undefined ? unsent(header) : (columnCalled(name, procedure) ?? unsent(header));
    const expects = expectsOf(own(expect, header), procedure);
    return expects === undefined ? column : { ...column, expects };
  });
}

/** Whether a mapping has faults. */
export function hasFaults(columns: readonly Column[] | readonly MappingFault[]): columns is MappingFault[] {
  return columns.some((column) => 'pointer' in column);
}

/** An empty name must not have cells: text in them is a sign of a delimiter that is not quoted. */
function unsent(header: string): Column {
  return header === '' ? { is: 'nameless' } : { is: 'left out' };
}

function expectsOf(name: string | undefined, procedure: ProcedureView): SentColumn | undefined {
  return name === undefined ? undefined : expectedColumn(name, procedure);
}

/** Returns a member that is not inherited, such as `constructor`. */
function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function faultOfColumn(header: string, name: string, procedure: ProcedureView): MappingFault[] {
  const pointer = pointerTo('/columns', header);
  if (isResultColumn(header)) {
    const message = `"${header}" is reserved for results. Rename the column in the file.`;
    return [{ message, pointer }];
  }
  if (columnCalled(name, procedure) !== undefined) return [];
  const { shortId, primaryKey, attributes } = procedure;
  const names = [primaryKey, 'id', ...TOP_LEVEL_FIELDS, ...Object.keys(attributes)];
  const remedy = suggestion(name, names) ?? 'Correct it, or remove the column from "columns" to not send it.';
  return [{ message: `"${name}" is neither a field nor an attribute of ${shortId}. ${remedy}`, pointer }];
}

function faultOfExpectation(header: string, name: string, procedure: ProcedureView): MappingFault[] {
  if (expectedColumn(name, procedure) !== undefined) return [];
  const remedy =
    suggestion(name, expectedNames(procedure)) ??
    'Write version, state, status, assignedTo, nextActionAt or an attribute.';
  const message = `A process of ${procedure.shortId} cannot be expected to have "${name}". ${remedy}`;
  return [{ message, pointer: pointerTo('/expect', header) }];
}

function faultsOfPurpose(columns: readonly Column[], { shortId, primaryKey }: ProcedureView): MappingFault[] {
  const { identifies, changes } = purposeOf(columns);
  const faults: string[] = [];
  if (!identifies) faults.push(`No column identifies the process. Map one to "${primaryKey}" or "id".`);
  if (!changes) {
    const fields = TOP_LEVEL_FIELDS.join(', ');
    faults.push(`No column changes anything. Map one to an attribute of ${shortId}, or to ${fields}.`);
  }
  return faults.map((message) => ({ message, pointer: '/columns' }));
}

function faultInFile(header: string, member: string, headers: readonly string[]): MappingFault[] {
  const count = headers.filter((other) => other === header).length;
  if (count === 1) return [];
  const message =
    count > 1
      ? `Several columns of the file are called "${header}". Rename all but one in the file.`
      : `The file has no column "${header}". ${suggestion(header, headers) ?? `It has ${listed(headers)}.`}`;
  return [{ message, pointer: pointerTo(member, header) }];
}

/** Maximum number of columns that a message lists. */
const MAX_LISTED = 20;

function listed(headers: readonly string[]): string {
  const more = headers.length - MAX_LISTED;
  const shown = headers.slice(0, MAX_LISTED).map((header) => `"${header}"`);
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function suggestion(name: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
}

function pointerTo(member: string, header: string): string {
  return `${member}/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
