import { MAX_REQUEST_BYTES } from '../contract/limits.ts';
import type { Encoding } from './encoding.ts';
import { FileError, TOO_LARGE } from './row.ts';

/**
 * Decodes a file in chunks, without its byte order mark.
 * @throws FileError for a byte that is invalid in its encoding, which would be stored as a question mark
 */
export async function* charactersOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string, void, void> {
  const { name } = encoding;
  const decoder = new TextDecoder(name, { fatal: true });
  const place = new BytePlace();
  // The bytes of a character that continues in the next chunk.
  let begun: Uint8Array = new Uint8Array();
  // Always as a part of more: Node.js 20 reads a whole text in Windows-1252 as Latin-1.
  // https://github.com/nodejs/node/issues/56542
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw name === 'utf-8'
        ? new NotUtf8Error(joined(begun, chunk), place, encoding)
        : new FileError([BROKEN_UTF_16]);
    }
  };
  for await (const chunk of chunks) {
    if (name === 'windows-1252') assertWindows1252(chunk, place);
    yield decode(chunk);
    if (name !== 'utf-8') continue;
    const bytes = joined(begun, chunk);
    begun = bytes.subarray(completeLength(bytes));
    place.pass(bytes.subarray(0, bytes.length - begun.length));
  }
  yield decode();
}

const BROKEN_UTF_16 = 'The file is not valid UTF-16. Save it as "CSV UTF-8".';

function joined(begun: Uint8Array, chunk: Uint8Array = new Uint8Array()): Uint8Array {
  if (begun.length === 0) return chunk;
  const bytes = new Uint8Array(begun.length + chunk.length);
  bytes.set(begun);
  bytes.set(chunk, begun.length);
  return bytes;
}

/** Returns the length of valid UTF-8 without an incomplete character at its end. */
export function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (size > 0) return size > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** The position of a byte in a file. Lines end as in a CSV: with CR, LF or both. */
class BytePlace {
  line = 1;
  /** Bytes before it, in its line. */
  offset = 0;
  #isBehindReturn = false;

  pass(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0x0a && this.#isBehindReturn) this.offset = 0;
      else if (byte === 0x0a || byte === 0x0d) {
        this.line += 1;
        this.offset = 0;
      } else this.offset += 1;
      this.#isBehindReturn = byte === 0x0d;
    }
  }

  /** Names the place, of the byte that is there. */
  of(byte = 0): string {
    return `line ${this.line}, byte ${this.offset + 1} (0x${byte.toString(16).toUpperCase().padStart(2, '0')})`;
  }
}

/** Bytes that Windows-1252 does not define: https://encoding.spec.whatwg.org/index-windows-1252.txt maps them to controls. */
const NOT_IN_WINDOWS_1252: readonly number[] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

function assertWindows1252(bytes: Uint8Array, place: BytePlace): void {
  const wrong = bytes.findIndex((byte) => NOT_IN_WINDOWS_1252.includes(byte));
  place.pass(wrong < 0 ? bytes : bytes.subarray(0, wrong));
  if (wrong < 0) return;
  throw new FileError([`The file is not Windows-1252: ${place.of(bytes[wrong])}. Save it as "CSV UTF-8".`]);
}

/** Maximum number of characters that are shown of a line. */
const MAX_PREVIEW = 80;

/** The error of a file that is not UTF-8. */
export class NotUtf8Error extends FileError {
  /** Whether it may be Windows-1252, as far as it was read. */
  readonly maybeWindows1252: boolean;

  /**
   * @param bytes - of which not all are UTF-8
   * @param place - of the first of them
   */
  constructor(bytes: Uint8Array, place: BytePlace, { hasMark }: Encoding) {
    const wrong = validLength(bytes);
    place.pass(bytes.subarray(0, wrong));
    const where = `The file is not UTF-8: ${place.of(bytes[wrong])}.`;
    const maybeWindows1252 = !hasMark && !bytes.some((each) => NOT_IN_WINDOWS_1252.includes(each));
    super(
      maybeWindows1252
        ? [
            `${where} It is probably Windows-1252, which spreadsheets call "CSV".`,
            `Line ${place.line} would read: ${windows1252LineAt(bytes, wrong)}`,
            'If that is right, read the file with --encoding windows-1252. Else save it as "CSV UTF-8".',
          ]
        : [`${where} Save it as "CSV UTF-8".`],
    );
    this.name = 'NotUtf8Error';
    this.maybeWindows1252 = maybeWindows1252;
  }
}

/** Reads the line around a byte in Windows-1252. */
function windows1252LineAt(bytes: Uint8Array, position: number): string {
  const isLineEnd = (byte: number) => byte === 0x0a || byte === 0x0d;
  const start = bytes.subarray(0, position).findLastIndex(isLineEnd) + 1;
  const length = bytes.subarray(position).findIndex(isLineEnd);
  const end = length < 0 ? bytes.length : position + length;
  // Every character is one byte.
  const from = Math.max(start, position - MAX_PREVIEW / 2);
  const to = Math.min(end, from + MAX_PREVIEW);
  const text = new TextDecoder('windows-1252').decode(bytes.subarray(from, to), { stream: true });
  return `${from > start ? '…' : ''}${text}${to < end ? '…' : ''}`;
}

/** Finds the length of the longest beginning that is UTF-8, by bisection. */
export function validLength(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length + 1];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isBeginning(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return completeLength(bytes.subarray(0, valid));
}

/** Whether bytes are UTF-8, but for an incomplete character at their end. */
function isBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Splits text at line feeds only. JSON may contain the other line ends of Unicode, where node:readline would split it.
 * @throws FileError when a line is larger than a request, so that memory stays bounded
 */
export async function* linesOf(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  // Joined once a line: searching a long line again with each part would take quadratic time.
  let parts: string[] = [];
  let length = 0;
  let count = 0;
  for await (const text of texts) {
    const [first = '', ...lines] = text.split('\n');
    parts.push(first);
    length += first.length;
    const last = lines.pop();
    if (last !== undefined) {
      yield parts.join('');
      yield* lines;
      count += lines.length + 1;
      parts = [last];
      length = last.length;
    }
    if (length > MAX_REQUEST_BYTES) {
      throw new FileError([`Line ${count + 1} ${TOO_LARGE}. Shorten it.`]);
    }
  }
  yield parts.join('');
}

/** A quote in a cell is written twice. For shorter lines the CSV parser has the better message. */
const MAX_LINE_LENGTH = 2 * MAX_REQUEST_BYTES;

/**
 * Passes text on while each line is short enough to be sent.
 * @throws FileError at a longer line, such as a row of nothing but delimiters
 */
export async function* withShortLines(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  let length = 0;
  for await (const text of texts) {
    for (const slice of slicesOf(text)) {
      length += slice.length;
      if (length > MAX_LINE_LENGTH) throw new FileError([`A line ${TOO_LARGE}. Shorten it.`]);
      const end = Math.max(slice.lastIndexOf('\n'), slice.lastIndexOf('\r'));
      if (end >= 0) length = slice.length - end - 1;
    }
    yield text;
  }
}

const SLICE_LENGTH = 64 * 1024;

/** Cuts a text into short parts, between characters. */
export function* slicesOf(text: string): Generator<string, void, void> {
  for (let start = 0; start < text.length; ) {
    const end = start + SLICE_LENGTH;
    const isCut = /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
    yield text.slice(start, isCut ? end - 1 : end);
    start = isCut ? end - 1 : end;
  }
}
