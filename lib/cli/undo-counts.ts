import type { Entry } from '../client/index.ts';
import { tableOf } from './summary.ts';

/** Entries of an undo by what became of them. */
export interface UndoCounts {
  /** All fields are as before. */
  reverted: number;
  /** Some fields are as before; the others stay, since something newer has set them. */
  partlyReverted: number;
  /** All fields stay. */
  kept: number;
  /** The undone job had changed nothing. */
  unchanged: number;
  /** What was there before is not known. */
  notReversible: number;
  /** Failed for another reason. */
  failed: number;
  cancelled: number;
  notUndoneYet: number;
}

export function noUndoCounts(): UndoCounts {
  return {
    ...{ reverted: 0, partlyReverted: 0, kept: 0, unchanged: 0 },
    ...{ notReversible: 0, failed: 0, cancelled: 0, notUndoneYet: 0 },
  };
}

/** Counts the entries of an undo. */
export async function tallyUndo(entries: AsyncIterable<Entry>): Promise<UndoCounts> {
  const counts = noUndoCounts();
  for await (const entry of entries) counts[kindOf(entry)] += 1;
  return counts;
}

/** What became of an entry of an undo. */
export function kindOf({ completionStatus, outcome, errors, kept = [] }: Entry): keyof UndoCounts {
  if (completionStatus === 'NOT_STARTED') return 'notUndoneYet';
  if (completionStatus === 'CANCELLED') return 'cancelled';
  if (outcome === 'REVERTED') return kept.length === 0 ? 'reverted' : 'partlyReverted';
  if (outcome === 'KEPT') return 'kept';
  if (outcome === 'UNCHANGED') return 'unchanged';
  return errors.some(({ code }) => code === 'NOT_REVERSIBLE') ? 'notReversible' : 'failed';
}

/**
 * Formats counts for people.
 * @param deleted - number of processes that are deleted. Only a dry run tells them from those that are as before
 */
export function undoTable(counts: UndoCounts, { isDryRun = false, deleted = 0 } = {}): string {
  const rows: [string, keyof UndoCounts][] = isDryRun
    ? [
        ['would be as before', 'reverted'],
        ['would be partly as before', 'partlyReverted'],
        ['would be kept', 'kept'],
        ['unchanged', 'unchanged'],
        ['not reversible', 'notReversible'],
        ['would fail', 'failed'],
      ]
    : [
        ['as before', 'reverted'],
        ['partly as before', 'partlyReverted'],
        ['kept', 'kept'],
        ['unchanged', 'unchanged'],
        ['not reversible', 'notReversible'],
        ['failed', 'failed'],
        ['cancelled', 'cancelled'],
        ['not undone yet', 'notUndoneYet'],
      ];
  const isShown = (kind: keyof UndoCounts) => (kind === 'reverted' && deleted === 0) || counts[kind] > 0;
  return tableOf([
    ...rows.flatMap(([name, kind]) => (isShown(kind) ? [[name, counts[kind]]] : [])),
    ...(deleted > 0 ? [['would be deleted', deleted]] : []),
  ]);
}
