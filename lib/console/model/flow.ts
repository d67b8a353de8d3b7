import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import type { ColumnGuess } from '../../../lambdas/rows/column-guess.ts';
import type { Reading } from '../../../lambdas/rows/reading.ts';
import type { Row } from '../../../lambdas/rows/row.ts';
import type { Creates } from '../../client/creates.ts';
import type { ProcedureView, Safeguards } from '../../client/index.ts';
import {
  type CheckState,
  type CorrectedSource,
  type Corrections,
  checkAgain,
  corrected,
  edited,
  type RowEntry,
  sendableRows,
  startCheck,
  unsentRows,
  withCorrections,
  withEntries,
} from './checking.ts';
import type { SentJob } from './send.ts';
import type { ChosenSource, ReadOptions } from './source.ts';

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
  /** Whether rows may create their process. */
  creates?: Creates | undefined;
}

/** What the columns of a CSV mean, and how their cells are read. */
export interface ColumnMapping {
  /** What the API calls each column. */
  names: string[];
  guesses: ColumnGuess[];
  /** How the cells of a column are read, as the user has decided it, by its position. Empty for as they are. */
  readings: ReadonlyMap<number, Reading>;
  /** Whether the mapping is that of the last file with the same columns. */
  isRemembered: boolean;
  clearMarker: string;
}

export interface Chosen extends CorrectedSource, ColumnMapping {
  choice: Choice;
  procedure: ProcedureView;
}

export interface Mapping extends Chosen {
  step: 'map';
}

export interface Checking extends Chosen, CheckState {
  step: 'check';
  /** Whether the user wants to save the rows as a plan. */
  isPlan?: boolean;
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
  /** What keeps the other rows from being applied when too many fail. */
  safeguards?: Safeguards;
  /** Whether the rows are saved as plans, which are applied when they are approved. */
  isPlan?: boolean;
  /** Whether they have stopped a job, so that the rows after it were not sent. */
  isAborted?: boolean;
  /** Whether requests are running. */
  isBusy: boolean;
}

export type Action =
  | {
      type: 'chosen';
      choice: Choice;
      procedure: ProcedureView;
      source: ChosenSource;
      mapping: ColumnMapping;
    }
  | { type: 'renamed'; position: number; name: string }
  | { type: 'read'; readings: ReadonlyMap<number, Reading> }
  | { type: 'forget'; mapping: ColumnMapping }
  | { type: 'clear marker'; text: string }
  | { type: 'mapped'; rows: Row[] }
  | { type: 'edited'; position: number; cells: readonly string[] }
  | { type: 'corrected'; corrections: Corrections; rows: readonly Row[] }
  | { type: 'tried'; entries: readonly RowEntry[] }
  | { type: 'try again' }
  | { type: 'creates'; creates: Creates | undefined }
  | { type: 'way'; isPlan: boolean }
  | { type: 'send'; salt?: string; safeguards?: Safeguards; isPlan?: boolean }
  | { type: 'sent'; job: SentJob }
  | { type: 'aborted' }
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
function chosen({ choice, procedure, source, mapping }: Extract<Action, { type: 'chosen' }>): Flow {
  const all = { choice, procedure, source, ...mapping, correctedCells: 0 };
  return source.format === 'csv'
    ? { ...all, step: 'map' }
    : { ...all, step: 'check', ...startCheck(source.rows) };
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
      return { ...flow, ...action.mapping };
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
    case 'creates':
      return { ...unbroken, ...checkAgain(flow), choice: { ...flow.choice, creates: action.creates } };
    case 'way':
      return { ...flow, isPlan: action.isPlan };
    case 'send': {
      const rows = sendableRows(flow);
      if (rows.length === 0) return flow;
      const how = definedOf({ safeguards: action.safeguards, isPlan: action.isPlan });
      const unsent = unsentRows(unbroken);
      return { ...chosenOf(flow), step: 'send', rows, unsent, ...how, jobs: [], isBusy: true };
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
    case 'aborted':
      return { ...flow, isAborted: true };
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
        ...definedOf({ salt: action.salt, isAborted: unbroken.isAborted && false }),
        jobs: [],
        isBusy: true,
      };
    default:
      return flow;
  }
}
