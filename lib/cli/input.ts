import { stringify } from 'csv-stringify/sync';
import { TOP_LEVEL_FIELDS } from '../../lambdas/contract/fields.ts';
import { type Column, isRead } from '../../lambdas/rows/column.ts';
import { type ColumnOptions, planColumns } from '../../lambdas/rows/csv-columns.ts';
import { SAMPLE_ROWS, separatorLine } from '../../lambdas/rows/csv-delimiter.ts';
import { exactAmong, failedColumns, needsByteOrderMark } from '../../lambdas/rows/csv-failed.ts';
import { type CellOptions, rowReader } from '../../lambdas/rows/csv-format.ts';
import { csvRows, readHead, readSamples } from '../../lambdas/rows/csv-rows.ts';
import { CsvWarnings } from '../../lambdas/rows/csv-warnings.ts';
import { ERRORS, jsonRows, ndjsonRows, withErrors } from '../../lambdas/rows/json-rows.ts';
import { ReadingReport } from '../../lambdas/rows/reading-report.ts';
import { type FaultyRow, FileError, MAX_FAULTS, type Row, type RowError } from '../../lambdas/rows/row.ts';
import { rowNoun } from '../../lambdas/rows/row-noun.ts';
import type { TableChoice, WorkbookTable } from '../../lambdas/rows/xlsx-table.ts';
import { faultOf, remediesOf } from '../client/batches.ts';
import type { ProcedureView } from '../client/index.ts';
import { type Source, type TextSource, textOf, unchanged, type WorkbookSource } from './source.ts';

/** A file whose rows were checked to be items, and the format of its failed rows. */
export interface Input {
  /** Of the file, as the user calls it. */
  name: string;
  /** Rows in the file. */
  total: number;
  /** What the number of a row counts. */
  noun: ReturnType<typeof rowNoun>;
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
  extension: 'csv' | 'xlsx' | 'ndjson';
  /** Writes the file. */
  content: (rows: AsyncIterable<FailedRow>) => AsyncIterable<string | Uint8Array>;
  /** Whether the file needs a byte order mark, by what was written into it. JSON never does (RFC 8259, 8.1). */
  needsMark: (rows: { isAscii: boolean }) => boolean;
}

export interface FailedRow {
  row: Row;
  errors: readonly RowError[];
}

export interface InputOptions extends ColumnOptions, CellOptions, TableChoice {
  /** Delimiter of a CSV. Default: detected. */
  delimiter?: string | undefined;
}

/** How rows are read. */
interface Format {
  rows: () => AsyncGenerator<Row | FaultyRow, void, void>;
  failed: FailedFormat;
  warnings?: Pick<CsvWarnings, 'take' | 'messages'>;
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
  const format = await formatOf(source, procedure, options);
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
    ...(format.warnings?.messages() ?? (isOfFailed ? [OMITTED] : [])),
    ...(format.readings?.messages() ?? []),
  ];
  const hasLines = source.format !== 'json';
  const rows = () => sound(format, noun);
  return { name: source.name, total, noun, hasLines, isOfFailed, warnings, rows, failed: format.failed };
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

function formatOf(source: Source, procedure: ProcedureView, options: InputOptions): Format | Promise<Format> {
  if (source.format === 'xlsx') return workbook(source, procedure, options);
  return source.format === 'csv' ? csv(source, procedure, options) : json(source);
}

async function csv(source: TextSource, procedure: ProcedureView, options: InputOptions): Promise<Format> {
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
      async *content(rows) {
        yield `${separatorLine(source.beginning, delimiter)}${line(header)}`;
        for await (const { row, errors } of rows) yield line(recordOf(row.cells, errors));
      },
      needsMark: (written) => needsByteOrderMark(source.encoding, written),
    },
  };
}

async function workbook(
  source: WorkbookSource,
  procedure: ProcedureView,
  options: InputOptions,
): Promise<Format> {
  const { openTable, SheetNotices, workbookOf } = await import('../../lambdas/rows/xlsx.ts');
  const table = await openTable(source.workbook, { ...options, names: knownNames(procedure, options) });
  const { headers } = table.head;
  const samples: string[][] = [];
  for await (const { record } of unchanged(table.records())) if (samples.push(record) === SAMPLE_ROWS) break;
  const columns = plannedColumns(table, procedure, { ...options, samples, isSheet: true });
  const rowOf = rowReader(table.head, columns, { ...options, padShortRows: true });
  const warnings = new CsvWarnings(headers, columns, 'row');
  let notices = new SheetNotices(table.headerRow);
  const { header, recordOf, kept } = failedColumns(headers);
  return {
    async *rows() {
      notices = new SheetNotices(table.headerRow);
      for await (const record of unchanged(table.records(notices))) yield rowOf(record);
    },
    warnings: {
      take: (row) => warnings.take(row),
      messages: () => [
        ...choiceNotices(source, table, options),
        ...notices.messages(headers, (position) => isRead(columns[position])),
        ...warnings.messages(),
      ],
    },
    readings: new ReadingReport(headers, columns, options.clearMarker, 'row'),
    failed: {
      extension: 'xlsx',
      content: (rows) =>
        workbookOf(
          table.sheet.name,
          (async function* () {
            yield { cells: header };
            for await (const { row, errors } of rows)
              yield { cells: recordOf(row.cells, errors), exact: exactAmong(kept, row.exact) };
          })(),
        ),
      needsMark: () => false,
    },
  };
}

/** Returns the names that columns have if they mean what they are called, or that the user gives them. */
function knownNames({ attributes, primaryKey }: ProcedureView, { key, map }: ColumnOptions): Set<string> {
  const own = [...(map?.keys() ?? []), ...(key === undefined ? [] : [key])];
  return new Set(['id', primaryKey, ...TOP_LEVEL_FIELDS, ...Object.keys(attributes), ...own]);
}

/** Plans the columns of a sheet, and tells which row names them where that was guessed. */
function plannedColumns(table: WorkbookTable, procedure: ProcedureView, options: InputOptions): Column[] {
  try {
    return planColumns(table.head.headers, procedure, options);
  } catch (error) {
    if (!(error instanceof FileError) || options.headerRow !== undefined) throw error;
    const { sheet, headerRow } = table;
    throw new FileError([
      ...error.faults,
      `The columns are those of row ${headerRow} of the sheet "${sheet.name}". Choose others with --sheet and --header-row.`,
    ]);
  }
}

/** Tells which sheet and which row were chosen for the user. */
function choiceNotices({ workbook }: WorkbookSource, table: WorkbookTable, options: InputOptions): string[] {
  const others = workbook.sheets.filter(({ name }) => name !== table.sheet.name);
  const names = others.map(({ name, isHidden }) => `"${name}"${isHidden ? ' (hidden)' : ''}`);
  return [
    ...(options.sheet === undefined && others.length > 0
      ? [`The sheet "${table.sheet.name}" is read, not ${names.join(', ')}. Choose another with --sheet.`]
      : []),
    ...(options.headerRow === undefined && table.rowsAbove > 0
      ? [`Row ${table.headerRow} names the columns. Choose another with --header-row.`]
      : []),
  ];
}

function json(source: TextSource): Format {
  return {
    rows: () => (source.format === 'ndjson' ? ndjsonRows : jsonRows)(textOf(source)),
    failed: {
      extension: 'ndjson',
      async *content(rows) {
        for await (const { row, errors } of rows) yield `${withErrors(row.text, errors)}\n`;
      },
      needsMark: () => false,
    },
  };
}
