import { cellsByColumn, guessedHeaderRow, sampleOf } from '../../../lambdas/rows/xlsx-table.ts';
import { openWorkbook } from '../../../lambdas/rows/xlsx-workbook.ts';

/** The beginning of a sheet. */
export interface SheetPreview {
  name: string;
  isHidden: boolean;
  /** Number of the row that probably names the columns. */
  headerRow: number;
  rows: { number: number; cells: string[] }[];
}

/** How much of a workbook is shown. */
const MAX_SHEETS = 50;
const MAX_ROWS = 12;
const MAX_COLUMNS = 20;
const MAX_LENGTH = 60;

/**
 * Reads the beginnings of the sheets of a workbook that have rows.
 * @throws FileError that says what is wrong with it
 */
export async function previewSheets(file: Blob): Promise<SheetPreview[]> {
  const workbook = await openWorkbook(file);
  const previews: SheetPreview[] = [];
  for (const sheet of workbook.sheets.slice(0, MAX_SHEETS)) {
    const sample = await sampleOf(workbook, sheet);
    if (sample.length === 0) continue;
    const rows = sample.slice(0, MAX_ROWS).map(({ number, cells }) => ({
      number,
      cells: cellsByColumn(cells.filter(({ column }) => column < MAX_COLUMNS)).map(shortened),
    }));
    previews.push({ name: sheet.name, isHidden: sheet.isHidden, headerRow: guessedHeaderRow(sample), rows });
  }
  return previews;
}

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)} …` : text;
}
