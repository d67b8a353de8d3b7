import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { shellWord } from '../../lambdas/rows/shell-word.ts';

/** Keys and profiles are small. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file that holds keys. Like ssh, it refuses one that other users can read or write.
 * @throws Error whose message is the end of a sentence, and says what to do
 */
export async function readPrivateFile(path: string): Promise<string> {
  // Otherwise a pipe that nothing writes to would block. Windows has no such flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: Error) => {
    throw new Error(`cannot be read (${error.message}).`);
  });
  try {
    const fault = faultOf(await file.stat(), path);
    if (fault !== undefined) throw new Error(fault);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function faultOf(stats: Stats, path: string): string | undefined {
  if (!stats.isFile()) return 'is not a regular file. Give a file.';
  if (stats.size > MAX_BYTES) return 'is larger than 1 MiB. Give another file.';
  const user = process.getuid?.();
  // Windows has other permissions.
  if (user === undefined) return undefined;
  if (stats.uid !== user && stats.uid !== 0) return 'belongs to another user. Create your own file.';
  if ((stats.mode & 0o077) === 0) return undefined;
  return `can be read or written by other users. Run: chmod 600 ${shellWord(path)}`;
}
