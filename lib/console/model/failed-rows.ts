import { stringify } from 'csv-stringify/browser/esm/sync';
import { TOP_LEVEL_FIELDS } from '../../../lambdas/contract/fields.ts';
import { isFormula } from '../../../lambdas/contract/formulas.ts';
import { isObject } from '../../../lambdas/contract/is-object.ts';
import { ATTRIBUTE_PREFIX, columnCalled, ERROR_COLUMNS } from '../../../lambdas/rows/column-names.ts';
import {
  BYTE_ORDER_MARK,
  exactAmong,
  failedColumns,
  isAscii,
  needsByteOrderMark,
} from '../../../lambdas/rows/csv-failed.ts';
import { CLEAR_MARKER, valueOfCell } from '../../../lambdas/rows/csv-item.ts';
import { failedName } from '../../../lambdas/rows/failed-name.ts';
import { withErrors } from '../../../lambdas/rows/json-rows.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import { FAILED_STATUSES, type Failure, failuresAmong } from '../../client/failures.ts';
import type { BulkUpdateClient, Entry, EntryCounts, ProcedureView } from '../../client/index.ts';
import { parseAsWritten } from './as-written.ts';
import { NotCarriedError } from './failure.ts';
import { part } from './part.ts';
import { type ChosenSource, PASTED } from './source.ts';

/** A file to download. */
export interface Download {
  name: string;
  type: string;
  content: string | Blob;
}

/** An entry that failed, with its item as it was sent. */
export interface FailedEntry extends Entry {
  item: unknown;
}

/** Makes a file of the rows that a dry run found invalid, as they are in the source, with their errors. */
export async function failedRowsFile(
  source: ChosenSource,
  rows: readonly Row[],
  rowChecks: readonly Entry[],
): Promise<Download> {
  const failures = rowChecks.flatMap((entry, position) =>
    failuresAmong([entry], position - entry.index).map((failure) => ({ failure, row: rows[position] })),
  );
  const known = failures.filter((each): each is { failure: Failure; row: Row } => each.row !== undefined);
  const file = source.name === PASTED ? undefined : source.name;
  if (source.format !== 'csv')
    return linesFile(
      known.map(({ row, failure }) => withErrors(row.text, failure.errors)),
      file,
    );
  const { header, recordOf, kept } = failedColumns(source.head.headers);
  const written = known.map(({ row, failure }) => ({
    cells: recordOf(row.cells, failure.errors),
    exact: exactAmong(kept, row.exact),
  }));
  if (source.sheet === undefined)
    return csvFile([header, ...written.map(({ cells }) => cells)], source.head.delimiter, {
      ...source,
      file,
    });
  // Loaded with the first workbook.
  const { workbookOf } = await part(() => import('../../../lambdas/rows/xlsx-failed.ts'));
  const bytes = await Array.fromAsync(workbookOf(source.sheet.name, [{ cells: header }, ...written]));
  return {
    name: failedName(file, 'xlsx'),
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    content: new Blob(bytes as Uint8Array<ArrayBuffer>[]),
  };
}

/** Reads the entries of a job that failed, in the order of submission. */
export async function readFailedEntries(
  client: BulkUpdateClient,
  jobId: string,
  counts: EntryCounts,
): Promise<FailedEntry[]> {
  const entries: FailedEntry[] = [];
  for (const completionStatus of FAILED_STATUSES) {
    if (counts[completionStatus] === 0) continue;
    const pages = client.entriesText(jobId, 'application/x-ndjson', { completionStatus });
    for await (const page of pages) {
      const lines = page.split('\n').filter((line) => line !== '');
      for (const line of lines) entries.push(parseAsWritten(line) as FailedEntry);
    }
  }
  return entries.sort((a, b) => a.index - b.index);
}

/** Makes a file of failed entries as JSON lines, which keep an item unchanged. */
export function entriesAsLines(entries: readonly FailedEntry[]): Download {
  return linesFile(entries.map((entry) => withErrors(JSON.stringify(entry.item), errorsOf(entry))));
}

/**
 * Makes a CSV of failed entries, with column names that this page and the command line map automatically.
 * @throws NotCarriedError when the CSV would change items
 */
