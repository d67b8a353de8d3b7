import { stringify } from 'csv-stringify/sync';
import { type ColumnOptions, planColumns } from '../../lambdas/rows/csv-columns.ts';
import { separatorLine } from '../../lambdas/rows/csv-delimiter.ts';
import { failedColumns, needsByteOrderMark } from '../../lambdas/rows/csv-failed.ts';
import type { CellOptions } from '../../lambdas/rows/csv-format.ts';
import { csvRows, readHead, readSamples } from '../../lambdas/rows/csv-rows.ts';
import { CsvWarnings } from '../../lambdas/rows/csv-warnings.ts';
import { ERRORS, jsonRows, ndjsonRows, withErrors } from '../../lambdas/rows/json-rows.ts';
import { ReadingReport } from '../../lambdas/rows/reading-report.ts';
import { type FaultyRow, FileError, MAX_FAULTS, type Row, type RowError } from '../../lambdas/rows/row.ts';
import { rowNoun } from '../../lambdas/rows/row-noun.ts';
import { faultOf, remediesOf } from '../client/batches.ts';
import type { ProcedureView } from '../client/index.ts';
import { type Source, textOf } from './source.ts';

/** A file whose rows were checked to be items, and the format of its failed rows. */
export interface Input {
  /** Rows in the file. */
  total: number;
  /** Whether the rows are at lines: elements of a JSON array are not. */
  hasLines: boolean;
  /** Whether its rows have errors of an earlier run. */
  isOfFailed: boolean;
  /** What the user should know before anything is sent. Each is a sentence. */
  warnings: readonly string[];
  rows: () => AsyncGenerator<Row, void, void>;
  failed: FailedFormat;
}

export interface FailedFormat {
  extension: 'csv' | 'ndjson';
  head: string;
  lineOf: (row: Row, errors: readonly RowError[]) => string;
  /** Whether the file needs a byte order mark, by what was written into it. JSON never does (RFC 8259, 8.1). */
  needsMark: (rows: { isAscii: boolean }) => boolean;
}

export interface InputOptions extends ColumnOptions, CellOptions {
  /** Delimiter of a CSV. Default: detected. */
  delimiter?: string | undefined;
}

/** How rows are read. */
interface Format {
  rows: () => AsyncGenerator<Row | FaultyRow, void, void>;
  failed: FailedFormat;
  warnings?: CsvWarnings;
  readings?: ReadingReport;
}

/**
 * Reads a whole file before anything is sent, so that a file with an error is not sent in part.
 * @throws FileError with everything that is wrong with the file
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
    format.readings?.take(row);
  }
  faults.push(...(format.readings?.faults() ?? []));
  if (faults.length > 0) throw new FileError([...faults, ...remedies]);
  if (total === 0) throw new FileError(['The file has no items. Add a row.']);
  const warnings = [
    ...(format.readings?.messages() ?? []),
    ...(format.warnings?.messages() ?? (isOfFailed ? [OMITTED] : [])),
  ];
  const hasLines = source.format !== 'json';
  return { total, hasLines, isOfFailed, warnings, rows: () => sound(format, noun), failed: format.failed };
}

const OMITTED = `Omitted, as errors of an earlier run: "${ERRORS}".`;

/** Reads the rows again. They are valid unless the file has changed since the check. */
async function* sound({ rows }: Format, noun: string): AsyncGenerator<Row, void, void> {
  for await (const row of rows()) {
    if ('fault' in row)
      throw new FileError([`${noun} ${row.line} ${row.fault}. The file has changed: run the command again.`]);
    yield row;
  }
}

async function csv(source: Source, procedure: ProcedureView, options: InputOptions): Promise<Format> {
  const text = { beginning: source.beginning, read: () => textOf(source) };
  const head = await readHead(text, options.delimiter);
  const { headers, delimiter } = head;
  const samples = await readSamples(text, head);
  const columns = planColumns(headers, procedure, { ...options, samples });
  const { header, recordOf } = failedColumns(headers);
  const line = (cells: readonly string[]) => stringify([cells], { delimiter });
  return {
    rows: () => csvRows(text, head, columns, options),
    warnings: new CsvWarnings(headers, columns),
    readings: new ReadingReport(headers, columns, options.clearMarker),
    failed: {
      extension: 'csv',
      head: `${separatorLine(source.beginning, delimiter)}${line(header)}`,
      lineOf: ({ cells }, errors) => line(recordOf(cells, errors)),
      needsMark: (written) => needsByteOrderMark(source.encoding, written),
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
      needsMark: () => false,
    },
  };
}
