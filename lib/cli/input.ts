import { stringify } from 'csv-stringify/sync';
import { type ColumnOptions, planColumns } from '../../lambdas/rows/csv-columns.ts';
import { separatorLine } from '../../lambdas/rows/csv-delimiter.ts';
import { failedColumns } from '../../lambdas/rows/csv-failed.ts';
import type { CellOptions } from '../../lambdas/rows/csv-format.ts';
import { csvRows, readHead } from '../../lambdas/rows/csv-rows.ts';
import { CsvWarnings } from '../../lambdas/rows/csv-warnings.ts';
import { rowNoun } from '../../lambdas/rows/file-format.ts';
import { ERRORS, jsonRows, ndjsonRows, withErrors } from '../../lambdas/rows/json-rows.ts';
import { type FaultyRow, FileError, MAX_FAULTS, type Row, type RowError } from '../../lambdas/rows/row.ts';
import { faultOf, remediesOf } from '../client/batches.ts';
import type { ProcedureView } from '../client/index.ts';
import { type Source, textOf } from './source.ts';

/** A file whose rows are known to be items, and how those of them that failed are written. */
export interface Input {
  /** Rows in the file. */
  total: number;
  /** Whether its rows tell why they failed before. */
  isOfFailed: boolean;
  /** What the user should know before anything is sent, each a sentence. */
  warnings: readonly string[];
  rows: () => AsyncGenerator<Row, void, void>;
  failed: FailedFormat;
}

export interface FailedFormat {
  extension: 'csv' | 'ndjson';
  head: string;
  lineOf: (row: Row, errors: readonly RowError[]) => string;
  /** When the file begins with a byte order mark. JSON has none (RFC 8259, 8.1). */
  mark: 'always' | 'unless ASCII' | 'never';
}

export interface InputOptions extends ColumnOptions, CellOptions {
  /** What stands between the cells of a CSV; else it is found out. */
  delimiter?: string | undefined;
}

/** How rows are read. */
interface Format {
  rows: () => AsyncGenerator<Row | FaultyRow, void, void>;
  failed: FailedFormat;
  warnings?: CsvWarnings;
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
  const remedies = new Set<string>();
  let total = 0;
  let isOfFailed = false;
  for await (const row of format.rows()) {
    total += 1;
    const fault = faultOf(row);
    if (fault !== undefined) faults.push(`${noun} ${row.line} ${fault}.`);
    for (const remedy of remediesOf(row)) remedies.add(remedy);
    if (faults.length === MAX_FAULTS) break;
    if ('fault' in row) continue;
    isOfFailed ||= row.hadErrors === true;
    format.warnings?.take(row);
  }
  if (faults.length > 0) throw new FileError([...faults, ...remedies]);
  if (total === 0) throw new FileError(['It holds no items.']);
  const warnings = format.warnings?.messages() ?? (isOfFailed ? [LEFT_OUT] : []);
  return { total, isOfFailed, warnings, rows: () => sound(format, noun), failed: format.failed };
}

const LEFT_OUT = `Left out, as errors of an earlier run: "${ERRORS}".`;

/** The rows again; they were checked, unless someone writes to the file meanwhile. */
async function* sound({ rows }: Format, noun: string): AsyncGenerator<Row, void, void> {
  for await (const row of rows()) {
    if ('fault' in row) throw new FileError([`${noun} ${row.line} ${row.fault}: the file has changed.`]);
    yield row;
  }
}

async function csv(source: Source, procedure: ProcedureView, options: InputOptions): Promise<Format> {
  const text = { beginning: source.beginning, read: () => textOf(source) };
  const head = await readHead(text, options.delimiter);
  const { headers, delimiter } = head;
  const columns = planColumns(headers, procedure, options);
  const { header, recordOf } = failedColumns(headers);
  const line = (cells: readonly string[]) => stringify([cells], { delimiter });
  return {
    rows: () => csvRows(text, head, columns, options),
    warnings: new CsvWarnings(headers, columns),
    failed: {
      extension: 'csv',
      head: `${separatorLine(source.beginning, delimiter)}${line(header)}`,
      lineOf: ({ cells }, errors) => line(recordOf(cells, errors)),
      mark: source.encoding.hasMark ? 'always' : 'unless ASCII',
    },
  };
}

function json(source: Source): Format {
  return {
    rows: () => (source.format === 'ndjson' ? ndjsonRows : jsonRows)(textOf(source)),
    failed: {
      extension: 'ndjson',
      head: '',
      lineOf: ({ text }, errors) => `${withErrors(text, errors)}\n`,
      mark: 'never',
    },
  };
}
