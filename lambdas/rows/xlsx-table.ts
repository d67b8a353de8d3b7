import { nearestName } from '../contract/nearest-name.ts';
import { type CellFault, type CsvHead, type CsvRecord, headOfRecord } from './csv-format.ts';
import { FileError } from './row.ts';
import { columnName, type SheetCell } from './xlsx-cells.ts';
import type { SheetNotices } from './xlsx-notices.ts';
import type { SheetRow } from './xlsx-sheet.ts';
import type { Workbook, WorkbookSheet } from './xlsx-workbook.ts';

/** What the user chooses in a workbook. */
export interface TableChoice {
  /** Name of the sheet, or its number among the tabs from 1. Default: the first that has rows and is not hidden. */
  sheet?: string | undefined;
  /** Number of the row that names the columns. Default: the first that looks like it. */
  headerRow?: number | undefined;
  /** Names that columns are known to have. A row with several of them is the one that names the columns. */
  names?: ReadonlySet<string> | undefined;
}

/** A sheet as a table. */
export interface WorkbookTable {
  sheet: WorkbookSheet;
  head: CsvHead;
  headerRow: number;
  /** Rows above the one that names the columns. */
  rowsAbove: number;
  /** Reads the rows below the header row. */
  records: (notices?: SheetNotices) => AsyncGenerator<CsvRecord, void, void>;
}

/** Number of rows among which the header row is looked for, and that are previewed. */
export const SAMPLE_ROWS = 50;

/**
 * Opens a sheet of a workbook as a table.
 * @throws FileError when there is no such sheet or row, or when they are empty
 */
export async function openTable(workbook: Workbook, choice: TableChoice = {}): Promise<WorkbookTable> {
  const { sheet, sample } = await chosenSheet(workbook, choice.sheet);
  const headerRow = choice.headerRow ?? guessedHeaderRow(sample, choice.names);
  const header = await headerOf(workbook, sheet, headerRow);
  const head = headOfRecord({ record: cellsByColumn(header.cells), line: header.number }, ',');
  return {
    sheet,
    head,
    headerRow,
    rowsAbove: sample.filter(({ number }) => number < headerRow).length,
    async *records(notices) {
      for await (const row of workbook.rows(sheet, notices?.facts)) {
        if (row.number <= headerRow) continue;
        notices?.take(row);
        yield recordOf(row, head.headers.length);
      }
    },
  };
}

/** Reads the first rows that have a value. */
export async function sampleOf(workbook: Workbook, sheet: WorkbookSheet): Promise<SheetRow[]> {
  const sample: SheetRow[] = [];
  for await (const row of workbook.rows(sheet)) if (sample.push(row) === SAMPLE_ROWS) break;
  return sample;
}

async function chosenSheet(workbook: Workbook, wanted: string | undefined) {
  if (wanted !== undefined) {
    const sheet = sheetCalled(workbook, wanted);
    const sample = await sampleOf(workbook, sheet);
    if (sample.length === 0) throw new FileError([`The sheet "${sheet.name}" is empty. ${listed(workbook)}`]);
    return { sheet, sample };
  }
  for (const sheet of workbook.sheets) {
    if (sheet.isHidden) continue;
    const sample = await sampleOf(workbook, sheet);
    if (sample.length > 0) return { sheet, sample };
  }
  throw new FileError([`The workbook has no rows in a sheet that is shown. ${listed(workbook)}`]);
}

function sheetCalled(workbook: Workbook, wanted: string): WorkbookSheet {
  const { sheets } = workbook;
  const found =
    sheets.find(({ name }) => name === wanted) ??
    sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ??
    (/^\d+$/.test(wanted) ? sheets.filter(({ isHidden }) => !isHidden)[Number(wanted) - 1] : undefined);
  if (found !== undefined) return found;
  const names = sheets.map(({ name }) => name);
  const nearest = nearestName(wanted, names);
  const suggestion = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new FileError([`The workbook has no sheet "${wanted}".${suggestion} ${listed(workbook)}`]);
}

/** Maximum number of sheets that a message lists. */
const MAX_LISTED = 20;

