import { createWriteStream } from 'node:fs';
import { mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FileFormat, formatOfName, formatOfText } from './file-format.ts';
import { FileError } from './row.ts';
import { removeAtExit } from './temporary.ts';

/** A file that is read several times: to check it, to send it and to pick what failed. */
export interface Source {
  path: string;
  format: FileFormat;
}

/** So much of a file tells its format. */
const SAMPLE_BYTES = 4096;

/**
 * @param file - a path, or `-` for the standard input, which is written down first
 * @throws FileError when there is no such file
 */
export async function openSource(file: string, stdin: Readable, format?: FileFormat): Promise<Source> {
  const path = file === '-' ? await written(stdin) : await checked(file);
  return { path, format: format ?? (await formatOf(path)) };
}

async function written(stdin: Readable): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-update-'));
  removeAtExit(directory);
  const path = join(directory, 'input');
  await pipeline(stdin, createWriteStream(path, { mode: 0o600 }));
  return path;
}

async function checked(file: string): Promise<string> {
  const found = await stat(file).catch((error: Error) => {
    throw new FileError([`It cannot be read: ${error.message}.`]);
  });
  if (!found.isFile()) throw new FileError(['It is no file.']);
  return file;
}

/** By its name, or by how it begins. */
async function formatOf(path: string): Promise<FileFormat> {
  const named = formatOfName(path);
  if (named !== undefined) return named;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SAMPLE_BYTES) });
    return formatOfText(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
