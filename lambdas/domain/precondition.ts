import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';
import { truncate } from '../contract/values.ts';
import { type Change, clockOf, type FieldName, type FieldValue, fieldValue } from './merge.ts';
import { valueView } from './process.ts';

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

/** Why a precondition failed: a member of `expect` that does not hold, or a field that a newer update has set. */
export interface Fault {
  of: 'expect' | 'update';
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
export function faultsOf(process: Process, expected: Expected, changes: readonly Change[]): Fault[] {
  const broken = membersOf(expected)
    .filter(([name, value]) => !isDeepStrictEqual(rawValue(process, name) ?? null, value))
    .map(([name]): Fault => ({ of: 'expect', name, stored: storedText(process, name) }));
  const clocks = process.clocks ?? {};
  const newer = changes
    .filter(({ field, order }) => clockOf({ clocks }, field) > order)
    .map(({ field }): Fault => ({ of: 'update', name: field, stored: storedText(process, field) }));
  return [...broken, ...newer];
}

function storedText(process: Process, name: ExpectedName): string {
  const value = valueView(rawValue(process, name) ?? null);
  if (typeof value === 'string') return JSON.stringify(truncate(value, MAX_STORED_TEXT));
  return truncate(JSON.stringify(value), MAX_STORED_TEXT);
}
