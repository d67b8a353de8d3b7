import { withoutFormulas } from '../contract/formulas.ts';
import { ERROR_COLUMNS, isErrorColumn } from './column-names.ts';
import type { RowError } from './row.ts';

/**
 * Returns the header of a file of failed rows, with the errors last, and a function that makes its records.
 *
 * Cells stay as they were read. They are the user's own, and a guard against formulas would be sent with them. Messages
 * repeat texts of others, and are guarded: they are not sent again.
 */
export function failedColumns(headers: readonly string[]) {
  const kept = [...headers.keys()].filter((position) => !isErrorColumn(headers[position]));
  const pick = (cells: readonly string[]) => kept.map((position) => cells[position] ?? '');
  return {
    /** Positions of the columns of the file. */
    kept,
    header: [...pick(headers), ...ERROR_COLUMNS],
    recordOf: (cells: readonly string[], errors: readonly RowError[]) => [
      ...pick(cells),
      withoutFormulas([...new Set(errors.map(({ code }) => code))].join(' ')),
      withoutFormulas(errors.map(({ message }) => message).join(' ')),
    ],
  };
}

/**
 * Returns which cells of a record are values of a workbook.
 * @param kept - positions of the columns that the record has
 * @param exact - positions of such cells in the file
 */
export function exactAmong(
  kept: readonly number[],
  exact: ReadonlySet<number> = new Set(),
): ReadonlySet<number> {
  return new Set(kept.flatMap((position, place) => (exact.has(position) ? [place] : [])));
}

export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Whether a CSV of failed rows begins with a byte order mark: if the file that was sent did, or a cell is not ASCII.
 * Without it, Excel reads a CSV in a Windows code page:
 * https://wiki.scn.sap.com/wiki/display/ABAP/Excel+files+-+CSV+format
 */
export function needsByteOrderMark(source: { hasMark: boolean }, rows: { isAscii: boolean }): boolean {
  return source.hasMark || !rows.isAscii;
}

/** Whether a text is the same in UTF-8 and in every code page of Windows. */
export function isAscii(text: string): boolean {
  return !/[\u0080-\uFFFF]/.test(text);
}
