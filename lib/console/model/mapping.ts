import { TOP_LEVEL_FIELDS } from '../../../lambdas/contract/fields.ts';
import { nearestName } from '../../../lambdas/contract/nearest-name.ts';
import type { Column } from '../../../lambdas/rows/column.ts';
import {
  ATTRIBUTE_PREFIX,
  columnCalled,
  isErrorColumn,
  purposeOf,
  repeatedColumns,
} from '../../../lambdas/rows/csv-columns.ts';
import type { ProcedureView } from '../../client/index.ts';
import type { CsvSource } from './source.ts';

/** A possible meaning of a column. `name` is what the API calls it; the empty name omits the column. */
export interface ColumnMeaning {
  name: string;
  label: string;
}

export interface MeaningGroup {
  label: string;
  meanings: ColumnMeaning[];
}

/** The guessed meaning of a column. */
export interface ColumnGuess {
  name: string;
  /** `guess` when the name is only similar. */
  from: 'name' | 'guess' | 'nothing';
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
        .map(([name, { type }]) => ({ name: columnName(name, procedure), label: `${name} · ${type}` })),
    },
    { label: 'Fields of the process', meanings: TOP_LEVEL_FIELDS.map((name) => ({ name, label: name })) },
  ];
}

/** Returns the column name of an attribute, even if a field has the same name. */
function columnName(attribute: string, procedure: ProcedureView): string {
  const column = columnCalled(attribute, procedure);
  return column?.is === 'attribute' ? attribute : `${ATTRIBUTE_PREFIX}${attribute}`;
}

/**
 * Guesses the meaning of each column: the same name as on the command line, else the same letters, else a similar name.
 * No meaning is used twice, and a better match takes it first.
 */
export function guessMapping(headers: readonly string[], procedure: ProcedureView): ColumnGuess[] {
  const names = meaningsOf(procedure).flatMap(({ meanings }) => meanings.map(({ name }) => name));
  const taken = new Set<string>();
  const guesses: (ColumnGuess | undefined)[] = headers.map((header) =>
    isErrorColumn(header) ? NOTHING : undefined,
  );
  for (const { from, find } of [
    { from: 'name', find: (header: string) => called(header, procedure) },
    { from: 'name', find: writtenLike },
    { from: 'guess', find: nearly },
  ] as const) {
    for (const [position, header] of headers.entries()) {
      if (guesses[position] !== undefined) continue;
      const free = names.filter((name) => !taken.has(name));
      const name = find(header, free);
      if (name === undefined || taken.has(name)) continue;
      guesses[position] = { name, from };
      taken.add(name);
    }
  }
  return guesses.map((guess) => guess ?? NOTHING);
}

const NOTHING: ColumnGuess = { name: OMIT, from: 'nothing' };

/** Finds the exact name. `data.city` is `city`, unless a field has that name. */
function called(header: string, procedure: ProcedureView): string | undefined {
  const column = columnCalled(header, procedure);
  return column?.is === 'attribute' ? columnName(column.name, procedure) : column && header;
}

/** Finds a name with the same letters, whatever its case and separators: `First name`, `E-Mail`. */
function writtenLike(header: string, names: readonly string[]): string | undefined {
  const letters = lettersOf(header);
  return letters === '' ? undefined : names.find((name) => lettersOf(name) === letters);
}

/** Finds a similar name: `Phone`, `Ctiy`. */
function nearly(header: string, names: readonly string[]): string | undefined {
  return nearestName(header, names);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Returns the columns of a mapping. @param names - what the API calls each */
export function columnsOf(names: readonly string[], procedure: ProcedureView): Column[] {
  return names.map((name) => columnCalled(name, procedure) ?? { is: 'left out' });
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

/** Returns the faults of a mapping, each as a sentence. */
export function mappingFaults(
  columns: readonly Column[],
  { shortId, primaryKey }: ProcedureView,
  clearMarker: string,
): string[] {
  const { identifies, changes } = purposeOf(columns);
  return [
    ...repeatedColumns(columns).map(
      (name) => `Several columns are the ${name}. Choose another meaning for all but one of them.`,
    ),
    ...(identifies
      ? []
      : [`No column identifies the ${shortId}. Choose the column with its ${primaryKey} or id.`]),
    ...(clearMarker === ''
      ? [
          'An empty cell leaves its field unchanged. Enter another text for cells that clear a field, such as \\N.',
        ]
      : []),
    ...(columns.length === 1
      ? [
          'If the file has several columns, name their delimiter in a line before the first one, such as sep=: for a colon.',
        ]
      : []),
    ...(changes
      ? []
      : ['No column changes anything. Choose an attribute or a field for at least one column.']),
  ];
}
