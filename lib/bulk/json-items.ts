import { applyEdits, modify } from 'jsonc-parser';
import { getManyValues, type Many, none, toMany } from 'stream-chain/defs.js';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { type FaultyRow, FileError, type Row, type RowError } from './row.ts';

/** Member of an item that tells why it failed; left out when it is sent again. */
const ERRORS = '_errors';

/** The item on a line of NDJSON; none on an empty one. It stays as it is written, so that no number is rounded. */
export function rowOfLine(raw: string, number: number): Row | FaultyRow | undefined {
  const line = number === 1 ? withoutBom(raw) : raw;
  if (line.trim() === '') return undefined;
  try {
    JSON.parse(line);
  } catch (error) {
    return { line: number, fault: `is no JSON: ${(error as Error).message}` };
  }
  return { line: number, text: withoutErrors(line), cells: [] };
}

function withoutErrors(text: string): string {
  return text.includes(`"${ERRORS}"`) ? applyEdits(text, modify(text, [ERRORS], undefined, {})) : text;
}

/** An item in JSON with the errors that it met. */
export function withErrors(text: string, errors: readonly RowError[]): string {
  const told = errors.map(({ code, message }) => ({ code, message }));
  const item = text.trimEnd();
  // Only an object can carry them.
  if (!item.endsWith('}')) return text;
  const isEmpty = /^\s*\{\s*\}$/.test(item);
  return `${item.slice(0, -1)}${isEmpty ? '' : ','}"${ERRORS}":${JSON.stringify(told)}}`;
}

/**
 * Items of an array, or of `{ "processes": [ … ] }`. Their line is their number.
 * @param chunks - the text, in pieces of any length
 * @throws FileError when it is not that
 */
export async function* rowsOfJson(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Row, void, void> {
  const reader = new ItemReader();
  const tokens = jsonParser({ streamValues: false });
  const rowsOf = function* (chunk: string | typeof none): Generator<Row, void, void> {
    for (const token of tokensOf(() => tokens(chunk as string) as Many<Token>)) {
      const text = reader.take(token);
      if (text !== undefined) yield { line: reader.items, text, cells: [] };
    }
  };
  let isFirst = true;
  for await (const chunk of chunks) {
    yield* rowsOf(isFirst ? withoutBom(chunk) : chunk);
    isFirst = false;
  }
  yield* rowsOf(none);
  if (reader.items === 0) {
    throw new FileError(['It holds no items. Send an array of them, or { "processes": [ … ] }.']);
  }
}

function tokensOf(read: () => Many<Token>): Token[] {
  try {
    return getManyValues(toMany(read()));
  } catch (error) {
    throw new FileError([`It is no JSON: ${(error as Error).message}.`]);
  }
}

function withoutBom(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Puts the tokens of each item together again as text, with the numbers as they are written. */
class ItemReader {
  /** Items so far. */
  items = 0;
  #depth = 0;
  /** The depth at which items stand, while it is inside of their array. */
  #itemDepth: number | undefined;
  #key: string | undefined;
  #text = '';

  /** @returns the item that the token completes */
  take(token: Token): string | undefined {
    const { name } = token;
    if (this.#itemDepth === undefined) this.#takeFrame(token);
    else if (name === 'endArray' && this.#depth === this.#itemDepth) {
      this.#itemDepth = undefined;
      this.#depth -= 1;
    } else {
      const isEnd = name === 'endObject' || name === 'endArray';
      if (!isEnd && this.#text !== '' && !'{[:'.includes(this.#text.at(-1) ?? '')) this.#text += ',';
      this.#text += textOf(token);
      this.#depth += depthOf(token);
      if (this.#depth === this.#itemDepth) return this.#complete();
    }
    return undefined;
  }

  #takeFrame(token: Token): void {
    const holdsItems = this.#depth === 0 || (this.#depth === 1 && this.#key === 'processes');
    if (token.name === 'keyValue' && this.#depth === 1) this.#key = token.value;
    this.#depth += depthOf(token);
    if (token.name === 'startArray' && holdsItems) this.#itemDepth = this.#depth;
  }

  #complete(): string {
    const text = this.#text;
    this.#text = '';
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
