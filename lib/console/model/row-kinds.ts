import type { Creates } from '../../client/creates.ts';
import type { RowEntry } from './checking.ts';

/** What a check says of a row. */
export type RowKind = 'change' | 'create' | 'same' | 'replaced' | 'wrong' | 'missing' | 'exists';

export function kindOf({ completionStatus, outcome, errors }: RowEntry): RowKind {
  // Nothing is newer than a check but the later rows of the file.
  if (outcome === 'SUPERSEDED') return 'replaced';
  if (outcome === 'CREATED') return 'create';
  if (completionStatus === 'SUCCESS') return outcome === 'APPLIED' ? 'change' : 'same';
  if (errors.some(({ code }) => code === 'PROCESS_EXISTS')) return 'exists';
  return errors.some(({ code }) => code === 'PROCESS_NOT_FOUND') ? 'missing' : 'wrong';
}

/** The kinds that are counted in tiles, in their order. */
const COUNTED_KINDS = [
  'change',
  'create',
  'same',
  'wrong',
  'missing',
  'exists',
  'twice',
] as const satisfies (keyof RowKinds)[];

export type CountedKind = (typeof COUNTED_KINDS)[number];

/** The kinds that are counted even if no row is of them, by what rows may do. */
const EXPECTED_KINDS: Readonly<Record<Creates | 'none', readonly CountedKind[]>> = {
  none: ['change', 'same', 'wrong', 'missing', 'twice'],
  missing: ['change', 'create', 'same', 'wrong', 'twice'],
  all: ['create', 'wrong', 'exists', 'twice'],
};

/** Returns the kinds that are counted in tiles, in their order. @param creates - undefined also where it is not known */
export function countedKinds(kinds: RowKinds, creates?: Creates): CountedKind[] {
  const expected = EXPECTED_KINDS[creates ?? 'none'];
  return COUNTED_KINDS.filter((kind) => kinds[kind].length > 0 || expected.includes(kind));
}

/** Positions of rows by what the check says of them. */
export interface RowKinds extends Record<RowKind, readonly number[]> {
  /** Rows whose process is named by another row, too. */
  twice: readonly number[];
}

export function rowKinds(rowChecks: readonly RowEntry[]): RowKinds {
  const kinds: Record<RowKind, number[]> = {
    ...{ change: [], create: [], same: [], replaced: [], wrong: [], missing: [], exists: [] },
  };
  const named = new Map<string, number[]>();
  for (const [position, entry] of rowChecks.entries()) {
    // It is checked again.
    if (entry === undefined) continue;
    kinds[kindOf(entry)].push(position);
    const identifiers = Object.entries(entry.identifier);
    if (identifiers.length === 0) continue;
    const name = identifiers.length === 1 ? identifiers.flat().join(' ') : JSON.stringify(entry.identifier);
    const positions = named.get(name);
    if (positions === undefined) named.set(name, [position]);
    else positions.push(position);
  }
  const twice = [...named.values()].filter(({ length }) => length > 1).flat();
  return { ...kinds, twice: twice.sort((a, b) => a - b) };
}
