import { ENTRY_ERROR_MESSAGES, type EntryErrorCode, type ErrorBody } from '../contract/errors.ts';
import { jsonPointer } from './json-pointer.ts';

/**
 * The error that an entry shows which ended in `ERROR`.
 * @param path - the place in the item, when it is not the item as a whole
 */
export function entryError(code: EntryErrorCode, index: number, path: readonly string[] = []): ErrorBody {
  return { code, message: ENTRY_ERROR_MESSAGES[code], pointer: jsonPointer('processes', index, ...path) };
}
