import { TOP_LEVEL_FIELDS } from '../../../lambdas/contract/fields.ts';
import { nearestName } from '../../../lambdas/contract/nearest-name.ts';
import {
  ATTRIBUTE_PREFIX,
  type Column,
  columnCalled,
  isErrorColumn,
  purposeOf,
  repeatedColumns,
} from '../../../lambdas/rows/csv-columns.ts';
import type { ProcedureView } from '../../client/index.ts';
import type { CsvSource } from './source.ts';

/** What a column can be. `name` is what the API calls it; the empty one leaves the column out. */
export interface ColumnMeaning {
  name: string;
  label: string;
}

export interface MeaningGroup {
  label: string;
  meanings: ColumnMeaning[];
}

/** What one column is taken for. */
export interface ColumnGuess {
  name: string;
  /** `guess` when the name is only like it. */
  from: 'name' | 'guess' | 'nothing';
}

export const LEAVE_OUT = '';

/** Everything that a column can be, as a choice shows it. */
export function meaningsOf(procedure: ProcedureView): MeaningGroup[] {
  const { primaryKey, attributes } = procedure;
  const identifiers = [...new Set([primaryKey, 'id'])];
  return [
    {
      label: 'Names the process',
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

/** The name of the column that is the attribute, even where a field has the same name. */
function columnName(attribute: string, procedure: ProcedureView): string {
  const column = columnCalled(attribute, procedure);
  return column?.is === 'attribute' ? attribute : `${ATTRIBUTE_PREFIX}${attribute}`;
}

/**
 * The best guess for each column: what is called so, as the command line has it, however it is written; else what is
 * called nearly so. Nothing is taken twice, and a name that matches comes before one that is near.
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

const NOTHING: ColumnGuess = { name: LEAVE_OUT, from: 'nothing' };

/** `data.city` is `city`, unless a field is called so. */
function called(header: string, procedure: ProcedureView): string | undefined {
  const column = columnCalled(header, procedure);
  return column?.is === 'attribute' ? columnName(column.name, procedure) : column && header;
}

/** The same letters, in capitals or with other signs between: `First name`, `E-Mail`. */
function writtenLike(header: string, names: readonly string[]): string | undefined {
  const letters = lettersOf(header);
  return letters === '' ? undefined : names.find((name) => lettersOf(name) === letters);
}

/** As much in common as names have that mean the same: `Phone`, `Ctiy`. */
function nearly(header: string, names: readonly string[]): string | undefined {
  return nearestName(header, names);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The columns of a mapping: `names` are what the API calls each. */
export function columnsOf(names: readonly string[], procedure: ProcedureView): Column[] {
  return names.map((name) => columnCalled(name, procedure) ?? { is: 'left out' });
}

/** Whether a column means the same as another one. */
export function isRepeated(names: readonly string[], position: number): boolean {
  const name = names[position];
  return name !== LEAVE_OUT && names.indexOf(name ?? '') !== names.lastIndexOf(name ?? '');
}

/** The columns of a file that can mean something: those without a name and without any text do not count. */
export function shownColumns({
  head,
  records,
}: Pick<CsvSource, 'head' | 'records'>): { header: string; position: number }[] {
  const hasText = (position: number) => records.some(({ record }) => (record[position] ?? '').trim() !== '');
  return head.headers.flatMap((header, position) =>
    header !== '' || hasText(position) ? [{ header, position }] : [],
  );
}

/** What keeps a mapping from being used, each as a sentence. */
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
      : [`No column names the ${shortId}. Choose the one that holds its ${primaryKey}, or its id.`]),
    ...(clearMarker === ''
      ? ['An empty cell leaves its field as it is. Enter another text for cells that clear, such as \\N.']
      : []),
    ...(columns.length === 1
      ? [
          'If the file has several columns, name what is between them in a line before the first, such as sep=: for a colon.',
        ]
      : []),
    ...(changes ? [] : ['No column changes anything. Choose an attribute or a field for at least one.']),
  ];
}