export function entriesAsCsv(entries: readonly FailedEntry[], procedure: ProcedureView): Download {
  const lost = entries.filter(({ item }) => !isCarried(item, procedure));
  if (lost.length > 0) throw new NotCarriedError(lost.map(({ index }) => index));
  const { primaryKey } = procedure;
  const rows = entries.map((entry) => ({ cells: cellsOf(entry.item, primaryKey), errors: errorsOf(entry) }));
  const columns = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))];
  const { header, recordOf } = failedColumns(columns);
  const records = rows.map(({ cells, errors }) =>
    recordOf(
      columns.map((column) => cells.get(column) ?? ''),
      errors,
    ),
  );
  return csvFile([header, ...records], ',');
}

/** Whether the cells of an item make the same item again, and none is a formula. Others may have sent it. */
function isCarried(item: unknown, procedure: ProcedureView): boolean {
  if (!isObject(item)) return false;
  const { update, ...members } = item;
  const { primaryKey } = procedure;
  // Members beside a wrapped update would become part of it.
  const isMixed =
    update !== undefined && Object.keys(members).some((key) => key !== 'id' && key !== primaryKey);
  if (isMixed || (update !== undefined && !isObject(update))) return false;
  const data = isObject(update) ? update.data : members.data;
  if (data !== undefined && !isObject(data)) return false;
  const values = { ...members, ...(isObject(update) ? update : {}) };
  const cells = cellsOf(item, primaryKey);
  return [...cells].every(([name, cell]) => {
    const isOfData = !Object.hasOwn(values, name);
    const value = isOfData && isObject(data) ? memberOf(data, name) : values[name];
    return isCarriedCell(name, cell, value, procedure);
  });
}

function memberOf(data: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(data, name) ? data[name] : data[name.slice(ATTRIBUTE_PREFIX.length)];
}

function isCarriedCell(name: string, cell: string, value: unknown, procedure: ProcedureView): boolean {
  const column = columnCalled(name, procedure);
  if (name === '' || name !== name.trim() || [name, cell].some(isFormula)) return false;
  if (value === null) return column?.is !== 'identifier';
  const json = JSON.stringify(value);
  // The API accepts the digits of a number as text.
  if (/^-?\d/.test(json)) return true;
  if (cell === '' || cell === CLEAR_MARKER) return false;
  return column === undefined || !('name' in column) || valueOfCell(cell, column) === json;
}

function errorsOf(entry: Entry): Failure['errors'] {
  return failuresAmong([entry], 0).flatMap(({ errors }) => errors);
}

/** Returns the cells of an item by column. */
export function cellsOf(item: unknown, primaryKey: string): Map<string, string> {
  if (!isObject(item)) return new Map([['item', JSON.stringify(item)]]);
  const { update, ...members } = item;
  const fields = isObject(update) ? { ...members, ...update } : item;
  const reserved: readonly string[] = ['id', primaryKey, ...TOP_LEVEL_FIELDS, ...ERROR_COLUMNS];
  const cells = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (name !== 'data' || !isObject(value)) cells.set(name, cellOf(value));
    else {
      for (const [attribute, inner] of Object.entries(value)) {
        const isAmbiguous = reserved.includes(attribute) || Object.hasOwn(fields, attribute);
        cells.set(isAmbiguous ? `${ATTRIBUTE_PREFIX}${attribute}` : attribute, cellOf(inner));
      }
    }
  }
  return cells;
}

function cellOf(value: unknown): string {
  if (value === null) return CLEAR_MARKER;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function csvFile(
  records: readonly (readonly string[])[],
  delimiter: string,
  {
    hasMark = false,
    separatorLine = '',
    file,
  }: { hasMark?: boolean; separatorLine?: string; file?: string | undefined } = {},
): Download {
  const text = separatorLine + stringify(records as string[][], { delimiter });
  const mark = needsByteOrderMark({ hasMark }, { isAscii: isAscii(text) }) ? BYTE_ORDER_MARK : '';
  return { name: failedName(file, 'csv'), type: 'text/csv', content: mark + text };
}

function linesFile(lines: readonly string[], file?: string): Download {
  const text = lines.map((line) => `${line}\n`).join('');
  return { name: failedName(file, 'ndjson'), type: 'application/x-ndjson', content: text };
}
