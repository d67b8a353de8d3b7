import { stringify } from 'csv-stringify/sync';
import type { ProcedureView } from '../client.ts';
import { faultOf, MAX_FAULTS } from './batches.ts';
import { charactersOf } from './characters.ts';
import { type ColumnOptions, planColumns } from './csv-columns.ts';
import { failedColumns } from './csv-format.ts';
import { csvRows, readHead } from './csv-rows.ts';
import { rowNoun } from './file-format.ts';
import { jsonRows, ndjsonRows, withErrors } from './json-rows.ts';
import { type FaultyRow, FileError, type Row, type RowError } from './row.ts';
import { bytesOf, type Source } from './source.ts';

/** A file whose rows are known to be items, and how those of them that failed are written. */
export interface Input {
  /** Rows in the file. */
  total: number;
  rows: () => AsyncGenerator<Row, void, void>;
  failed: FailedFormat;
}

export interface FailedFormat {
  extension: 'csv' | 'ndjson';
  head: string;
  lineOf: (row: Row, errors: readonly RowError[]) => string;
}

export interface InputOptions extends ColumnOptions {
  /** The cell that clears a field. */
  clearMarker: string;
}

/** How rows are read. */
interface Format {
  rows: () => AsyncGenerator<Row | FaultyRow, void, void>;
  failed: FailedFormat;
}

/**
 * Reads a file once, so that nothing is sent of one that is broken somewhere.
 * @throws FileError with what is wrong with it
 */
export async function openInput(
  source: Source,
  procedure: ProcedureView,
  options: InputOptions,
): Promise<Input> {
  const format = source.format === 'csv' ? await csv(source, procedure, options) : json(source);
  const noun = rowNoun(source.format);
  const faults: string[] = [];
  let total = 0;
  for await (const row of format.rows()) {
    total += 1;
    const fault = faultOf(row);
    if (fault !== undefined) faults.push(`${noun} ${row.line} ${fault}.`);
    if (faults.length === MAX_FAULTS) break;
  }
  if (faults.length > 0) throw new FileError(faults);
  if (total === 0) throw new FileError(['It holds no items.']);
  return { total, rows: () => sound(format, noun), failed: format.failed };
}

/** The rows again; they were checked, unless someone writes to the file meanwhile. */
async function* sound({ rows }: Format, noun: string): AsyncGenerator<Row, void, void> {
  for await (const row of rows()) {
    if ('fault' in row) throw new FileError([`${noun} ${row.line} ${row.fault}: the file has changed.`]);
    yield row;
  }
}

async function csv(
  source: Source,
  procedure: ProcedureView,
  { clearMarker, ...options }: InputOptions,
): Promise<Format> {
  const head = await readHead(source);
  const { headers, delimiter } = head;
  const columns = planColumns(headers, procedure, options);
  const { header, recordOf } = failedColumns(headers);
  return {
    rows: () => csvRows(source, head, columns, clearMarker),
    failed: {
      extension: 'csv',
      head: stringify([header], { delimiter }),
      lineOf: ({ cells }, errors) => stringify([recordOf(cells, errors)], { delimiter }),
    },
  };
}

function json(source: Source): Format {
  const isLines = source.format === 'ndjson';
  return {
    rows: () => {
      const text = charactersOf(bytesOf(source));
      return isLines ? ndjsonRows(text) : jsonRows(text);
    },
    failed: {
      extension: 'ndjson',
      head: '',
      lineOf: ({ text }, errors) => `${withErrors(text, errors)}\n`,
    },
  };
}
