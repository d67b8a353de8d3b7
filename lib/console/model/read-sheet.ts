import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import { FileError } from '../../../lambdas/rows/row.ts';
import { SheetNotices } from '../../../lambdas/rows/xlsx-notices.ts';
import { openTable } from '../../../lambdas/rows/xlsx-table.ts';
import { openWorkbook } from '../../../lambdas/rows/xlsx-workbook.ts';
import type { CsvSource, ReadOptions } from './source.ts';

/** Maximum size of the text of a sheet, which a browser keeps in memory: cells may share one text many times. */
const MAX_TEXT_LENGTH = 100 * 1024 * 1024;

/** Maximum number of cells, empty ones too. */
const MAX_CELLS = 10_000_000;

/**
 * Reads a sheet of a workbook.
 * @throws FileError with everything that is wrong with the workbook
 */
export async function readSheet(file: File, options: ReadOptions): Promise<CsvSource> {
  const table = await openTable(await openWorkbook(file), options);
  const { head, sheet, headerRow } = table;
  const found = new SheetNotices(headerRow);
  const records: CsvRecord[] = [];
  let length = 0;
  for await (const record of table.records(found)) {
    for (const cell of record.record) length += cell.length;
    records.push(record);
    if (length > MAX_TEXT_LENGTH || records.length * head.headers.length > MAX_CELLS)
      throw new FileError([
        'The sheet is larger than a browser can hold. Send it with the command line: bulk-update submit.',
      ]);
  }
  if (records.length === 0) throw new FileError(['The sheet has no rows below its header row. Add a row.']);
  const notices = found.messages(head.headers, () => false);
  const readings = head.headers.map((_, position) =>
    found
      .messages(head.headers, (other) => other === position)
      .filter((message) => !notices.includes(message)),
  );
  return {
    format: 'csv',
    name: file.name,
    sheet: { name: sheet.name, readings, notices },
    hasMark: false,
    separatorLine: '',
    head,
    records,
  };
}
