import { type JSONPath, visit } from 'jsonc-parser';
import { MAX_ERRORS, type TextErrors } from '../domain/check-item.ts';
import { type ApiError, RequestError } from '../domain/errors.ts';
import { jsonPointer } from '../domain/json-pointer.ts';
import { EXACT_NUMBERS, isExactNumber } from '../domain/numbers.ts';
import { quote, shorten } from '../domain/values.ts';

/**
 * Deeper bodies are refused. Scanning and writing JSON recurse; so many levels take less than half of the
 * call stack that Node.js has by default.
 */
export const MAX_LEVELS = 1_500;

/** What parsing loses without a word: all but the last of duplicate keys, and digits that a double cannot hold. */
interface Fault {
  code: 'DUPLICATE_KEY' | 'NUMBER_NOT_EXACT';
  /** The key or number as it is written. */
  written: string;
  path: () => JSONPath;
}

interface Observer {
  onFault: (fault: Fault, levels: number) => void;
  onKey?: (key: string, levels: number) => void;
  /** Told of each bracket and comma: there one member ends or another begins. */
  onEdge?: (offset: number, levels: number) => void;
}

/**
 * Finds what parsing a body `{ "processes": [ … ] }` would lose.
 *
 * @param text - valid JSON
 * @returns for each item at fault, by its index, what lists its errors: only on demand, since the errors of
 *   all items together need not fit the memory
 * @throws RequestError 400 when a key outside of the items occurs twice, or the body is nested too deeply
 */
export function inspectBody(text: string): Map<number, () => TextErrors> {
  const items = new Map<number, () => TextErrors>();
  let place = '';
  let item = { index: -1, start: 0, isFaulty: false };
  scan(text, {
    onKey(key, levels) {
      if (levels === 1) place = key;
    },
    onEdge(offset, levels) {
      if (place !== 'processes' || levels !== 2) return;
      const { index, start, isFaulty } = item;
      if (isFaulty) items.set(index, () => inspectItem(text.slice(start, offset), index));
      item = { index: index + 1, start: offset + 1, isFaulty: false };
    },
    onFault(fault, levels) {
      if (place === 'processes' && levels >= 2) item.isFaulty = true;
      else if (fault.code === 'DUPLICATE_KEY') {
        const { message, pointer } = errorOf(fault);
        throw new RequestError(fault.code, message, pointer);
      }
    },
  });
  return items;
}

function inspectItem(text: string, index: number): TextErrors {
  const listed: ApiError[] = [];
  let more = 0;
  scan(text, {
    onFault(fault) {
      if (listed.length < MAX_ERRORS) listed.push(errorOf(fault, ['processes', index]));
      else more += 1;
    },
  });
  return { listed, more };
}

function scan(text: string, { onFault, onKey, onEdge }: Observer): void {
  /** The keys so far of each object that is open; none of an array. */
  const open: (Set<string> | undefined)[] = [];
  const begin = (keys: Set<string> | undefined, offset: number) => {
    if (open.length === MAX_LEVELS) throw tooDeep();
    open.push(keys);
    onEdge?.(offset, open.length);
  };
  const end = (offset: number) => {
    onEdge?.(offset, open.length);
    open.pop();
  };
  visit(text, {
    onObjectBegin: (offset) => begin(new Set(), offset),
    onObjectEnd: end,
    onArrayBegin: (offset) => begin(undefined, offset),
    onArrayEnd: end,
    onSeparator(character, offset) {
      if (character === ',') onEdge?.(offset, open.length);
    },
    onObjectProperty(key, _offset, _length, _line, _character, pathSupplier) {
      const keys = open.at(-1);
      if (keys?.has(key)) {
        onFault({ code: 'DUPLICATE_KEY', written: key, path: () => [...pathSupplier(), key] }, open.length);
      }
      keys?.add(key);
      onKey?.(key, open.length);
    },
    onLiteralValue(value, offset, length, _line, _character, path) {
      if (typeof value !== 'number') return;
      const written = text.slice(offset, offset + length);
      if (!isExactNumber(written)) onFault({ code: 'NUMBER_NOT_EXACT', written, path }, open.length);
    },
  });
}

function errorOf({ code, written, path }: Fault, place: JSONPath = []): ApiError {
  const message =
    code === 'DUPLICATE_KEY'
      ? `The key ${quote(written)} occurs twice. Send it once.`
      : `The number ${shorten(written)} cannot be kept exactly: ${EXACT_NUMBERS}. Send one of these, or a string where the attribute is one.`;
  return { code, message, pointer: jsonPointer(...place, ...path()) };
}

function tooDeep(): RequestError {
  const message = `The body is nested more than ${MAX_LEVELS} levels deep. An item needs at most 3 levels.`;
  return new RequestError('MALFORMED_BODY', message);
}
