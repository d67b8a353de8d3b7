import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** How spreadsheets save a CSV that they have opened, in Germany. */
export const SPREADSHEETS = [
  'Excel, "CSV UTF-8"',
  'Excel, "CSV"',
  'LibreOffice, all texts in quotes',
] as const;
export type Spreadsheet = (typeof SPREADSHEETS)[number];

const MARK = '\uFEFF';

/** Returns a CSV as a spreadsheet saves it that has opened it. Cells with a delimiter are always quoted. */
export function savedAsText(csv: string, spreadsheet: Spreadsheet): Uint8Array {
  const rows: string[][] = parse(csv, { bom: true, delimiter: ';' });
  const isQuoted = spreadsheet.startsWith('LibreOffice');
  const text = stringify(rows, {
    delimiter: ';',
    quoted: isQuoted,
    quoted_empty: isQuoted,
    record_delimiter: isQuoted ? 'unix' : 'windows',
  });
  // Latin-1 has the same letters as Windows-1252.
  if (spreadsheet === 'Excel, "CSV"') return Buffer.from(text, 'latin1');
  return Buffer.from(isQuoted ? text : `${MARK}${text}`);
}
