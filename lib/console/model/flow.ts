import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { type ColumnGuess, guessColumns } from '../../../lambdas/rows/column-guess.ts';
import { CLEAR_MARKER } from '../../../lambdas/rows/csv-item.ts';
import { CsvWarnings } from '../../../lambdas/rows/csv-warnings.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { ProcedureView } from '../../client/index.ts';
import {
  type CheckState,
  type CorrectedSource,
  type Corrections,
  corrected,
  correctedRecords,
  edited,
  type RowEntry,
  sendableRows,
  startCheck,
  unsentRows,
  withCorrections,
  withEntries,
} from './checking.ts';
import { columnsOf, OMIT } from './mapping.ts';
import type { RememberedMapping } from './remembered.ts';
import type { SentJob } from './send.ts';
import { type ChosenSource, type CsvSource, lineNounOf, type ReadOptions, rowsOf } from './source.ts';

/** The state of sending a file. Each step keeps the state of the steps before it. */
export type Flow = Choosing | Mapping | Checking | Sending;

export interface Choosing {
  step: 'choose';
  /** The previous choice, for a user who goes back. */
  choice?: Choice;
}

/** The chosen file or text. */
export interface Choice {
  procedure: string;
  file: File | undefined;
  text: string;
  /** How the file is read. */
  reading?: ReadOptions;
}

export interface Chosen extends CorrectedSource {
  choice: Choice;
  procedure: ProcedureView;
  /** What the API calls each column of a CSV. */
  names: string[];
  guesses: ColumnGuess[];
  /** How the cells of a column are read, as the user has decided it, by its position. Empty for as they are. */
  readings: ReadonlyMap<number, Reading>;
  /** Whether the mapping is that of the last file with the same columns. */
  isRemembered: boolean;
  clearMarker: string;
}

export interface Mapping extends Chosen {
  step: 'map';
}

export interface Checking extends Chosen, CheckState {
  step: 'check';
  /** The error that stopped the dry run. */
  error?: unknown;
}

export interface Sending extends Chosen {
  step: 'send';
  /** The rows that are sent. */
  rows: Row[];
  /** The check of the rows that are not sent. */
  unsent: Checking | undefined;
  /** The error that stopped sending. */
  error?: unknown;
  jobs: SentJob[];
  /** Changes the idempotency keys, so that the same rows are sent again. */
  salt?: string;
  /** Whether requests are running. */
  isBusy: boolean;
}

export type Action =
  | {
      type: 'chosen';
      choice: Choice;
      procedure: ProcedureView;
      source: ChosenSource;
      /** The mapping of the last file with the same columns. */
      remembered?: RememberedMapping | undefined;
    }
  | { type: 'renamed'; position: number; name: string }
  | { type: 'read'; readings: ReadonlyMap<number, Reading> }
  | { type: 'forget' }
  | { type: 'clear marker'; text: string }
  | { type: 'mapped'; rows: Row[] }
  | { type: 'edited'; position: number; cells: readonly string[] }
  | { type: 'corrected'; corrections: Corrections; rows: readonly Row[] }
  | { type: 'tried'; entries: readonly RowEntry[] }
  | { type: 'try again' }
  | { type: 'send'; salt?: string }
  | { type: 'sent'; job: SentJob }
  | { type: 'all sent' }
  | { type: 'correct the rest' }
  | { type: 'failed'; error: unknown }
  | { type: 'back' }
  | { type: 'start again' };

export const START: Flow = { step: 'choose' };

/** Returns the flow after an action. An action of another step, such as a second click, changes nothing. */
export function flowAfter(flow: Flow, action: Action): Flow {
  if (action.type === 'start again') return START;
  switch (flow.step) {
    case 'choose':
      return action.type === 'chosen' ? chosen(action) : flow;
    case 'map':
      return whileMapping(flow, action);
    case 'check':
      return whileChecking(flow, action);
    case 'send':
      return whileSending(flow, action);
  }
}

/** Starts the mapping of a CSV, or the check of JSON, whose fields need no mapping. */
function chosen({ choice, procedure, source, remembered }: Extract<Action, { type: 'chosen' }>): Flow {
  const guessed = guessedMapping(source, procedure);
  const mapping = remembered === undefined ? guessed : { ...guessed, ...remembered, isRemembered: true };
  const all = { choice, procedure, source, ...mapping, clearMarker: CLEAR_MARKER, correctedCells: 0 };
  return source.format === 'csv'
    ? { ...all, step: 'map' }
    : { ...all, step: 'check', ...startCheck(source.rows) };
}

