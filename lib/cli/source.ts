import { createReadStream, createWriteStream, openAsBlob } from 'node:fs';
import { type FileHandle, mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { charactersOf } from '../../lambdas/rows/characters.ts';
import { type Encoding, type EncodingName, encodingOf } from '../../lambdas/rows/encoding.ts';
import { type FileFormat, formatOf, type TextFormat } from '../../lambdas/rows/file-format.ts';
import { isGzip, maybeWorkbook } from '../../lambdas/rows/file-kind.ts';
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
  /** Whether the file is compressed with gzip. */
  isPacked: boolean;
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
    const start = buffer.subarray(0, bytesRead);
    const isPacked = isGzip(start);
    const bytes = isPacked ? await unpackedStart(path) : start;
    if (!isPacked && maybeWorkbook(bytes))
      return { path, name: file, version, ...(await workbookAt(path, options)) };
    if (options.format === 'xlsx') throw new FileError(['The file is not a workbook. Omit --format xlsx.']);
    const encoding = encodingOf(bytes, file, options.encoding);
    const beginning = new TextDecoder(encoding.name).decode(bytes, { stream: true });
    const format = options.format ?? formatOf(isPacked ? file.replace(/\.gz$/i, '') : file, beginning);
    return { path, name: file, encoding, beginning, version, format, isPacked };
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
  const bytes = bytesOf(source);
  return charactersOf(source.isPacked ? unpacked(bytes) : bytes, source.encoding);
}

/** Decompresses a file. @throws FileError when it is damaged */
async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip();
  const source = Readable.from(bytes);
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw new FileError([
      `The compressed file is damaged: ${(error as Error).message}. Compress it again, or get it from its source.`,
    ]);
  } finally {
    source.destroy();
  }
}

/** Returns the first bytes of what a file has compressed. */
async function unpackedStart(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpacked(createReadStream(path))) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= SAMPLE_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, SAMPLE_BYTES);
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
