import { createScanner } from 'jsonc-parser';
import { getManyValues, type Many, none, toMany } from 'stream-chain/defs.js';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { MAX_REQUEST_BYTES } from '../contract/limits.ts';
import { linesOf, slicesOf } from './characters.ts';
import { holdsObjects } from './file-format.ts';
import { type FaultyRow, FileError, type Row, type RowError, TOO_LARGE } from './row.ts';

/** Member of an item with the errors of an earlier run. It is omitted when the item is sent again. */
export const ERRORS = '_errors';

/** Maximum depth of what is beside `processes`, as the parser keeps a stack of it. */
const MAX_FRAME_DEPTH = 1_000;

/** Text in chunks of any length. */
type Texts = AsyncIterable<string> | Iterable<string>;

/** Reads one item a line, and skips empty lines. Items stay as they are written, so that no number is rounded. */
export async function* ndjsonRows(texts: Texts): AsyncGenerator<Row | FaultyRow, void, void> {
  let number = 0;
  for await (const line of linesOf(texts)) {
    number += 1;
    if (line.trim() !== '') yield ndjsonRow(line.trim(), number);
  }
}

/**
 * Reads an item.
 * @param line - its text, without spaces around it
 * @param omitted - names of members that are not part of the item
 */
export function ndjsonRow(
  line: string,
  number: number,
  omitted: readonly string[] = [ERRORS],
): Row | FaultyRow {
  try {
    JSON.parse(line);
  } catch (error) {
    return { line: number, fault: `is not valid JSON: ${jsonFault(error)}` };
  }
  const text = withoutMembers(line, omitted);
  return { line: number, text, cells: [], hadErrors: text !== line };
}

/** Returns what a parser found wrong, without the text around it, which the user has. */
function jsonFault(error: unknown): string {
  const { message } = error as Error;
  const [fault = ''] = message.split(/, (?:\.\.\.)?"| in JSON at position /);
  const [, position] = / in JSON at position (\d{1,16})/.exec(message) ?? [];
  const where = position === undefined ? '' : ` at character ${Number(position) + 1}`;
  return `${fault.replace('Parser cannot parse input: ', '')}${where}`;
}

/** Removes members from an object in JSON; the others stay as they are written. */
export function withoutMembers(text: string, names: readonly string[]): string {
  if (!names.some((name) => text.includes(`"${name}"`))) return text;
  const members = membersOf(text);
  const kept = [...members.entries()].filter(([, { name }]) => !names.includes(name));
  const [first, last, lastKept] = [members[0], members.at(-1), kept.at(-1)];
  if (first === undefined || last === undefined) return text;
  // Whitespace and commas between members stay too.
  const parts = kept.map(([position, { start, end }]) =>
    text.slice(start, position === lastKept?.[0] ? end : members[position + 1]?.start),
  );
  return `${text.slice(0, first.start)}${parts.join('')}${text.slice(last.end)}`;
}

interface Member {
  name: string;
  start: number;
  end: number;
}

/** Finds the members of an object of any depth. @param text - valid JSON */
function membersOf(text: string): Member[] {
  const scanner = createScanner(text, true);
  const members: Member[] = [];
  let depth = 0;
  let isName = false;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const [start, end] = [scanner.getTokenOffset(), scanner.getPosition()];
    const token = text[start];
    if (token === '}' || token === ']') depth -= 1;
    if (depth === 1 && isName) members.push({ name: scanner.getTokenValue(), start, end });
    const member = members.at(-1);
    if (depth === 1 && token !== ',' && member !== undefined) member.end = end;
    if (token === '{' || token === '[') depth += 1;
    isName = depth === 1 && (token === '{' || token === ',');
    if (depth === 1 && token === '[') return [];
  }
  return members;
}

/** Adds errors to an item in JSON. */
export function withErrors(text: string, errors: readonly RowError[]): string {
  const told = errors.map(({ code, message }) => ({ code, message }));
  const item = text.trimEnd();
  // Only an object can have them.
  if (!item.endsWith('}')) return text;
  const isEmpty = /^\s*\{\s*\}$/.test(item);
  return `${item.slice(0, -1)}${isEmpty ? '' : ','}"${ERRORS}":${JSON.stringify(told)}}`;
}

/**
 * Reads the items of an array or of `{ "processes": [ … ] }` of any size, or objects one after the other. Their line
 * is their number.
 */
