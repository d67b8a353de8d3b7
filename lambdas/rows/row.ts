import { MAX_REQUEST_BYTES } from '../contract/limits.ts';
import { oneLine } from '../contract/printable.ts';

/** One item of a file. */
export interface Row {
  /** Line of the file where it begins, from 1. */
  line: number;
  /** The item as JSON. */
  text: string;
  /** Its cells in a CSV; empty for JSON. */
  cells: readonly string[];
  /** Positions of cells that are values of a workbook. */
  exact?: ReadonlySet<number>;
  /** Whether it has errors of an earlier run. */
  hadErrors?: boolean;
}

/** Says that something does not fit into a request, as the end of a sentence. */
export const TOO_LARGE = `is larger than the ${MAX_REQUEST_BYTES / 1_000_000} MB of a request`;

/** Maximum number of faults reported for one file. */
export const MAX_FAULTS = 20;

/** The faults of a file that is not sent. Each is a sentence, on a line of its own. */
export class FileError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const lines = faults.map(oneLine);
    super(lines.join('\n'));
    this.name = 'FileError';
    this.faults = lines;
  }
}

/** A row that cannot be sent. */
export interface FaultyRow {
  line: number;
  /** The end of a sentence. */
  fault: string;
  /** What to do. Each is a sentence that is shown once for all rows that have it. */
  remedies?: readonly string[];
}

/** Why a row failed. */
export interface RowError {
  code: string;
  message: string;
}
