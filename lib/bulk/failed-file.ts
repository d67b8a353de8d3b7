import { createWriteStream, existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Failure } from './failures.ts';
import type { Input } from './input.ts';
import { removeAtExit } from './temporary.ts';

export interface FailedFile {
  path: string;
  rows: number;
  /** How often each code occurs. */
  codes: Record<string, number>;
}

/**
 * Writes down the rows that failed as they stand in the file, with their errors. The file is there when it is
 * complete, and only if there are any.
 * @param failures - in the order of the file
 */
export async function writeFailed(
  path: string,
  input: Input,
  failures: AsyncIterable<Failure>,
): Promise<FailedFile | undefined> {
  const file: FailedFile = { path, rows: 0, codes: {} };
  const part = `${path}.part`;
  removeAtExit(part);
  await pipeline(failedLines(input, failures, file), createWriteStream(part));
  if (file.rows === 0) return undefined;
  await rename(part, path);
  return file;
}

async function* failedLines(
  input: Input,
  failures: AsyncIterable<Failure>,
  file: FailedFile,
): AsyncGenerator<string, void, void> {
  const { head, lineOf } = input.failed;
  yield head;
  const rows = input.rows();
  let position = -1;
  for await (const failure of failures) {
    for await (const row of untilReturned(rows)) {
      position += 1;
      if (position < failure.position) continue;
      yield lineOf(row, failure.errors);
      break;
    }
    file.rows += 1;
    for (const { code } of failure.errors) file.codes[code] = (file.codes[code] ?? 0) + 1;
  }
  await rows.return();
}

/** Lets a loop be left and go on where it was. */
function untilReturned<Element>(iterator: AsyncGenerator<Element, void, void>): AsyncIterable<Element> {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}

/** `failed.csv`, or the next such name that is not taken: who corrects the rows of one run loses none in the next. */
export function failedPath(extension: string): string {
  for (let number = 1; ; number++) {
    const path = `failed${number === 1 ? '' : `-${number}`}.${extension}`;
    if (!existsSync(path)) return path;
  }
}
