import { createWriteStream, openAsBlob } from 'node:fs';
import { type FileHandle, mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { charactersOf } from '../../lambdas/rows/characters.ts';
import { type Encoding, type EncodingName, encodingOf } from '../../lambdas/rows/encoding.ts';
import { type FileFormat, formatOf, type TextFormat } from '../../lambdas/rows/file-format.ts';
import { maybeWorkbook } from '../../lambdas/rows/file-kind.ts';
import { FileError } from '../../lambdas/rows/row.ts';
import type { Workbook } from '../../lambdas/rows/xlsx-workbook.ts';
import { removeAtExit } from './temporary.ts';

/** A file that is read several times: to check it, to send it and to pick the failed rows. */
export type Source = TextSource | WorkbookSource;

interface AnySource {
  path: string;
  /** As the user calls it. */
  name: string;
  /** Changes when the file does. */
  version: string;
}

export interface TextSource extends AnySource {
  format: TextFormat;
  encoding: Encoding;
  /** The first characters. */
  beginning: string;
}

export interface WorkbookSource extends AnySource {
  format: 'xlsx';
  workbook: Workbook;
}

/** Bytes from which the format of a file is detected. */
const SAMPLE_BYTES = 64 * 1024;

export interface SourceOptions {
  /** Default: detected. */
  format?: FileFormat | undefined;
  /** Default: detected. */
  encoding?: EncodingName | undefined;
}

/**
 * Opens a file.
 * @param file - a path, or `-` for standard input, which is copied to a temporary file first
 * @throws FileError when the file does not exist, or is neither text nor a workbook
 */
export async function openSource(
  file: string,
  stdin: Readable,
  options: SourceOptions = {},
): Promise<Source> {
  const path = file === '-' ? await written(stdin) : await checked(file);
  const opened = await open(path);
  try {
    const version = await versionOf(opened);
    const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(SAMPLE_BYTES), position: 0 });
    const bytes = buffer.subarray(0, bytesRead);
    if (maybeWorkbook(bytes)) return { path, name: file, version, ...(await workbookAt(path, options)) };
    if (options.format === 'xlsx') throw new FileError(['The file is not a workbook. Omit --format xlsx.']);
    const encoding = encodingOf(bytes, file, options.encoding);
    const beginning = new TextDecoder(encoding.name).decode(bytes, { stream: true });
    const format = options.format ?? formatOf(file, beginning);
    return { path, name: file, encoding, beginning, version, format };
  } finally {
    await opened.close();
  }
}

/** The code that reads workbooks is loaded with the first. */
async function workbookAt(
  path: string,
  { format = 'xlsx' }: SourceOptions,
): Promise<Pick<WorkbookSource, 'format' | 'workbook'>> {
  const { openWorkbook } = await import('../../lambdas/rows/xlsx.ts');
  const workbook = await openWorkbook(await openAsBlob(path));
  if (format === 'xlsx') return { format, workbook };
  throw new FileError([`The file is a workbook (.xlsx). Omit --format ${format}.`]);
}

/**
 * Reads what lies in a workbook.
 * @throws FileError when the file has changed since it was opened
 */
export async function* unchanged<Element>(
  elements: AsyncIterable<Element>,
): AsyncGenerator<Element, void, void> {
  try {
    yield* elements;
  } catch (error) {
    // A blob of a file is bound to its time and size.
    throw error instanceof DOMException && error.name === 'NotReadableError'
      ? new FileError([CHANGED])
      : error;
  }
}

const CHANGED = 'The file has changed since it was opened, and nothing more was sent. Run the command again.';

/**
 * Reads the content of a file in chunks.
 * @throws FileError when the file has changed since it was opened, as other rows were checked then
 */
export async function* bytesOf({ path, version }: TextSource): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(path);
  const check = async () => {
    if ((await versionOf(file)) === version) return;
    throw new FileError([CHANGED]);
  };
  try {
    await check();
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      await check();
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

/** Reads the content of a file as text, without its byte order mark. */
export function textOf(source: TextSource): AsyncGenerator<string, void, void> {
  return charactersOf(bytesOf(source), source.encoding);
}

async function versionOf(file: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs].join(' ');
}

async function written(stdin: Readable): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-update-'));
  removeAtExit(directory);
  const path = join(directory, 'input');
  await pipeline(stdin, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return path;
}

async function checked(file: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new FileError([`There is no file "${file}". Check its name.`]);
    throw new FileError([`The file cannot be read: ${error.message}. Check its name and permissions.`]);
  });
  if (!found.isFile())
    throw new FileError([`Not a regular file: "${file}". Give a file, or - for standard input.`]);
  return file;
}
