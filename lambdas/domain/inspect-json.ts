import { createScanner } from 'jsonc-parser';
import { MAX_JSON_LEVELS } from '../contract/attribute-types.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { isNestedBeyond } from '../contract/json-levels.ts';
import { EXACT_NUMBERS, isExactNumber } from '../contract/numbers.ts';
import { quote, truncate } from '../contract/values.ts';
import type { TextErrors } from './check-item.ts';
import { memberPointer, type Pointer, ROOT } from './json-pointer.ts';
import { RequestError } from './request-error.ts';

/** The body, "processes", the item, "update" and "data", in which the value of an attribute stands. */
const LEVELS_OF_FRAME = 5;
/** An item that is nested a little too deeply is told so as an invalid entry; the others of its request go on. */
const RESERVE = 5;
/**
 * Deeper bodies are refused: parsing keeps up to a hundred bytes for each level, and whoever scans, checks or
 * writes a value goes through all of its levels.
 */
export const MAX_LEVELS = LEVELS_OF_FRAME + MAX_JSON_LEVELS + RESERVE;

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

/** How a number is written, as in `1.50`: no fault, but the item is shown as it was sent. */
interface Spelling extends Place {
  code: 'SPELLING';
}

/** An object or array that the scan is inside of. */
class Level {
  /** The keys so far of an object; undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** Where the present member of an array begins. */
  start: number;
  readonly #place: () => Pointer;
  /** The key or index of the present member. */
  #member: string | number = 0;
  /** Made once for each member, since a hundred thousand faults may stand below it. */
  #pointer: Pointer | undefined;

  constructor(isObject: boolean, start: number, place: () => Pointer) {
    this.keys = isObject ? new Set() : undefined;
    this.start = start;
    this.#place = place;
  }

  get member(): string | number {
    return this.#member;
  }

  set member(member: string | number) {
    this.#member = member;
    this.#pointer = undefined;
  }

  /** The way to the present member. */
  pointer(): Pointer {
    this.#pointer ??= memberPointer(this.#place(), this.#member);
    return this.#pointer;
  }
}

/**
 * Checks how deeply a text is nested, before it is parsed.
 *
 * @param text - JSON, valid or not
 * @throws RequestError 400 when it is nested too deeply
 */
export function checkLevels(text: string): void {
  if (isNestedBeyond(text, MAX_LEVELS)) throw tooDeep();
}

/**
 * Finds what parsing a body `{ "processes": [ … ] }` would lose.
 *
 * @param text - valid JSON
 * @param onRounded - told of each number outside of the items that a double cannot hold
 * @returns for each item of which it loses something, by its index, what lists its errors, up to a number: only on
 *   demand, since the errors of all items together need not fit the memory
 * @throws RequestError 400 when a key outside of the items occurs twice
 */
export function inspectBody(
  text: string,
  onRounded: (error: ErrorBody) => void = () => {},
): Map<number, (maxListed: number) => TextErrors> {
  const items = new Map<number, (maxListed: number) => TextErrors>();
  for (const loss of losses(text, 0, ROOT)) {
    const [processes, item] = loss.open;
    if (processes?.member === 'processes' && item !== undefined) {
      const [index, start, place] = [Number(item.member), item.start, item.pointer()];
      if (!items.has(index)) items.set(index, (maxListed) => inspectItem(text, start, place, maxListed));
    } else if (loss.code === 'DUPLICATE_KEY') {
      const { message, pointer } = errorOf(loss, ROOT);
      throw new RequestError(loss.code, message, { pointer });
    } else if (loss.code === 'NUMBER_NOT_EXACT') {
      onRounded(errorOf(loss, ROOT));
    }
  }
  return items;
}

function inspectItem(text: string, start: number, place: Pointer, maxListed: number): TextErrors {
  const listed: ErrorBody[] = [];
  let more = 0;
  const found = losses(text, start, place);
  let next = found.next();
  for (; next.done !== true; next = found.next()) {
    if (next.value.code === 'SPELLING') continue;
    if (listed.length < maxListed) listed.push(errorOf(next.value, place));
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
 * @param place - of the value
 * @returns where the value ends
 */
function* losses(text: string, start: number, place: Pointer): Generator<Fault | Spelling, number> {
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
      isKeyNext = first === '{';
      open.push(new Level(isKeyNext, offset + 1, () => level?.pointer() ?? place));
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
      else if (String(Number(written)) !== written) yield { code: 'SPELLING', written, open };
    }
  } while (open.length > 0);
  return scanner.getPosition();
}

/** @param place - of the value that was scanned, which may be a number itself */
function errorOf({ code, written, open }: Fault, place: Pointer): ErrorBody {
  const message =
    code === 'DUPLICATE_KEY'
      ? `The key ${quote(written)} occurs twice. Send it once.`
      : `The number ${truncate(written)} cannot be kept exactly: ${EXACT_NUMBERS}. Send one of these, or a string where the attribute is one.`;
  return { code, message, pointer: (open.at(-1)?.pointer() ?? place).text };
}

function tooDeep(): RequestError {
  const message = `The body is nested more than ${MAX_LEVELS} levels deep. The value of an attribute may have ${MAX_JSON_LEVELS} levels; flatten it, or send it as text.`;
  return new RequestError('MALFORMED_BODY', message);
}
