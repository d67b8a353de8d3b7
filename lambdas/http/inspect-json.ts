import { type JSONPath, visit } from 'jsonc-parser';
import type { ApiError } from '../domain/errors.ts';
import { jsonPointer } from '../domain/json-pointer.ts';
import { isExactNumber, quote } from '../domain/values.ts';

/**
 * Finds what parsing would lose without a word: all but the last of duplicate keys, and digits of numbers
 * that a double cannot hold.
 *
 * @param text - valid JSON
 * @returns an error each, with the path to its place
 * @throws RangeError when the text is nested more deeply than the call stack allows, about 3,000 levels
 */
export function inspectJson(text: string): { path: JSONPath; error: ApiError }[] {
  const found: { path: JSONPath; error: ApiError }[] = [];
  const keysOfOpenObjects: Set<string>[] = [];
  const report = (code: 'DUPLICATE_KEY' | 'NUMBER_NOT_EXACT', path: JSONPath, message: string) =>
    found.push({ path, error: { code, message, pointer: jsonPointer(...path) } });

  visit(text, {
    onObjectBegin() {
      keysOfOpenObjects.push(new Set());
    },
    onObjectEnd() {
      keysOfOpenObjects.pop();
    },
    onObjectProperty(key, _offset, _length, _line, _character, pathSupplier) {
      const keys = keysOfOpenObjects.at(-1);
      if (keys?.has(key)) {
        report(
          'DUPLICATE_KEY',
          [...pathSupplier(), key],
          `The key ${quote(key)} occurs twice. Send it once.`,
        );
      }
      keys?.add(key);
    },
    onLiteralValue(value, offset, length, _line, _character, pathSupplier) {
      if (typeof value !== 'number') return;
      const written = text.slice(offset, offset + length);
      if (isExactNumber(written)) return;
      const shown = written.length > 60 ? `${written.slice(0, 60)}…` : written;
      const message = `The number ${shown} cannot be kept exactly: it has more digits than a JSON number carries. Send at most 15, or a string where the attribute is one.`;
      report('NUMBER_NOT_EXACT', pathSupplier(), message);
    },
  });
  return found;
}
