import { MAX_BODY_BYTES } from './batches.ts';
import { FileError } from './row.ts';

/**
 * The text of a file, a part at a time, without its byte order mark.
 * @throws FileError when it is not in UTF-8, whose characters would be stored as question marks
 */
export async function* charactersOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new FileError(['It is not in UTF-8. Save it as such: spreadsheets call it "CSV UTF-8".']);
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}

/**
 * Lines end with a line feed, and nowhere else: JSON may hold the other characters that end a line in Unicode, where
 * node:readline would cut it.
 * @throws FileError when a line is larger than anything that can be sent, so that memory stays bounded
 */
export async function* linesOf(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  // Joined once a line: searching the beginning of a long one again with each part would take its length squared.
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
    if (length > MAX_BODY_BYTES) {
      throw new FileError([`Line ${count + 1} is larger than a whole request may be.`]);
    }
  }
  yield parts.join('');
}

/** A quote in a cell is written twice. Of what is less the parser of CSV says better what is wrong. */
const MAX_LINE_LENGTH = 2 * MAX_BODY_BYTES;

/**
 * The same text, of which no line is longer than any that can be sent.
 * @throws FileError at one that is, such as a row of nothing but delimiters
 */
export async function* withShortLines(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  let length = 0;
  for await (const text of texts) {
    for (const slice of slicesOf(text)) {
      length += slice.length;
      if (length > MAX_LINE_LENGTH) throw new FileError(['A line is larger than a whole request may be.']);
      const end = Math.max(slice.lastIndexOf('\n'), slice.lastIndexOf('\r'));
      if (end >= 0) length = slice.length - end - 1;
    }
    yield text;
  }
}

const SLICE_LENGTH = 64 * 1024;

/** A text in parts that are short, and cut no character. */
export function* slicesOf(text: string): Generator<string, void, void> {
  for (let start = 0; start < text.length; ) {
    const end = start + SLICE_LENGTH;
    const isCut = /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
    yield text.slice(start, isCut ? end - 1 : end);
    start = isCut ? end - 1 : end;
  }
}
