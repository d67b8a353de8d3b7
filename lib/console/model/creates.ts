import type { Creates } from '../../client/creates.ts';
import type { RowKinds } from './row-kinds.ts';
import { count, counted } from './words.ts';

/** What rows may do, as a choice. */
export interface CreatesChoice {
  /** Undefined where rows only update. */
  creates: Creates | undefined;
  label: string;
  help: string;
}

/** The choices, from the one that can do the least harm. */
export const CREATES_CHOICES: readonly CreatesChoice[] = [
  {
    creates: undefined,
    label: 'Update the records that exist',
    help: 'A row whose record does not exist fails.',
  },
  {
    creates: 'missing',
    label: 'Update what exists, create the rest',
    help: 'A row whose record does not exist creates it.',
  },
  {
    creates: 'all',
    label: 'Create new records only',
    help: 'A row whose record exists already fails.',
  },
];

/** Says what an empty cell does. */
export function emptyCellText(creates: Creates | undefined): string {
  const ofNew = 'the field gets its default, or stays empty';
  if (creates === 'all') return `Where a cell is empty, ${ofNew}.`;
  const unchanged = 'An empty cell leaves the field unchanged.';
  return creates === undefined ? unchanged : `${unchanged} In a new record, ${ofNew}.`;
}

/** Another choice by which rows that fail would not. */
export interface CreatesProposal {
  /** Why they fail. */
  text: string;
  label: string;
  creates: Creates;
}

/** Proposes to create what rows do not find, or to update what they were to create. */
export function createsProposal(
  creates: Creates | undefined,
  { missing, exists }: Pick<RowKinds, 'missing' | 'exists'>,
): CreatesProposal | undefined {
  if (creates === undefined && missing.length > 0)
    return {
      text: `${named(missing.length)} that ${doesNot(missing.length)} exist.`,
      ...{ label: `Create ${them(missing.length)}`, creates: 'missing' },
    };
  if (creates === 'all' && exists.length > 0)
    return {
      text: `${named(exists.length)} that ${exists.length === 1 ? 'exists' : 'exist'} already.`,
      ...{ label: `Update ${them(exists.length)}`, creates: 'missing' },
    };
  return undefined;
}

function named(rows: number): string {
  return rows === 1 ? '1 row names a record' : `${counted(rows, 'row')} name records`;
}

function doesNot(rows: number): string {
  return rows === 1 ? 'does not' : 'do not';
}

function them(rows: number): string {
  return rows === 1 ? 'this record' : 'these records';
}

/** Counts what rows would do that may create, such as "2 rows would update a record, 1 would create one." */
export function effectText(
  creates: Creates,
  { change, create, same, replaced, wrong, missing, exists }: RowKinds,
): string {
  const idle = same.length + replaced.length;
  const failing = wrong.length + missing.length + exists.length;
  const effect =
    creates === 'all'
      ? `${counted(create.length, 'row')} would create a record`
      : `${counted(change.length, 'row')} would update a record, ${count(create.length)} would create one`;
  const others = [
    ...(idle > 0 ? [`${count(idle)} would change nothing`] : []),
    ...(failing > 0 ? [`${count(failing)} would fail`] : []),
  ];
  return `${[effect, ...others].join(', ')}.`;
}
