import { ENTRY_ERROR_MESSAGES, type EntryErrorCode, type ErrorBody } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { quote } from '../contract/values.ts';
import type { PlannedEntry } from '../contract/views.ts';
import { jsonPointer } from './json-pointer.ts';
import type { Fault } from './precondition.ts';

/**
 * The error that an entry shows which ended in `ERROR`.
 * @param path - the place in the item, when it is not the item as a whole
 */
export function entryError(code: EntryErrorCode, index: number, path: readonly string[] = []): ErrorBody {
  return { code, message: ENTRY_ERROR_MESSAGES[code], pointer: jsonPointer('processes', index, ...path) };
}

/**
 * The error for one fault of an entry.
 * @param item - as it was sent
 * @param plan - what was planned for it, if it was
 */
export function faultError(
  code: EntryErrorCode,
  { of, name, stored }: Fault,
  index: number,
  item: unknown,
  plan?: PlannedEntry,
): ErrorBody {
  const path = name.startsWith('data.') ? ['data', name.slice('data.'.length)] : [name];
  const place = of === 'expect' ? ['expect', ...path] : updatePath(item, ...path);
  const field = quote(path.at(-1));
  const sent = place.reduce(memberOf, item) ?? null;
  const messages = {
    expect: () => `${field} is ${stored}, not ${quote(sent)}.`,
    update: () => `A newer update has set ${field}: it is ${stored}.`,
    required: () => `${field} is missing, and no process is created without it. Add it to "data".`,
    plan: () => `${field} has changed since the plan: it is ${stored}${butNot(plan, name, sent)}.`,
  };
  return {
    code,
    message: messages[of](),
    pointer: jsonPointer('processes', index, ...place),
  };
}

/** What a field had when it was planned: where the plan changes nothing of it, what the update brings. */
function butNot(plan: PlannedEntry | undefined, name: string, sent: unknown): string {
  if (plan === undefined || plan.outcome === 'SUPERSEDED') return '';
  return `, not ${quote(Object.hasOwn(plan.before, name) ? plan.before[name] : sent)}`;
}

/** The path to a field of an item's update, wrapped or flat. */
export function updatePath(item: unknown, ...path: readonly string[]): string[] {
  return isObject(item) && Object.hasOwn(item, 'update') ? ['update', ...path] : [...path];
}

function memberOf(parent: unknown, name: string): unknown {
  return isObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
}
