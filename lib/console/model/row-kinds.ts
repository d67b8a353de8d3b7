import type { RowEntry } from './checking.ts';

/** What a check says of a row. */
export type RowKind = 'change' | 'same' | 'replaced' | 'wrong' | 'missing';

export function kindOf({ completionStatus, outcome, errors }: RowEntry): RowKind {
  // Nothing is newer than a check but the later rows of the file.
  if (outcome === 'SUPERSEDED') return 'replaced';
  if (completionStatus === 'SUCCESS') return outcome === 'APPLIED' ? 'change' : 'same';
  return errors.some(({ code }) => code === 'PROCESS_NOT_FOUND') ? 'missing' : 'wrong';
}

/** The kinds that are counted in tiles, in their order. */
export const COUNTED_KINDS = [
  'change',
  'same',
  'wrong',
  'missing',
  'twice',
] as const satisfies (keyof RowKinds)[];

/** Positions of rows by what the check says of them. */
export interface RowKinds extends Record<RowKind, readonly number[]> {
  /** Rows whose process is named by another row, too. */
  twice: readonly number[];
}

export function rowKinds(rowChecks: readonly RowEntry[]): RowKinds {
  const kinds: Record<RowKind, number[]> = { change: [], same: [], replaced: [], wrong: [], missing: [] };
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
