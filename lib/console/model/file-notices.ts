import { CsvWarnings } from '../../../lambdas/rows/csv-warnings.ts';
import type { Checking } from './flow.ts';
import { columnsOf, OMIT } from './mapping.ts';
import type { Sliced } from './slices.ts';
import { type CsvSource, lineNounOf } from './source.ts';

/** Number of rows between two pauses. */
const ROWS = 50;

/**
 * Returns warnings about cells of a CSV that are probably wrong but are sent unchanged. It pauses often, so that a page
 * can react meanwhile.
 */
export function* warningsOf({ source, names, procedure, readings, rows }: Checking): Sliced<string[]> {
  if (source.format !== 'csv') return [];
  const columns = columnsOf(names, procedure, readings);
  const warnings = new CsvWarnings(source.head.headers, columns, lineNounOf(source));
  for (const [position, row] of rows.entries()) {
    warnings.take(row);
    if (position % ROWS === 0) yield;
  }
  return [...sheetNotices(source, names).filter(isWarning), ...warnings.messages()];
}

/** Returns how the cells of a sheet were read, of the columns that are sent. */
export function sheetReadingsOf({ source, names }: Checking): string[] {
  return source.format === 'csv' ? sheetNotices(source, names).filter((notice) => !isWarning(notice)) : [];
}

function sheetNotices({ sheet }: CsvSource, names: readonly string[]): string[] {
  if (sheet === undefined) return [];
  return [...sheet.notices, ...sheet.readings.filter((_, position) => names[position] !== OMIT).flat()];
}

/** What a user has to look at, unlike what was read how. */
function isWarning(notice: string): boolean {
  return /^(?:Warning: |Hidden |Rows that a filter hides)/.test(notice);
}
