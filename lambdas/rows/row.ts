import { oneLine } from '../contract/printable.ts';

/** One item of a file. */
export interface Row {
  /** Line of the file where it begins, from 1. */
  line: number;
  /** The item as JSON. */
  text: string;
  /** As it stood in a CSV; none in JSON. */
  cells: readonly string[];
  /** Whether it told why it had failed before. */
  hadErrors?: boolean;
}

/** So many rows that cannot be sent are told of one file. */
export const MAX_FAULTS = 20;

/** What is wrong with a file, so that nothing of it is sent. Every fault is a sentence and a line. */
export class FileError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const lines = faults.map(oneLine);
    super(lines.join('\n'));
    this.name = 'FileError';
    this.faults = lines;
  }
}

/** A row that cannot be read as one. */
export interface FaultyRow {
  line: number;
  /** The end of a sentence. */
  fault: string;
  /** What to do, each a sentence. It is told once for all rows that have it. */
  remedies?: readonly string[];
}

/** Why a row failed. */
export interface RowError {
  code: string;
  message: string;
}
