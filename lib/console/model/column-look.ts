import type { Column, SentColumn } from '../../../lambdas/rows/column.ts';
import { ColumnProfile, type Proposal } from '../../../lambdas/rows/column-profile.ts';
import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import type { LineNoun } from '../../../lambdas/rows/lines.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import { ColumnReport } from '../../../lambdas/rows/reading-report.ts';
import type { Sliced } from './slices.ts';

/** What all cells of a column show. */
export interface ColumnLook {
  proposal: Proposal;
  /** What the reading does that is decided, or else proposed. */
  report: ColumnReport | undefined;
}

export interface LookOptions {
  header: string;
  position: number;
  /** What the number of a row counts. */
  noun: LineNoun;
  clearMarker: string;
  /** Whose names of months are tried. */
  locales: readonly string[];
  /** The time zone of a proposal, which the user confirms with it. */
  timeZone: string;
  /** What the column suggests, if its cells were looked at before. */
  known?: Proposal | undefined;
}

/** Number of cells between two pauses. */
const CELLS = 50;

/** Looks at all cells of a column. It pauses often, so that a page can react meanwhile. */
export function* lookAt(
  records: readonly CsvRecord[],
  column: SentColumn,
  decided: Reading | undefined,
  { header, position, noun, clearMarker, locales, timeZone, known }: LookOptions,
): Sliced<ColumnLook> {
  const proposal = known ?? (yield* propose(records, column, { position, clearMarker, locales }));
  const reading = decided ?? inZone(proposal.reading, column, timeZone);
  if (reading === undefined || Object.keys(reading).length === 0) return { proposal, report: undefined };
  const report = new ColumnReport(header, position, { ...column, reading }, reading, noun);
  yield* eachCell(records, position, clearMarker, (cell, line, isExact) => report.take(cell, line, isExact));
  return { proposal, report };
}

function* propose(
  records: readonly CsvRecord[],
  column: SentColumn,
  { position, clearMarker, locales }: Pick<LookOptions, 'position' | 'clearMarker' | 'locales'>,
): Sliced<Proposal> {
  const profile = new ColumnProfile(column, locales);
  yield* eachCell(records, position, clearMarker, (cell, _line, isExact) => profile.take(cell, isExact));
  return profile.propose();
}

/** Returns a proposal as the user confirms it: with the time zone of local times. */
export function inZone(reading: Reading | undefined, column: Column, timeZone: string): Reading | undefined {
  return reading?.date !== undefined && isMoment(column) ? { ...reading, timeZone } : reading;
}

/** Whether the cells of a column are moments, which need a time zone. */
export function isMoment(column: Column): boolean {
  if (column.is === 'field') return column.name === 'nextActionAt';
  return column.is === 'attribute' && ['datetime', 'datetimeISO8601'].includes(column.type);
}

function* eachCell(
  records: readonly CsvRecord[],
  position: number,
  clearMarker: string,
  take: (cell: string, line: number, isExact: boolean) => void,
): Sliced<void> {
  for (const [number, { record, line, exact }] of records.entries()) {
    const cell = record[position] ?? '';
    if (cell !== '' && cell !== clearMarker) take(cell, line, exact?.has(position) === true);
    if (number % CELLS === 0) yield;
  }
}
