import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, rename, writeFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { BYTE_ORDER_MARK, isAscii } from '../../lambdas/rows/csv-failed.ts';
import { failedName } from '../../lambdas/rows/failed-name.ts';
import type { Failure } from '../client/failures.ts';
import type { FailedRow, Input } from './input.ts';
import { removeAtExit } from './temporary.ts';
import { UsageError } from './usage-error.ts';

export interface FailedFile {
  path: string;
  rows: number;
  /** Number of rows by error code. */
  codes: Record<string, number>;
}

/** Only the user may read the customers' data in it. */
const MODE = 0o600;

/**
 * Checks before anything is sent that failed rows can be written to a path. An existing file is never overwritten:
 * through a link, or in another case of letters, it may be the file that is sent.
 * @throws UsageError when the path exists, be it as a file, a dangling link or a device
 */
export async function assertFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error && found.code === 'ENOENT') return;
  const fault = found instanceof Error ? `cannot be used: ${found.message}` : 'already exists';
  throw new UsageError(`--failed ${oneLine(path)} ${fault}. Give the name of a new file.`);
}

/**
 * Writes the failed rows as they are in the file, with their errors. The file appears when it is complete. Nothing is
 * opened unless a row failed, so that a run without failures needs no permission to write.
 * @param path - default: named after the file, in the current folder. If it is taken by then, the next free name, so that
 * the failed rows of an earlier run stay
 * @param failures - in the order of the file
 */
export async function writeFailed(
  path: string | undefined,
  input: Input,
  failures: AsyncIterable<Failure>,
): Promise<FailedFile | undefined> {
  const found = { rows: 0, codes: new Map<string, number>(), isAscii: true };
  const rows = failedRows(input, failures, found);
  const first = await rows.next();
  if (first.done === true) return undefined;
  const named = input.name === '-' ? undefined : basename(input.name).replace(/\.gz$/i, '');
  const wanted = path ?? failedName(named, input.failed.extension);
  const content = input.failed.content(after(first.value, rows));
  // A unique name, as another run may write at the same time.
  const part = await writtenPart(wanted, lookedAt(content, found));
  const complete = input.failed.needsMark(found) ? await writtenPart(wanted, marked(part)) : part;
  const written = await claimed(wanted);
  await rename(complete, written);
  return { path: written, rows: found.rows, codes: Object.fromEntries(found.codes) };
}

/** Writes a file with a unique name and returns its path. */
async function writtenPart(wanted: string, content: AsyncIterable<string | Uint8Array>): Promise<string> {
  const part = `${wanted}.${randomUUID()}.part`;
  removeAtExit(part);
  await pipeline(content, createWriteStream(part, { flags: 'wx', mode: MODE }));
  return part;
}

/** Returns the content of a file after a byte order mark. Whether it needs one is known only once it is written. */
async function* marked(path: string): AsyncGenerator<string | Uint8Array, void, void> {
  yield BYTE_ORDER_MARK;
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

async function* after<Element>(
  first: Element,
  others: AsyncIterable<Element>,
): AsyncGenerator<Element, void, void> {
  yield first;
  yield* others;
}

/** Notes whether the content is ASCII. */
async function* lookedAt(
  content: AsyncIterable<string | Uint8Array>,
  found: { isAscii: boolean },
): AsyncGenerator<string | Uint8Array, void, void> {
  for await (const part of content) {
    if (typeof part === 'string') found.isAscii &&= isAscii(part);
    yield part;
  }
}

/** Creates an empty file with the first free name: `failed.csv`, `failed-2.csv` and so on. */
async function claimed(wanted: string): Promise<string> {
  const { dir, name, ext } = parse(wanted);
  for (let number = 1; ; number++) {
    const path = number === 1 ? wanted : join(dir, `${name}-${number}${ext}`);
    try {
      // Exclusive, so that an existing link is not followed.
      await writeFile(path, '', { flag: 'wx', mode: MODE });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function* failedRows(
  input: Input,
  failures: AsyncIterable<Failure>,
  found: { rows: number; codes: Map<string, number> },
): AsyncGenerator<FailedRow, void, void> {
  const rows = input.rows();
  let position = -1;
  for await (const { position: wanted, errors } of failures) {
    for await (const row of untilReturned(rows)) {
      position += 1;
      if (position < wanted) continue;
      yield { row, errors };
      break;
    }
    found.rows += 1;
    // Files of results have the codes of a row as one text.
    for (const code of new Set(errors.flatMap((error) => error.code.split(' ')))) {
      found.codes.set(code, (found.codes.get(code) ?? 0) + 1);
    }
  }
  await rows.return();
}

/** Lets a loop end and another one continue where it was. */
function untilReturned<Element>(iterator: AsyncGenerator<Element, void, void>): AsyncIterable<Element> {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}
