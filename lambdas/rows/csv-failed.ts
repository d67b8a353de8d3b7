import { withoutFormulas } from '../contract/formulas.ts';
import { ERROR_COLUMNS, isErrorColumn } from './csv-columns.ts';
import type { RowError } from './row.ts';

/**
 * The names of the columns of a file of failed rows, with those of the errors last. Cells stay as they were read: they are
 * the user's own, and what guarded them would be sent if the columns of the errors were taken out.
 * @returns also how a row of the original gets there
 */
export function failedColumns(headers: readonly string[]) {
  const kept = [...headers.keys()].filter((position) => !isErrorColumn(headers[position]));
  const pick = (cells: readonly string[]) => kept.map((position) => cells[position] ?? '');
  return {
    header: [...pick(headers), ...ERROR_COLUMNS],
    recordOf: (cells: readonly string[], errors: readonly RowError[]) => [
      ...pick(cells),
      withoutFormulas(errors.map(({ code }) => code).join(' ')),
      withoutFormulas(errors.map(({ message }) => message).join(' ')),
    ],
  };
}

/**
 * What a file of failed rows begins with if one of its cells is not ASCII, or the file that was sent did. Without it, Excel
 * takes a CSV for one of a Windows code page: https://wiki.scn.sap.com/wiki/display/ABAP/Excel+files+-+CSV+format
 */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Whether a text is the same in UTF-8 and in every code page of Windows. */
export function isAscii(text: string): boolean {
  return !/[\u0080-\uFFFF]/.test(text);
}
