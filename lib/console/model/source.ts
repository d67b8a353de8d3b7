import type { Column } from '../../../lambdas/rows/column.ts';
import { type CsvHead, type CsvRecord, rowReader } from '../../../lambdas/rows/csv-format.ts';
import { type FileFormat, rowNoun } from '../../../lambdas/rows/file-format.ts';
import { type FaultyRow, FileError, MAX_FAULTS, type Row } from '../../../lambdas/rows/row.ts';
import { faultOf, remediesOf } from '../../client/batches.ts';

/** A chosen file, read by the same rules as on the command line. */
export type ChosenSource = CsvSource | { format: Exclude<FileFormat, 'csv'>; name: string; rows: Row[] };

export interface CsvSource {
  format: 'csv';
  name: string;
  /** Whether it begins with a byte order mark. */
  hasMark: boolean;
  /** The line that names its delimiter, or nothing. */
  separatorLine: string;
  head: CsvHead;
  records: CsvRecord[];
}

/**
 * Returns the rows of a source as items.
 * @param columns - the meanings of the columns of a CSV
 * @throws FileError with the rows that cannot be sent
 */
export function rowsOf(source: ChosenSource, columns: readonly Column[], clearMarker: string): Row[] {
  if (source.format !== 'csv') return source.rows;
  return sound(source.records.map(rowReader(source.head, columns, { clearMarker })), source.format);
}

/** Returns the rows if all can be sent. @throws FileError with the rows that cannot be sent */
export function sound(rows: readonly (Row | FaultyRow)[], format: FileFormat): Row[] {
  const faults: string[] = [];
  const remedies = new Set<string>();
  for (const row of rows) {
    const fault = faultOf(row);
    if (fault !== undefined) faults.push(`${rowNoun(format)} ${row.line} ${fault}.`);
    for (const remedy of remediesOf(row)) remedies.add(remedy);
    if (faults.length === MAX_FAULTS) break;
  }
  if (faults.length === MAX_FAULTS) faults.push('There may be more errors. The check stopped here.');
  if (faults.length > 0) throw new FileError([...faults, ...remedies]);
  return rows as Row[];
}
