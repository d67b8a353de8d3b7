import { createWriteStream } from 'node:fs';
import { mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileError } from './row.ts';
import { removeAtExit } from './temporary.ts';

export const FILE_FORMATS = ['csv', 'ndjson', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file that is read several times: to check it, to send it and to pick what failed. */
export interface Source {
  path: string;
  format: FileFormat;
}

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
};

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
  const named = FORMATS[extname(path).toLowerCase()];
  if (named !== undefined) return named;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SAMPLE_BYTES) });
    const text = buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart();
    if (text.startsWith('[') || /^\{\s*("processes"|$)/.test(text)) return 'json';
    return text.startsWith('{') ? 'ndjson' : 'csv';
  } finally {
    await file.close();
  }
}