function listed({ sheets }: Workbook): string {
  const names = sheets
    .slice(0, MAX_LISTED)
    .map(({ name, isHidden }) => `"${name}"${isHidden ? ' (hidden)' : ''}`);
  const more = sheets.length > MAX_LISTED ? ` and ${sheets.length - MAX_LISTED} more` : '';
  return `Its sheets: ${names.join(', ')}${more}.`;
}

/**
 * Guesses which row names the columns: the first with known names, else the first with a different text in most of them
 * and none left out between, above the first number, date or boolean. Titles above a table have few cells.
 */
export function guessedHeaderRow(
  sample: readonly SheetRow[],
  names: ReadonlySet<string> = new Set(),
): number {
  const known = sample.find(({ cells }) => {
    const count = cells.filter(({ text, is }) => is === 'text' && names.has(text.trim())).length;
    return count >= MIN_KNOWN && count >= cells.length / 2;
  });
  if (known !== undefined) return known.number;
  const most = Math.max(0, ...sample.map(({ cells }) => cells.length));
  const firstValue = sample.findIndex(({ cells }) =>
    cells.some(({ is, fault }) => is !== 'text' || fault !== undefined),
  );
  const candidates = sample
    .slice(0, firstValue < 0 ? undefined : firstValue)
    .filter(
      ({ cells }) =>
        cells.length >= most * SHARE_OF_NAMED && new Set(cells.map(({ text }) => text)).size === cells.length,
    );
  return (candidates.find(hasNoGap) ?? candidates[0] ?? sample[0])?.number ?? 1;
}

function hasNoGap({ cells }: SheetRow): boolean {
  return (cells.at(-1)?.column ?? 0) - (cells[0]?.column ?? 0) === cells.length - 1;
}

/** One known name may stand in a title. */
const MIN_KNOWN = 2;

/** A column of remarks often has no name. */
const SHARE_OF_NAMED = 0.75;

async function headerOf(workbook: Workbook, sheet: WorkbookSheet, headerRow: number): Promise<SheetRow> {
  for await (const row of workbook.rows(sheet)) {
    if (row.number < headerRow) continue;
    if (row.number > headerRow) break;
    const wrong = row.cells.find(({ fault }) => fault !== undefined);
    if (wrong === undefined) return row;
    const cell = `${columnName(wrong.column)}${headerRow}`;
    throw new FileError([
      `The header row ${wrong.fault} in ${cell}. Correct the cell, or choose another row.`,
    ]);
  }
  throw new FileError([
    `Row ${headerRow} of the sheet "${sheet.name}" is empty. Choose the row that names the columns.`,
  ]);
}

/** Returns the texts of cells by the position of their column. */
export function cellsByColumn(cells: readonly SheetCell[]): string[] {
  const texts: string[] = Array(1 + (cells.at(-1)?.column ?? -1)).fill('');
  for (const { column, text } of cells) texts[column] = text;
  return texts;
}

/** @param width - number of columns */
function recordOf({ number, cells }: SheetRow, width: number): CsvRecord {
  const record: string[] = Array(width).fill('');
  const exact = new Set<number>();
  const faults = new Map<number, CellFault>();
  for (const cell of cells) {
    const { column, text, is } = cell;
    const fault = faultOf(cell, number, width);
    if (fault !== undefined) faults.set(Math.min(column, width), fault);
    else if (column < width) record[column] = text;
    if (is !== 'text') exact.add(column);
  }
  return {
    record,
    line: number,
    ...(exact.size === 0 ? {} : { exact }),
    ...(faults.size === 0 ? {} : { faults }),
  };
}

function faultOf({ column, text, fault }: SheetCell, row: number, width: number): CellFault | undefined {
  const cell = `${columnName(column)}${row}`;
  if (column >= width && (text.trim() !== '' || fault !== undefined))
    return [
      `has text in ${cell}, beyond the header row`,
      'Name the column in the header row, or clear the cell.',
    ];
  if (fault === undefined) return undefined;
  const remedy = fault.includes('formula')
    ? 'Open the workbook in the spreadsheet, which computes its formulas, and save it.'
    : 'Correct the cell, or clear it.';
  return [`${fault} in ${cell}`, remedy];
}
