import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { DryRunEntry } from '../../client/index.ts';
import type { ChosenSource, CsvSource } from './source.ts';

/** What would happen to a row, with the fields that would change. */
export type RowEntry = DryRunEntry;

/** Cells that replace those of the file, by the position of their row. */
export type Corrections = ReadonlyMap<number, readonly string[]>;

/** The rows, and what is known of them. */
export interface CheckState {
  rows: Row[];
  /** What would happen to each row. Those of the first check come in their order; rows that are checked again have none. */
  rowChecks: readonly RowEntry[];
  /** Positions of the rows to check, in their order. */
  pending: readonly number[];
  /** Corrections that are not checked yet. */
  corrections: Corrections;
  /** Changes when the check has to begin again. */
  round: number;
}

/** A source with the corrections of its cells. */
export interface CorrectedSource {
  source: ChosenSource;
  /** Number of cells that differ from the file. */
  correctedCells: number;
}

const NONE: Corrections = new Map();

/** Begins the check of all rows. */
export function startCheck(rows: Row[]): CheckState {
  return { rows, rowChecks: [], pending: [...rows.keys()], corrections: NONE, round: 0 };
}

/** Begins the check of all rows anew, and keeps what is corrected. What was known of them holds no longer. */
export function checkAgain({ rows, corrections, round }: CheckState): CheckState {
  return { ...startCheck(rows), corrections, round: round + 1 };
}

/** Takes the results of the next rows to check. */
export function withEntries(
  { rowChecks, pending }: CheckState,
  entries: readonly RowEntry[],
): Pick<CheckState, 'rowChecks' | 'pending'> {
  const next = [...rowChecks];
  for (const [at, entry] of entries.entries()) {
    const position = pending[at];
    if (position !== undefined) next[position] = entry;
  }
  return { rowChecks: next, pending: pending.slice(entries.length) };
}

/** Takes other cells for a row, until they are checked. Cells that are as before are no correction. */
export function edited(
  { rows, corrections }: CheckState,
  position: number,
  cells: readonly string[],
): Pick<CheckState, 'corrections'> {
  const next = new Map(corrections);
  const before = rows[position]?.cells ?? [];
  if (cells.every((cell, column) => cell === before[column])) next.delete(position);
  else next.set(position, cells);
  return { corrections: next };
}

/** Returns the cells of a row as they are corrected. */
export function cellsAt({ rows, corrections }: CheckState, position: number): readonly string[] {
  return corrections.get(position) ?? rows[position]?.cells ?? [];
}

/** Replaces a cell in many rows, beside the corrections that there are. */
export function withReplaced(
  check: CheckState,
  positions: readonly number[],
  column: number,
  cell: string,
): Corrections {
  const next = new Map(check.corrections);
  for (const position of positions) next.set(position, cellsAt(check, position).with(column, cell));
  return next;
}

/** Returns the records of a CSV that are corrected, in their order. */
export function correctedRecords({ records }: CsvSource, corrections: Corrections): CsvRecord[] {
  return positionsOf(corrections).flatMap((position) => {
    const record = records[position];
    return record === undefined ? [] : [withCells(record, corrections.get(position) ?? [])];
  });
}

/** A cell that a person types is text, whatever the workbook had. */
function withCells({ record, exact, ...rest }: CsvRecord, cells: readonly string[]): CsvRecord {
  // Cells behind the columns have no text.
  const next = { ...rest, record: [...cells] };
  if (exact === undefined) return next;
  return { ...next, exact: new Set([...exact].filter((column) => cells[column] === record[column])) };
}

function positionsOf(corrections: Corrections): number[] {
  return [...corrections.keys()].sort((a, b) => a - b);
}

/** Puts corrections into the source. */
export function withCorrections(
  { source, correctedCells }: CorrectedSource,
  corrections: Corrections,
): CorrectedSource {
  if (source.format !== 'csv') return { source, correctedCells };
  const records = [...source.records];
  let changed = 0;
  for (const [position, cells] of corrections) {
    const record = records[position];
    if (record === undefined) continue;
    changed += cells.filter((cell, column) => cell !== (record.record[column] ?? '')).length;
    records[position] = withCells(record, cells);
  }
  return { source: { ...source, records }, correctedCells: correctedCells + changed };
}

/** Returns the corrections that were made since some were taken over. */
function without(all: Corrections, taken: Corrections): Corrections {
  return new Map([...all].filter(([position, cells]) => cells !== taken.get(position)));
}

/**
 * Takes corrections over, and puts their rows among those to check. What was known of them holds no longer.
 * @param correctedRows - their rows, in their order
 */
export function corrected(
  flow: CheckState & CorrectedSource,
  corrections: Corrections,
  correctedRows: readonly Row[],
): CheckState & CorrectedSource {
  const positions = positionsOf(corrections);
  const rows = [...flow.rows];
  const rowChecks = [...flow.rowChecks];
  for (const [at, row] of correctedRows.entries()) {
    const position = positions[at] ?? 0;
    rows[position] = row;
    delete rowChecks[position];
  }
  return {
    ...withCorrections(flow, corrections),
    rows,
    rowChecks,
    pending: [...new Set([...flow.pending, ...positions])].sort((a, b) => a - b),
    corrections: without(flow.corrections, corrections),
    round: flow.round + 1,
  };
}

/** Whether a row is sent: rows that would not be applied are not. */
function isSendable(entry: RowEntry | undefined): boolean {
  return entry?.completionStatus === 'SUCCESS';
}

/** Returns the rows that would be applied. Nothing is sent while rows are to be checked. */
export function sendableRows({ rows, rowChecks, pending, corrections }: CheckState): Row[] {
  if (pending.length > 0 || corrections.size > 0) return [];
  return rows.filter((_, position) => isSendable(rowChecks[position]));
}

/** Returns the check of the rows that are not sent, as if the file had no others. Undefined when all are sent. */
export function unsentRows<Check extends CheckState & CorrectedSource>(flow: Check): Check | undefined {
  const isLeft = (_: unknown, position: number) => !isSendable(flow.rowChecks[position]);
  const rows = flow.rows.filter(isLeft);
  if (rows.length === 0) return undefined;
  return {
    ...flow,
    source: sourceOf(flow.source, isLeft),
    rows,
    rowChecks: flow.rowChecks.filter(isLeft),
  };
}

function sourceOf(source: ChosenSource, isLeft: (each: unknown, position: number) => boolean): ChosenSource {
  return source.format === 'csv'
    ? { ...source, records: source.records.filter(isLeft) }
    : { ...source, rows: source.rows.filter(isLeft) };
}
