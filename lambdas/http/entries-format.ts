import { stringify } from 'csv-stringify/sync';
import { withoutFormulas } from '../contract/formulas.ts';
import type { StoredJob } from '../domain/job.ts';
import type { ListedEntry } from '../domain/list-entries.ts';
import { bytesInResponse } from './response-size.ts';

/** Columns of a table of entries, behind those that identify one. */
const COLUMNS = [
  'processId',
  'completionStatus',
  'outcome',
  'errorCodes',
  'errorMessages',
  'errorPointers',
  'line',
  'attempts',
  'completedAt',
  'item',
];

/** Media types of a page of entries beside JSON, which has the envelope. */
const FORMATS = {
  'application/x-ndjson': toJsonLines,
  'text/csv': toCsv,
} as const;

export type EntriesFormat = keyof typeof FORMATS;

/** The format that a client prefers, by its header Accept; undefined means JSON. */
export function entriesFormat(accept: string | undefined): EntriesFormat | undefined {
  const types = (accept ?? '').split(',').map((part, position) => {
    const [named = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const type = named === 'text/*' ? 'text/csv' : named;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)), position };
  });
  const [first] = types
    .filter(({ type, quality }) => quality > 0 && (Object.hasOwn(FORMATS, type) || isJson(type)))
    .sort((a, b) => b.quality - a.quality || a.position - b.position);
  return first === undefined || isJson(first.type) ? undefined : (first.type as EntriesFormat);
}

function isJson(type: string): boolean {
  return type === 'application/json' || type === '*/*' || type === 'application/*';
}

/** What the format of its entries depends on. */
type ShownJob = Pick<StoredJob, 'primaryKey' | 'undoes'>;

export function formatEntries(format: EntriesFormat, listed: readonly ListedEntry[], job: ShownJob) {
  return FORMATS[format](listed, job);
}

/** The bytes that an entry takes in the response; of a table, with a head of its own. */
export function entryBytes(format: EntriesFormat | undefined, listed: ListedEntry, job: ShownJob) {
  return bytesInResponse(
    format === undefined ? JSON.stringify(listed.entry) : formatEntries(format, [listed], job),
  );
}

/** One entry a line, with the item as it was sent, to be corrected and sent again. */
function toJsonLines(listed: readonly ListedEntry[]): string {
  return listed
    .map((each) => `${JSON.stringify(each.entry).slice(0, -1)},"item":${itemText(each)}}\n`)
    .join('');
}

function itemText({ item, text }: Pick<ListedEntry, 'item' | 'text'>): string {
  return text ?? JSON.stringify(item);
}

/** The same as a table; what a spreadsheet would take for a formula is led by an apostrophe. */
function toCsv(listed: readonly ListedEntry[], { primaryKey, undoes }: ShownJob): string {
  // In order, since a primary key may have the name of another column.
  const rows = listed.map(({ entry, ...submitted }) => [
    entry.index,
    text(entry.identifier.id),
    text(entry.identifier[primaryKey]),
    entry.processId,
    entry.completionStatus,
    entry.outcome,
    entry.errors.map(({ code }) => code).join(' '),
    entry.errors.map(({ message }) => message).join('\n'),
    entry.errors.flatMap(({ pointer }) => pointer ?? []).join('\n'),
    entry.line,
    entry.attempts,
    entry.completedAt,
    itemText(submitted),
    ...(undoes === undefined ? [] : [entry.kept?.join('\n')]),
  ]);
  // Only entries of an undo keep something.
  const columns = ['index', 'id', primaryKey, ...COLUMNS, ...(undoes === undefined ? [] : ['kept'])];
  return stringify(rows, {
    header: true,
    columns,
    cast: { string: withoutFormulas },
    record_delimiter: 'windows',
    // Otherwise only the delimiter itself is quoted, not half of it.
    quote_record_delimiter: true,
  });
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
