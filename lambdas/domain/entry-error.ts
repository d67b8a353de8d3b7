import { ENTRY_ERROR_MESSAGES, type EntryErrorCode, type ErrorBody } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { quote } from '../contract/values.ts';
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
 * The error for one fault of a precondition.
 * @param item - as it was sent
 */
export function faultError({ of, name, stored }: Fault, index: number, item: unknown): ErrorBody {
  const path = name.startsWith('data.') ? ['data', name.slice('data.'.length)] : [name];
  const field = quote(path.at(-1));
  const expected = ['expect', ...path].reduce(memberOf, item);
  return {
    code: 'PRECONDITION_FAILED',
    message:
      of === 'expect'
        ? `${field} is ${stored}, not ${quote(expected ?? null)}.`
        : `A newer update has set ${field}: it is ${stored}.`,
    pointer: jsonPointer(
      'processes',
      index,
      ...(of === 'expect' ? ['expect', ...path] : updatePath(item, ...path)),
    ),
  };
}

/** The path to a field of an item's update, wrapped or flat. */
export function updatePath(item: unknown, ...path: readonly string[]): string[] {
  return isObject(item) && Object.hasOwn(item, 'update') ? ['update', ...path] : [...path];
}

function memberOf(parent: unknown, name: string): unknown {
  return isObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
}
