import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { test, vi } from 'vitest';

/** `.ci/run` shows only the commands that README.md asks for, and tells in MORE_COMMANDS where the others are. */
const PATH = [process.env.PATH, process.env.MORE_COMMANDS].join(delimiter);

/** Whether this machine has a command that the project itself does not need. */
export function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version'], { env: { ...process.env, PATH } }).error === undefined;
}

/** As `test`, for one that needs commands which README.md does not ask for: it alone finds them, or is skipped. */
export function testNeeding(...commands: string[]) {
  return test
    .extend<{ path: undefined }>({
      path: [
        // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of other fixtures from it.
        async ({}, use) => {
          vi.stubEnv('PATH', PATH);
          await use(undefined);
          vi.unstubAllEnvs();
        },
        { auto: true },
      ],
    })
    .skipIf(!commands.every(hasCommand));
}

/** Ids of all processes below one. */
export function descendants(pid: number, pairs = processes()): number[] {
  const children = pairs.filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child, pairs)]);
}

/** Each process with its parent. A bare Linux has no `ps`, and macOS has no /proc. */
function processes(): [id: number, parent: number][] {
  if (process.platform === 'linux') {
    const ids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return ids.map((id) => [id, parentOf(id)]);
  }
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=']).toString().trim().split('\n');
  return rows.map((row) => {
    const [id = 0, parent = 0] = row.trim().split(/\s+/).map(Number);
    return [id, parent];
  });
}

function parentOf(id: number): number {
  try {
    const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
    return Number(parent);
  } catch {
    // It has ended since it was listed.
    return 0;
  }
}
