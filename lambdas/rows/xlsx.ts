// What reads and writes workbooks, as one module that is loaded only when it is needed.
export { workbookOf } from './xlsx-failed.ts';
export { SheetNotices } from './xlsx-notices.ts';
export { guessedHeaderRow, openTable, sampleOf } from './xlsx-table.ts';
export { openWorkbook } from './xlsx-workbook.ts';
