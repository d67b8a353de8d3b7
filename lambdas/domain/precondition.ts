import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';
import { truncate } from '../contract/values.ts';
import type { Change } from './change.ts';
import { clockOfValue, isOfSameJob, isOvertaken } from './clocks.ts';
import { type FieldName, type FieldValue, fieldValue } from './field.ts';
import type { PlannedFields } from './planned-fields.ts';
import { valueView } from './process.ts';
import { valueText } from './value-text.ts';

/** What a process must have for an update to be applied, validated and converted like an update; null for no value. */
export interface Expected {
  version?: number | null;
  state?: string | null;
  status?: string | null;
  assignedTo?: string | null;
  nextActionAt?: number | null;
  data?: Record<string, AttributeValue | null>;
}

/** A member of `expect`, one of `data` as `data.city`. */
export type ExpectedName = 'version' | FieldName;

/** What an update is applied on, as a whole or not at all. */
export interface Precondition {
  expect?: Expected | undefined;
  /** Of an approved plan: what its fields had when it was planned. */
  planned?: PlannedFields | undefined;
}

export function hasPrecondition({ expect, planned }: Precondition): boolean {
  return expect !== undefined || planned !== undefined;
}

/**
 * Why a precondition failed: a member of `expect` that does not hold, a field that a newer update has set, or one that has
 * changed since the plan. Or what kept a process from being created: an attribute that its procedure requires.
 */
export interface Fault {
  of: 'expect' | 'update' | 'plan' | 'required';
  name: ExpectedName;
  /** The stored value as JSON, cut short. */
  stored: string;
}

/** Maximum number of characters of a stored value that a message repeats. */
const MAX_STORED_TEXT = 100;

/** The members of `expect`, each with the value that the process must have. */
export function membersOf({ data = {}, ...fields }: Expected): [ExpectedName, FieldValue][] {
  const attributes = Object.entries(data).map(([name, value]): [ExpectedName, FieldValue] => [
    `data.${name}`,
    value,
  ]);
  return [...(Object.entries(fields) as [ExpectedName, FieldValue][]), ...attributes];
}

/** The value that is stored for a member of `expect`; undefined for none, null where another system stores that. */
export function rawValue(process: Process, name: ExpectedName): unknown {
  return name === 'version' ? process.version : fieldValue(process, name);
}

/** All that keeps an update from being applied as a whole; nothing when it may be. */
export function faultsOf(
  process: Process,
  { expect = {}, planned = {} }: Precondition,
  changes: readonly Change[],
): Fault[] {
  const broken = membersOf(expect)
    .filter(([name, value]) => !isDeepStrictEqual(rawValue(process, name) ?? null, value))
    .map(([name]): Fault => ({ of: 'expect', name, stored: storedText(process, name) }));
  const fieldFaults = changes.flatMap(({ field, order }): Fault[] => {
    const stored = storedText(process, field);
    if (isOvertaken(process, field, order)) return [{ of: 'update', name: field, stored }];
    const text = planned[field];
    const isAsPlanned = text === undefined || text === valueText(fieldValue(process, field));
    // What an earlier item of the same plan has set was planned, too.
    return isAsPlanned || isOfSameJob(clockOfValue(process, field), order)
      ? []
      : [{ of: 'plan', name: field, stored }];
  });
  return [...broken, ...fieldFaults];
}

function storedText(process: Process, name: ExpectedName): string {
  const value = valueView(rawValue(process, name) ?? null);
  if (typeof value === 'string') return JSON.stringify(truncate(value, MAX_STORED_TEXT));
  return truncate(JSON.stringify(value), MAX_STORED_TEXT);
}
