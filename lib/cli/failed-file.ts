import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, rename, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { oneLine } from '../../lambdas/contract/printable.ts';
import { BYTE_ORDER_MARK, isAscii } from '../../lambdas/rows/csv-failed.ts';
import type { Failure } from '../client/failures.ts';
import type { Input } from './input.ts';
import { UsageError } from './settings.ts';
import { removeAtExit } from './temporary.ts';

export interface FailedFile {
  path: string;
  rows: number;
  /** How often each code occurs. */
  codes: Record<string, number>;
}

/** Nobody else may read the customers' data in it. */
const MODE = 0o600;

/**
 * Looks before anything is sent whether failed rows could be written there. No file that was there before a run is
 * written to: it may be the one that is sent, by a link, another name or another case of letters.
 * @throws UsageError when there is something of that name, such as a file, a link to nowhere or a device
 */
export async function assertFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error && found.code === 'ENOENT') return;
  const why =
    found instanceof Error ? `cannot be used: ${found.message}` : 'exists already, and is not overwritten';
  throw new UsageError(`--failed ${oneLine(path)} ${why}. Name a new file.`);
}

/**
 * Writes down the rows that failed as they stand in the file, with their errors. The file is there when it is
 * complete, and only if there are any; until then nothing is opened, since who may not write need not.
 * @param path - else `failed.csv`; the next such name that is not taken when the rows are known: who corrects those of
 * one run loses none in another
 * @param failures - in the order of the file
 */
export async function writeFailed(
  path: string | undefined,
  input: Input,
  failures: AsyncIterable<Failure>,
): Promise<FailedFile | undefined> {
  const found = { rows: 0, codes: new Map<string, number>(), isAscii: true };
  const lines = failedLines(input, failures, found);
  const head = await lines.next();
  if (head.done === true) return undefined;
  // A name of its own: another run may write at the same time.
  const wanted = path ?? `failed.${input.failed.extension}`;
  const part = await writtenPart(wanted, after(head.value, lines));
  const hasMark = input.failed.mark === 'always' || (input.failed.mark === 'unless ASCII' && !found.isAscii);
  const complete = hasMark ? await writtenPart(wanted, marked(part)) : part;
  const written = await claimed(wanted);
  await rename(complete, written);
  return { path: written, rows: found.rows, codes: Object.fromEntries(found.codes) };
}

/** @returns the path of a file with a name of its own */
async function writtenPart(wanted: string, content: AsyncIterable<string | Uint8Array>): Promise<string> {
  const part = `${wanted}.${randomUUID()}.part`;
  removeAtExit(part);
  await pipeline(content, createWriteStream(part, { flags: 'wx', mode: MODE }));
  return part;
}

/** What a file holds, behind a byte order mark: whether it needs one is known when all of it is written. */
async function* marked(path: string): AsyncGenerator<string | Uint8Array, void, void> {
  yield BYTE_ORDER_MARK;
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

async function* after(head: string, lines: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  yield head;
  yield* lines;
}

/** Makes an empty file of the first name that is not taken: `failed.csv`, `failed-2.csv` and so on. */
async function claimed(wanted: string): Promise<string> {
  const { dir, name, ext } = parse(wanted);
  for (let number = 1; ; number++) {
    const path = number === 1 ? wanted : join(dir, `${name}-${number}${ext}`);
    try {
      // Exclusive: what is there, links included, is neither followed nor opened.
      await writeFile(path, '', { flag: 'wx', mode: MODE });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function* failedLines(
  input: Input,
  failures: AsyncIterable<Failure>,
  found: { rows: number; codes: Map<string, number>; isAscii: boolean },
): AsyncGenerator<string, void, void> {
  const { head, lineOf } = input.failed;
  found.isAscii = isAscii(head);
  const rows = input.rows();
  let position = -1;
  for await (const failure of failures) {
    if (found.rows === 0) yield head;
    for await (const row of untilReturned(rows)) {
      position += 1;
      if (position < failure.position) continue;
      const line = lineOf(row, failure.errors);
      found.isAscii &&= isAscii(line);
      yield line;
      break;
    }
    found.rows += 1;
    for (const { code } of failure.errors) found.codes.set(code, (found.codes.get(code) ?? 0) + 1);
  }
  await rows.return();
}

/** Lets a loop be left and go on where it was. */
function untilReturned<Element>(iterator: AsyncGenerator<Element, void, void>): AsyncIterable<Element> {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}
