import type { EntryErrorCode, ErrorBody } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { parseAsWritten } from '../contract/numbers.ts';
import { withHint } from '../contract/unseen.ts';
import type { Entry, PlannedEntry } from '../contract/views.ts';
import { entryError, faultError, updatePath } from './entry-error.ts';
import type { StoredJob } from './job.ts';
import { isDiscarded } from './plan.ts';
import { endedStatus, type FoldedResult, type Result } from './results.ts';
import type { SubmittedEntry } from './submission.ts';

/** With these errors a process was found. */
const ERRORS_OF_A_PROCESS: readonly EntryErrorCode[] = [
  'PROCESS_DELETED',
  'PRIMARY_KEY_MISMATCH',
  'PRIMARY_KEY_IMMUTABLE',
  'PROCESS_TOO_LARGE',
  'PROCESS_NOT_WRITABLE',
  'PRECONDITION_FAILED',
  'STATE_NOT_ALLOWED',
];

/**
 * Where one entry stands: the same rule as the job's counts.
 * @param folded - its result, if it has one
 * @param plan - what was planned for it, if it was
 */
export function entryOf(
  job: StoredJob,
  index: number,
  submitted: SubmittedEntry,
  folded: FoldedResult | undefined,
  plan?: PlannedEntry,
): Entry {
  const identifier = identifierOf(submitted, job.primaryKey);
  const entry = (fields: Partial<Entry> & Pick<Entry, 'completionStatus'>): Entry => ({
    index,
    identifier,
    processId: null,
    outcome: null,
    errors: [],
    line: submitted.line ?? null,
    attempts: 0,
    completedAt: 0,
    ...fields,
    ...(plan && { plan }),
  });
  if (submitted.errors !== undefined) {
    return entry({ completionStatus: 'INVALID', errors: submitted.errors, completedAt: job.createdAt });
  }
  if (folded !== undefined) {
    const { result, attempts, completedAt } = folded;
    const processId = folded.processId ?? (isOfProcess(result) ? namedId(identifier) : null);
    const errors =
      'error' in result ? errorsOf(result, index, submitted, { primaryKey: job.primaryKey, plan }) : [];
    return entry({
      completionStatus: endedStatus(result),
      outcome: 'outcome' in result ? result.outcome : null,
      ...('outcome' in result && result.kept && { kept: [...result.kept] }),
      errors: errors.map((error) => hinting(error, identifier)),
      processId,
      attempts,
      completedAt,
    });
  }
  if (isDiscarded(job)) return entry({ completionStatus: 'CANCELLED', completedAt: job.stopped?.at ?? 0 });
  return entry({ completionStatus: 'NOT_STARTED' });
}

/** Each fault, where there are some; else the one error. */
function errorsOf(
  { error, faults = [] }: Extract<Result, { error: unknown }>,
  index: number,
  { item, text }: SubmittedEntry,
  { primaryKey, plan }: { primaryKey: string; plan: PlannedEntry | undefined },
): ErrorBody[] {
  if (faults.length === 0) return [entryError(error, index, placeOf(error, item, primaryKey))];
  const sent = text === undefined ? item : parseAsWritten(text);
  return faults.map((fault) => faultError(error, fault, index, sent, plan));
}

/** A process that is not found may only look as if it were named. */
function hinting(error: ErrorBody, identifier: Record<string, unknown>): ErrorBody {
  if (error.code !== 'PROCESS_NOT_FOUND') return error;
  const names = Object.values(identifier).filter((name) => typeof name === 'string');
  return { ...error, message: withHint(error.message, ...names) };
}

/** Where in an item the fault is that its processing found; empty for the item as a whole. */
function placeOf(code: EntryErrorCode, item: unknown, primaryKey: string): string[] {
  if (code === 'PRECONDITION_FAILED')
    return isObject(item) && Object.hasOwn(item, 'expect') ? ['expect'] : [];
  return code === 'PRIMARY_KEY_IMMUTABLE' ? updatePath(item, 'data', primaryKey) : [];
}

function isOfProcess(result: Result): boolean {
  return 'outcome' in result || ('error' in result && ERRORS_OF_A_PROCESS.includes(result.error));
}

function namedId({ id }: Record<string, unknown>): string | null {
  return typeof id === 'string' ? id : null;
}

/** What an item names its process by, as sent: a number with the digits that it was written with. */
export function identifierOf(
  submitted: Pick<SubmittedEntry, 'item' | 'text' | 'key'>,
  primaryKey: string,
): Record<string, unknown> {
  const item = submitted.text === undefined ? submitted.item : parseAsWritten(submitted.text);
  if (typeof item !== 'object' || item === null) return {};
  const names = ['id', primaryKey].filter((name) => Object.hasOwn(item, name));
  // An item that creates its process may name it in its data.
  const { data } = item as Record<string, unknown>;
  if (names.length === 0 && submitted.key !== undefined && isObject(data) && Object.hasOwn(data, primaryKey))
    return { [primaryKey]: data[primaryKey] };
  return Object.fromEntries(names.map((name) => [name, (item as Record<string, unknown>)[name]]));
}
