import { createScanner } from 'jsonc-parser';
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

/** A place in the text where parsing loses something without a word. */
interface Place {
  /** The key or number as it is written. */
  written: string;
  /** The way to it. */
  open: readonly Level[];
}

/** All but the last of duplicate keys, and digits that a double cannot hold. */
interface Fault extends Place {
  code: 'DUPLICATE_KEY' | 'NUMBER_NOT_EXACT';
}

/** How a number is written, as in `1.50`: no fault, but where it names a process it is shown as it was sent. */
interface Spelling extends Place {
  code: 'SPELLING';
}

/** The levels around a member of an item: the body, its array and the item. */
const MEMBER_OF_ITEM = 3;

/** An object or array that the scan is inside of. */
interface Level {
  /** The keys so far of an object; none of an array. */
  keys: Set<string> | undefined;
  /** The key or index of the present member. */
  member: string | number;
  /** Where the present member of an array begins. */
  start: number;
}

/**
 * Finds what parsing a body `{ "processes": [ … ] }` would lose.
 *
 * @param text - valid JSON
 * @returns for each item of which it loses something, by its index, what lists its errors: only on demand, since the
 *   errors of all items together need not fit the memory
 * @throws RequestError 400 when a key outside of the items occurs twice, or the body is nested too deeply
 */
export function inspectBody(text: string): Map<number, () => TextErrors> {
  const items = new Map<number, () => TextErrors>();
  for (const loss of losses(text, 0)) {
    const [processes, item] = loss.open;
    if (processes?.member === 'processes' && item !== undefined) {
      const [index, start] = [Number(item.member), item.start];
      items.set(index, () => inspectItem(text, start, index));
    } else if (loss.code === 'DUPLICATE_KEY') {
      const { message, pointer } = errorOf(loss);
      throw new RequestError(loss.code, message, pointer);
    }
  }
  return items;
}

function inspectItem(text: string, start: number, index: number): TextErrors {
  const listed: ApiError[] = [];
  let more = 0;
  const found = losses(text, start);
  let next = found.next();
  for (; next.done !== true; next = found.next()) {
    if (next.value.code === 'SPELLING') continue;
    if (listed.length < MAX_ERRORS) listed.push(errorOf(next.value, ['processes', index]));
    else more += 1;
  }
  // Within a string a line break is always escaped.
  const item = text
    .slice(start, next.value)
    .trim()
    .replace(/[\n\r]+/g, ' ');
  return { listed, more, text: item };
}

/**
 * Finds what parsing loses of the JSON value that begins at an offset. Each is told of while the way to it is open.
 * @returns where the value ends
 */
function* losses(text: string, start: number): Generator<Fault | Spelling, number> {
  const scanner = createScanner(text, true);
  scanner.setPosition(start);
  const open: Level[] = [];
  let isKeyNext = false;
  do {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const level = open.at(-1);
    const first = text.charAt(offset);
    if (first === '{' || first === '[') {
      if (open.length === MAX_LEVELS) throw tooDeep();
      isKeyNext = first === '{';
      open.push({ keys: isKeyNext ? new Set() : undefined, member: 0, start: offset + 1 });
    } else if (first === '}' || first === ']') {
      open.pop();
    } else if (first === ',' && level !== undefined) {
      isKeyNext = level.keys !== undefined;
      if (typeof level.member === 'number') level.member += 1;
      level.start = offset + 1;
    } else if (isKeyNext && level?.keys !== undefined) {
      isKeyNext = false;
      const key = scanner.getTokenValue();
      level.member = key;
      if (level.keys.has(key)) yield { code: 'DUPLICATE_KEY', written: key, open };
      level.keys.add(key);
    } else if (first === '-' || (first >= '0' && first <= '9')) {
      const written = scanner.getTokenValue();
      if (!isExactNumber(written)) yield { code: 'NUMBER_NOT_EXACT', written, open };
      else if (open.length === MEMBER_OF_ITEM && String(Number(written)) !== written)
        yield { code: 'SPELLING', written, open };
    }
  } while (open.length > 0);
  return scanner.getPosition();
}

function errorOf({ code, written, open }: Fault, place: (string | number)[] = []): ApiError {
  const message =
    code === 'DUPLICATE_KEY'
      ? `The key ${quote(written)} occurs twice. Send it once.`
      : `The number ${shorten(written)} cannot be kept exactly: ${EXACT_NUMBERS}. Send one of these, or a string where the attribute is one.`;
  return { code, message, pointer: jsonPointer(...place, ...open.map(({ member }) => member)) };
}

function tooDeep(): RequestError {
  const message = `The body is nested more than ${MAX_LEVELS} levels deep. An item needs at most 3 levels.`;
  return new RequestError('MALFORMED_BODY', message);
}
