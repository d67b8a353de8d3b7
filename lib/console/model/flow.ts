import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { CLEAR_MARKER } from '../../../lambdas/rows/csv-item.ts';
import { CsvWarnings } from '../../../lambdas/rows/csv-warnings.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { Entry, ProcedureView } from '../../client/index.ts';
import { type ColumnGuess, columnsOf, guessMapping } from './mapping.ts';
import type { SentJob } from './send.ts';
import { type ChosenSource, rowsOf } from './source.ts';

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
}

interface Chosen {
  choice: Choice;
  procedure: ProcedureView;
  source: ChosenSource;
  /** What the API calls each column of a CSV. */
  names: string[];
  guesses: ColumnGuess[];
  clearMarker: string;
}

export interface Mapping extends Chosen {
  step: 'map';
}

interface Checked extends Chosen {
  rows: Row[];
  /** Results of the dry run so far, in the order of the rows. */
  rowChecks: Entry[];
  /** The error that stopped the dry run. */
  error?: unknown;
}

export interface Checking extends Checked {
  step: 'check';
}

export interface Sending extends Checked {
  step: 'send';
  jobs: SentJob[];
  /** Changes the idempotency keys, so that the same rows are sent again. */
  salt?: string;
  /** Whether requests are running. */
  isBusy: boolean;
}

export type Action =
  | { type: 'chosen'; choice: Choice; procedure: ProcedureView; source: ChosenSource }
  | { type: 'renamed'; position: number; name: string }
  | { type: 'clear marker'; text: string }
  | { type: 'mapped'; rows: Row[] }
  | { type: 'tried'; entries: Entry[] }
  | { type: 'try again' }
  | { type: 'send'; salt?: string }
  | { type: 'sent'; job: SentJob }
  | { type: 'all sent' }
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
function chosen({ choice, procedure, source }: Extract<Action, { type: 'chosen' }>): Flow {
  const guesses = source.format === 'csv' ? guessMapping(source.head.headers, procedure) : [];
  const names = guesses.map(({ name }) => name);
  const all = { choice, procedure, source, guesses, names, clearMarker: CLEAR_MARKER };
  return source.format === 'csv'
    ? { ...all, step: 'map' }
    : { ...all, step: 'check', rows: source.rows, rowChecks: [] };
}

function whileMapping(flow: Mapping, action: Action): Flow {
  switch (action.type) {
    case 'renamed':
      return { ...flow, names: flow.names.with(action.position, action.name) };
    case 'clear marker':
      return { ...flow, clearMarker: action.text };
    case 'mapped':
      return { ...flow, step: 'check', rows: action.rows, rowChecks: [] };
    case 'back':
      return { step: 'choose', choice: flow.choice };
    default:
      return flow;
  }
}

function whileChecking(flow: Checking, action: Action): Flow {
  const { error: _error, ...unbroken } = flow;
  switch (action.type) {
    case 'tried':
      return { ...flow, rowChecks: [...flow.rowChecks, ...action.entries] };
    case 'try again':
      return { ...unbroken, rowChecks: [] };
    case 'failed':
      return { ...flow, error: action.error };
    case 'send':
      return { ...unbroken, step: 'send', jobs: [], isBusy: true };
    case 'back': {
      const { rows: _rows, rowChecks: _rowChecks, ...before } = unbroken;
      return flow.source.format === 'csv'
        ? { ...before, step: 'map' }
        : { step: 'choose', choice: flow.choice };
    }
    default:
      return flow;
  }
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
export function warningsOf({ source, names, procedure, rows }: Checking): string[] {
  if (source.format !== 'csv') return [];
  const warnings = new CsvWarnings(source.head.headers, columnsOf(names, procedure));
  for (const row of rows) warnings.take(row);
  return warnings.messages();
}

/**
 * Returns the mapped rows as items.
 * @throws FileError with the rows that cannot be sent
 */
export function mappedRows({ source, names, procedure, clearMarker }: Mapping): Row[] {
  return rowsOf(source, columnsOf(names, procedure), clearMarker);
}
