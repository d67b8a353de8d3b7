import type { Column } from '../../../lambdas/rows/column.ts';
import { type CsvHead, type CsvRecord, rowReader } from '../../../lambdas/rows/csv-format.ts';
import type { EncodingName } from '../../../lambdas/rows/encoding.ts';
import type { LineNoun } from '../../../lambdas/rows/lines.ts';
import { type FaultyRow, FileError, MAX_FAULTS, type Row } from '../../../lambdas/rows/row.ts';
import { rowNoun } from '../../../lambdas/rows/row-noun.ts';
import type { TableChoice } from '../../../lambdas/rows/xlsx-table.ts';
import { faultOf, remediesOf } from '../../client/batches.ts';
import type { Sliced } from './slices.ts';

/** What text is called that was pasted and has no file. */
export const PASTED = 'pasted text';

/** A chosen file, read by the same rules as on the command line. */
export type ChosenSource = CsvSource | ItemSource;

export interface ItemSource {
  format: 'json' | 'ndjson';
  name: string;
  rows: Row[];
}

/** What the user chooses about a file. */
export interface ReadOptions extends TableChoice {
  /** Default: detected. */
  encoding?: EncodingName | undefined;
}

/** A CSV, or a sheet of a workbook, which is read as one. */
export interface CsvSource {
  format: 'csv';
  name: string;
  /** The sheet, if the file is a workbook. */
  sheet?: SheetSource;
  /** Whether it begins with a byte order mark. */
  hasMark: boolean;
  /** The line that names its delimiter, or nothing. */
  separatorLine: string;
  head: CsvHead;
  records: CsvRecord[];
}

export interface SheetSource {
  name: string;
  /** How the cells of each column were read, as sentences, by the position of the column. */
  readings: string[][];
  /** What the user should know of the whole sheet. */
  notices: string[];
}

/** Returns what the number of a row counts. */
export function nounOf(source: ChosenSource): 'Line' | 'Row' | 'Item' {
  return rowNoun(source.format === 'csv' && source.sheet !== undefined ? 'xlsx' : source.format);
}

/** Returns what the number of a row of a CSV or a sheet counts, within a sentence. */
export function lineNounOf({ sheet }: CsvSource): LineNoun {
  return sheet === undefined ? 'line' : 'row';
}

/** Number of rows between two pauses. */
const ROWS = 50;

/**
 * Returns the rows of a source as items. It pauses often, so that a page can react meanwhile.
 * @param columns - the meanings of the columns of a CSV
 * @throws FileError with the rows that cannot be sent
 */
export function* rowsOf(
  source: ChosenSource,
  columns: readonly Column[],
  clearMarker: string,
): Sliced<Row[]> {
  if (source.format !== 'csv') return source.rows;
  const padShortRows = source.sheet !== undefined;
  const rowOf = rowReader(source.head, columns, { clearMarker, padShortRows });
  const rows: (Row | FaultyRow)[] = [];
  for (const record of source.records) {
    rows.push(rowOf(record));
    if (rows.length % ROWS === 0) yield;
  }
  return sound(rows, nounOf(source));
}

/** Returns the rows if all can be sent. @throws FileError with the rows that cannot be sent */
export function sound(rows: readonly (Row | FaultyRow)[], noun: string): Row[] {
  const faults: string[] = [];
  const remedies = new Set<string>();
  for (const row of rows) {
    const fault = faultOf(row);
    if (fault !== undefined) faults.push(`${noun} ${row.line} ${fault}.`);
    for (const remedy of remediesOf(row)) remedies.add(remedy);
    if (faults.length === MAX_FAULTS) break;
  }
  if (faults.length === MAX_FAULTS) faults.push('There may be more errors. The check stopped here.');
  if (faults.length > 0) throw new FileError([...faults, ...remedies]);
  return rows as Row[];
}
