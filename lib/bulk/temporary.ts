import { rmSync } from 'node:fs';

/** Removes a file or folder when the process ends, by Ctrl-C too. */
export function removeAtExit(path: string): void {
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
}