export async function* jsonRows(texts: Texts): AsyncGenerator<Row, void, void> {
  let reader = new ItemReader(false);
  let tokens = jsonParser({ streamValues: false });
  let isBegun = false;
  /** Characters in the parser, which keeps a text, a number or a name until it is complete. */
  let unread = 0;
  const rowsOf = function* (chunk: string | typeof none): Generator<Row, void, void> {
    unread += chunk === none ? 0 : (chunk as string).length;
    if (unread > MAX_REQUEST_BYTES) throw tooLarge(reader.items);
    for (const token of getManyValues(toMany(tokens(chunk as string) as Many<Token>))) {
      unread = 0;
      const item = reader.take(token);
      if (item === undefined) continue;
      const text = withoutMembers(item, [ERRORS]);
      yield { line: reader.items, text, cells: [], hadErrors: text !== item };
    }
  };
  let line = 1;
  try {
    for await (const text of texts) {
      if (!isBegun && holdsObjects(text)) {
        reader = new ItemReader(true);
        tokens = jsonParser({ streamValues: false, jsonStreaming: true });
      }
      isBegun ||= text.trim() !== '';
      // Line by line, to name the line that is not valid.
      for (const part of text.split(/(?<=\n)/)) {
        for (const slice of slicesOf(part)) yield* rowsOf(slice);
        if (part.endsWith('\n')) line += 1;
      }
    }
    yield* rowsOf(none);
  } catch (error) {
    if (error instanceof FileError || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new FileError([`Line ${line} is not valid JSON: ${jsonFault(error)}.`]);
  }
  if (reader.items === 0) {
    throw new FileError(['The file has no items. Send an array of items, or { "processes": [ … ] }.']);
  }
}

/** @param items - before the one that is too large */
function tooLarge(items: number): FileError {
  return new FileError([`Item ${items + 1} ${TOO_LARGE}. Shorten it.`]);
}

/** Joins the tokens of each item to text again, with the numbers as they are written. */
class ItemReader {
  /** Items so far. */
  items = 0;
  #depth = 0;
  /** The depth of items, while the reader is inside their array. */
  #itemDepth: number | undefined;
  #key: string | undefined;
  #texts: string[] = [];
  #length = 0;
  /** Whether a comma precedes the next token of the item. */
  #isBehind = false;

  /** @param holdsObjects - whether each value of the text is an item itself */
  constructor(holdsObjects: boolean) {
    this.#itemDepth = holdsObjects ? 0 : undefined;
  }

  /** Takes a token, and returns the item that it completes. */
  take(token: Token): string | undefined {
    const { name } = token;
    if (this.#itemDepth === undefined) this.#takeFrame(token);
    else if (name === 'endArray' && this.#depth === this.#itemDepth) {
      this.#itemDepth = undefined;
      this.#depth -= 1;
    } else {
      const isEnd = name === 'endObject' || name === 'endArray';
      const text = textOf(token);
      this.#texts.push(this.#isBehind && !isEnd ? `,${text}` : text);
      this.#length += text.length;
      if (this.#length > MAX_REQUEST_BYTES) throw tooLarge(this.items);
      this.#isBehind = depthOf(token) !== 1 && name !== 'keyValue';
      this.#depth += depthOf(token);
      if (this.#depth === this.#itemDepth) return this.#complete();
    }
    return undefined;
  }

  #takeFrame(token: Token): void {
    const holdsItems = this.#depth === 0 || (this.#depth === 1 && this.#key === 'processes');
    if (token.name === 'keyValue' && this.#depth === 1) this.#key = token.value;
    // It may be a safeguard, such as "dryRun" in "options": not following it would write what nobody wants.
    if (token.name === 'keyValue' && this.#depth === 1 && this.#key !== 'processes') {
      const options = 'Options, such as a dry run, are chosen where the file is sent.';
      throw new FileError([
        `The file has ${JSON.stringify(this.#key)} beside "processes". Remove it: only items are read. ${options}`,
      ]);
    }
    this.#depth += depthOf(token);
    if (this.#depth > MAX_FRAME_DEPTH)
      throw new FileError(['The file is nested too deeply around its items. Send an array of items.']);
    if (token.name === 'startArray' && holdsItems) this.#itemDepth = this.#depth;
  }

  #complete(): string {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#length = 0;
    this.#isBehind = false;
    this.items += 1;
    return text;
  }
}

function depthOf({ name }: Token): number {
  if (name === 'startObject' || name === 'startArray') return 1;
  return name === 'endObject' || name === 'endArray' ? -1 : 0;
}

function textOf(token: Token): string {
  switch (token.name) {
    case 'startObject':
      return '{';
    case 'endObject':
      return '}';
    case 'startArray':
      return '[';
    case 'endArray':
      return ']';
    case 'keyValue':
      return `${JSON.stringify(token.value)}:`;
    case 'stringValue':
      return JSON.stringify(token.value);
    case 'numberValue':
      return token.value;
    case 'nullValue':
    case 'trueValue':
    case 'falseValue':
      return String(token.value);
    default:
      return '';
  }
}
