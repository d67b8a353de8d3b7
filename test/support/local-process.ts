import { type ChildProcess, spawn } from 'node:child_process';
import { expect, vi } from 'vitest';

export interface LocalProcess {
  child: ChildProcess;
  url: string;
  output: () => string;
}

/**
 * Starts `npm start` as a user does, on a free port, and waits until it says that it is ready.
 * @param onSpawn - given the process at once, to end it when it never gets ready
 */
export async function startLocalProcess(
  environment: Record<string, string> = {},
  onSpawn: (child: ChildProcess) => void = () => {},
): Promise<LocalProcess> {
  const child = spawn('node', ['bin/local.ts'], {
    env: { ...process.env, PORT: '0', SAMPLE_SIZE: '10', ...environment },
  });
  onSpawn(child);
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  await vi.waitFor(() => expect(output).toMatch(/^ready · open http/m), { timeout: 60_000, interval: 50 });
  return { child, url: /^ready · open (\S+) · /m.exec(output)?.[1] ?? '', output: () => output };
}