/** Number of rows by which the meaning of columns is guessed. */
const SAMPLES = 100;

/** Returns the mapping that the names and values of the columns suggest. */
function guessedMapping(
  source: ChosenSource,
  procedure: ProcedureView,
): Pick<Chosen, 'guesses' | 'names' | 'readings' | 'isRemembered'> {
  const guesses =
    source.format === 'csv'
      ? guessColumns(
          source.head.headers,
          procedure,
          source.records.slice(0, SAMPLES).map(({ record }) => record),
        )
      : [];
  return { guesses, names: guesses.map(({ name }) => name), readings: new Map(), isRemembered: false };
}

function whileMapping(flow: Mapping, action: Action): Flow {
  switch (action.type) {
    case 'renamed':
      return {
        ...flow,
        names: flow.names.with(action.position, action.name),
        readings: new Map([...flow.readings].filter(([position]) => position !== action.position)),
      };
    case 'read':
      return { ...flow, readings: new Map([...flow.readings, ...action.readings]) };
    case 'forget':
      return { ...flow, ...guessedMapping(flow.source, flow.procedure) };
    case 'clear marker':
      return { ...flow, clearMarker: action.text };
    case 'mapped':
      return { ...flow, step: 'check', ...startCheck(action.rows) };
    case 'back':
      return { step: 'choose', choice: flow.choice };
    default:
      return flow;
  }
}

function whileChecking(flow: Checking, action: Action): Flow {
  const { error: _error, ...unbroken } = flow;
  switch (action.type) {
    case 'edited':
      return { ...flow, ...edited(flow, action.position, action.cells) };
    case 'corrected':
      return { ...unbroken, ...corrected(unbroken, action.corrections, action.rows) };
    case 'tried':
      return { ...flow, ...withEntries(flow, action.entries) };
    // From the first row that is not checked.
    case 'try again':
      return { ...unbroken, round: flow.round + 1 };
    case 'failed':
      return { ...flow, error: action.error };
    case 'send': {
      const rows = sendableRows(flow);
      if (rows.length === 0) return flow;
      return { ...chosenOf(flow), step: 'send', rows, unsent: unsentRows(unbroken), jobs: [], isBusy: true };
    }
    case 'back':
      return flow.source.format === 'csv'
        ? { ...chosenOf({ ...flow, ...withCorrections(flow, flow.corrections) }), step: 'map' }
        : { step: 'choose', choice: flow.choice };
    default:
      return flow;
  }
}

function chosenOf({
  choice,
  procedure,
  source,
  names,
  guesses,
  readings,
  isRemembered,
  clearMarker,
  correctedCells,
}: Chosen): Chosen {
  return {
    ...{ choice, procedure, source, names, guesses, readings, isRemembered },
    ...{ clearMarker, correctedCells },
  };
}

function whileSending(flow: Sending, action: Action): Flow {
  const { error: _error, ...unbroken } = flow;
  switch (action.type) {
    case 'sent':
      return { ...flow, jobs: [...flow.jobs, action.job] };
    case 'all sent':
      return { ...flow, isBusy: false };
    case 'failed':
      return { ...flow, isBusy: false, error: action.error };
    case 'correct the rest':
      return flow.isBusy ? flow : (flow.unsent ?? flow);
    // From the first request. Accepted ones return their jobs.
    case 'send':
      if (flow.isBusy) return flow;
      return {
        ...unbroken,
        ...definedOf({ salt: action.salt }),
        jobs: [],
        isBusy: true,
      };
    default:
      return flow;
  }
}

/** Returns warnings about cells of a CSV that are probably wrong but are sent unchanged. */
export function warningsOf({ source, names, procedure, readings, rows }: Checking): string[] {
  if (source.format !== 'csv') return [];
  const columns = columnsOf(names, procedure, readings);
  const warnings = new CsvWarnings(source.head.headers, columns, lineNounOf(source));
  for (const row of rows) warnings.take(row);
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

/**
 * Returns the mapped rows as items.
 * @throws FileError with the rows that cannot be sent
 */
export function mappedRows({ source, names, procedure, readings, clearMarker }: Chosen): Row[] {
  return rowsOf(source, columnsOf(names, procedure, readings), clearMarker);
}

/**
 * Returns the rows of corrected cells, by the same rules as those of the file.
 * @throws FileError with the rows that cannot be sent
 */
export function correctedRows(flow: Checking, corrections: Corrections): Row[] {
  const { source } = flow;
  if (source.format !== 'csv') return [];
  return mappedRows({ ...flow, source: { ...source, records: correctedRecords(source, corrections) } });
}
