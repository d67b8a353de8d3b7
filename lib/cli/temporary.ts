import { rmSync } from 'node:fs';

const paths = new Set<string>();

/** Removes a file or folder when the process ends, also by Ctrl-C. */
export function removeAtExit(path: string): void {
  if (paths.size === 0) process.once('exit', removeAll);
  paths.add(path);
}

function removeAll(): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}
