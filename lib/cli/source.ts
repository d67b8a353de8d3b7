import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { charactersOf } from '../../lambdas/rows/characters.ts';
import { type Encoding, encodingOf } from '../../lambdas/rows/encoding.ts';
import { type FileFormat, formatOf } from '../../lambdas/rows/file-format.ts';
import { FileError } from '../../lambdas/rows/row.ts';
import { removeAtExit } from './temporary.ts';

/** A file that is read several times: to check it, to send it and to pick what failed. */
export interface Source {
  path: string;
  /** As the user calls it. */
  name: string;
  encoding: Encoding;
  /** Its first characters. */
  beginning: string;
  format: FileFormat;
  /** Tells whether it is the same each time. */
  version: string;
}

/** What is read of a file to tell its format. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * @param file - a path, or `-` for the standard input, which is written down first
 * @throws FileError when there is no such file, or it is no text
 */
export async function openSource(file: string, stdin: Readable, format?: FileFormat): Promise<Source> {
  const path = file === '-' ? await written(stdin) : await checked(file);
  const opened = await open(path);
  try {
    const version = await versionOf(opened);
    const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(SAMPLE_BYTES), position: 0 });
    const bytes = buffer.subarray(0, bytesRead);
    const encoding = encodingOf(bytes, file);
    const beginning = new TextDecoder(encoding.name).decode(bytes);
    return { path, name: file, encoding, beginning, version, format: format ?? formatOf(file, beginning) };
  } finally {
    await opened.close();
  }
}

/**
 * The content, a part at a time.
 * @throws FileError when it is another than when it was opened: what is sent would not be what was checked, and what
 * failed would not be what was sent
 */
export async function* bytesOf({ path, version }: Source): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(path);
  const check = async () => {
    if ((await versionOf(file)) === version) return;
    throw new FileError([
      'Nothing more is sent: the file has changed since it was opened. Run the command again.',
    ]);
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

/** The same as text, without its byte order mark. */
export function textOf(source: Source): AsyncGenerator<string, void, void> {
  return charactersOf(bytesOf(source), source.encoding, source.name);
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
  const found = await stat(file).catch((error: Error) => {
    throw new FileError([`It cannot be read: ${error.message}.`]);
  });
  if (!found.isFile())
    throw new FileError(['It is not a regular file. Give one, or - for the standard input.']);
  return file;
}
