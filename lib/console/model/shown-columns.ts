import type { Column } from '../../../lambdas/rows/column.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import type { ColumnLook } from './column-look.ts';

/** Which columns are listed. */
export type Shown = 'all' | 'sent' | 'left out' | 'to decide';

/** Up to here, all columns fit a page. */
export const FEW_COLUMNS = 12;

/** Returns the positions of the columns for which the user has to decide how they are read. */
export function undecidedOf(
  columns: readonly Column[],
  looks: ReadonlyMap<number, ColumnLook>,
  readings: ReadonlyMap<number, Reading>,
): number[] {
  return [...columns.keys()].filter((position) => {
    const proposal = looks.get(position)?.proposal;
    if (proposal === undefined || readings.has(position) || !('name' in (columns[position] ?? {})))
      return false;
    return proposal.reading !== undefined || proposal.choices.length > 0;
  });
}

/** Returns the faults of readings that the user has decided. */
export function readingFaults(
  looks: ReadonlyMap<number, ColumnLook>,
  readings: ReadonlyMap<number, Reading>,
): string[] {
  return [...looks].flatMap(([position, { report }]) =>
    readings.has(position) ? (report?.faults() ?? []) : [],
  );
}

/** Whether a column is listed. */
export function isShown(shown: Shown, column: Column | undefined, isUndecided: boolean): boolean {
  if (shown === 'to decide') return isUndecided;
  return shown === 'all' || isSent(column) === (shown === 'sent');
}

/** Returns the kinds of columns that can be listed, with their number. */
export function filterChoices(
  sent: readonly Column[],
  columns: readonly { position: number }[],
  undecided: readonly number[],
): { value: Shown; label: string; count: number; sign?: string; tone?: string }[] {
  const count = columns.filter(({ position }) => isSent(sent[position])).length;
  return [
    { value: 'all', label: 'All columns', count: columns.length },
    { value: 'sent', label: 'Sent', sign: '✓', tone: 'good', count },
    { value: 'to decide', label: 'To decide', sign: '!', tone: 'warn', count: undecided.length },
    { value: 'left out', label: 'Not sent', sign: '–', tone: 'quiet', count: columns.length - count },
  ];
}

function isSent(column: Column | undefined): boolean {
  return column !== undefined && 'name' in column;
}
