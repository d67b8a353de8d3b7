import type { Column } from '../../../lambdas/rows/column.ts';
import { signsOf } from '../../../lambdas/rows/reading.ts';
import type { Row } from '../../../lambdas/rows/row.ts';

/**
 * Returns the text of a cell as a person corrects it. A number of a workbook is shown as its column is read: what is typed
 * instead is read so, and 1.235 in place of 1.234 would become 1235 where a point groups digits.
 */
export function cellText({ cells, exact }: Row, position: number, column: Column | undefined): string {
  const cell = cells[position] ?? '';
  if (exact?.has(position) !== true || column === undefined || !('reading' in column)) return cell;
  const decimal = signsOf(column.reading?.number ?? '')?.decimal;
  return decimal === ',' && /^-?\d+\.\d+$/.test(cell) ? cell.replace('.', decimal) : cell;
}
