import { TOP_LEVEL_FIELDS } from '../../../lambdas/contract/fields.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import { columnCalled, nameOfAttribute, optionsOf } from '../../../lambdas/rows/column-names.ts';
import { purposeOf, readColumn, repeatedColumns } from '../../../lambdas/rows/csv-columns.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import type { Creates } from '../../client/creates.ts';
import type { ProcedureView } from '../../client/index.ts';
import { emptyCellText } from './creates.ts';
import type { CsvSource } from './source.ts';
import { count, counted } from './words.ts';

/** A possible meaning of a column. `name` is what the API calls it; the empty name omits the column. */
export interface ColumnMeaning {
  name: string;
  label: string;
}

export interface MeaningGroup {
  label: string;
  meanings: ColumnMeaning[];
}

export const OMIT = '';

/** Returns all meanings that a column can have, in groups. */
export function meaningsOf(procedure: ProcedureView): MeaningGroup[] {
  const { primaryKey, attributes } = procedure;
  const identifiers = [...new Set([primaryKey, 'id'])];
  return [
    {
      label: 'Identifies the process',
      meanings: identifiers.map((name) => ({
        name,
        label: name === primaryKey ? `${name} (primary key)` : 'id (of the process)',
      })),
    },
    {
      label: 'Attributes',
      meanings: Object.entries(attributes)
        .filter(([name]) => name !== primaryKey)
        .map(([name, { type }]) => ({ name: nameOfAttribute(name, procedure), label: `${name} · ${type}` })),
    },
    { label: 'Fields of the process', meanings: TOP_LEVEL_FIELDS.map((name) => ({ name, label: name })) },
  ];
}

/**
 * Returns the columns of a mapping.
 * @param names - what the API calls each
 * @param readings - how cells are read, by the position of their column
 */
export function columnsOf(
  names: readonly string[],
  procedure: ProcedureView,
  readings: ReadonlyMap<number, Reading> = new Map(),
): Column[] {
  return names.map((name, position) => {
    const column = columnCalled(name, procedure) ?? LEFT_OUT;
    const read = readColumn(column, procedure, readings.get(position));
    const known = typeof read === 'string' ? column : read;
    const isSent = known.is === 'field' || known.is === 'attribute';
    return isSent ? { ...known, options: optionsOf(known, procedure) } : known;
  });
}

const LEFT_OUT = { is: 'left out' } as const;

/** Says how many columns are sent. @param all - number of columns that are shown */
export function sentText(columns: readonly Column[], all: number): string {
  const sent = columns.filter((column) => 'name' in column).length;
  return `${count(sent)} of ${counted(all, 'column')} ${sent === 1 ? 'is' : 'are'} sent.`;
}

/** Whether another column has the same meaning. */
export function isRepeated(names: readonly string[], position: number): boolean {
  const name = names[position];
  return name !== OMIT && names.indexOf(name ?? '') !== names.lastIndexOf(name ?? '');
}

/** Returns the columns of a file, without those that have neither a name nor text. */
export function shownColumns({
  head,
  records,
}: Pick<CsvSource, 'head' | 'records'>): { header: string; position: number }[] {
  const hasText = (position: number) => records.some(({ record }) => (record[position] ?? '').trim() !== '');
  return head.headers.flatMap((header, position) =>
    header !== '' || hasText(position) ? [{ header, position }] : [],
  );
}

/** Returns the faults of a mapping, each as a sentence. @param creates - whether rows may create their process */
export function mappingFaults(
  columns: readonly Column[],
  procedure: ProcedureView,
  clearMarker: string,
  creates?: Creates,
): string[] {
  const { shortId, primaryKey } = procedure;
  const { identifies, changes } = purposeOf(columns);
  const isCreate = creates === 'all';
  return [
    ...repeatedColumns(columns).map(
      (name) => `Several columns are the ${name}. Choose another meaning for all but one of them.`,
    ),
    ...(identifies
      ? []
      : [`No column identifies the ${shortId}. Choose the column with its ${primaryKey} or id.`]),
    ...(clearMarker === ''
      ? [`${emptyCellText(creates)} Enter another text for cells that clear a field, such as \\N.`]
      : []),
    ...(columns.length === 1
      ? [
          'If the file has several columns, name their delimiter in a line before the first one, such as sep=: for a colon.',
        ]
      : []),
    ...(isCreate ? faultsOfCreation(columns, procedure) : []),
    ...(changes || isCreate
      ? []
      : ['No column changes anything. Choose an attribute or a field for at least one column.']),
  ];
}

/** What keeps every row from creating a process. */
function faultsOfCreation(
  columns: readonly Column[],
  { shortId, primaryKey, required = [], defaults = {} }: ProcedureView,
): string[] {
  const identifiers = columns.flatMap((column) => (column.is === 'identifier' ? [column.name] : []));
  const attributes = columns.flatMap((column) => (column.is === 'attribute' ? [column.name] : []));
  const lacking = required.filter(
    (name) => name !== primaryKey && !attributes.includes(name) && !Object.hasOwn(defaults, name),
  );
  return [
    ...(primaryKey !== 'id' && identifiers.includes('id')
      ? ['A record gets its id when it is created. Leave the column of the id out.']
      : []),
    ...(identifiers.length > 0 && !identifiers.includes(primaryKey)
      ? [`No column is the ${primaryKey}. Choose the column with that of the new records.`]
      : []),
    ...lacking.map(
      (name) =>
        `No ${shortId} is created without its ${name}. Choose the column with it, or add one to the file.`,
    ),
  ];
}
