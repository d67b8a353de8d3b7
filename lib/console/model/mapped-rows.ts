import type { Row } from '../../../lambdas/rows/row.ts';
import { type Corrections, correctedRecords } from './checking.ts';
import type { Checking, Chosen } from './flow.ts';
import { columnsOf } from './mapping.ts';
import type { Sliced } from './slices.ts';
import { rowsOf } from './source.ts';

/**
 * Returns the mapped rows as items.
 * @throws FileError with the rows that cannot be sent
 */
export function mappedRows({ source, names, procedure, readings, clearMarker }: Chosen): Sliced<Row[]> {
  return rowsOf(source, columnsOf(names, procedure, readings), clearMarker);
}

/**
 * Returns the rows of corrected cells, by the same rules as those of the file.
 * @throws FileError with the rows that cannot be sent
 */
export function correctedRows(flow: Checking, corrections: Corrections): Sliced<Row[]> {
  const { source } = flow;
  const corrected =
    source.format === 'csv' ? { ...source, records: correctedRecords(source, corrections) } : source;
  return mappedRows({ ...flow, source: corrected });
}
