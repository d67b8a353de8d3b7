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
  let rest = '';
  let count = 0;
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    count += lines.length;
    if (rest.length > MAX_BODY_BYTES) {
      throw new FileError([`Line ${count + 1} is larger than a whole request may be.`]);
    }
    yield* lines;
  }
  yield rest;
}
