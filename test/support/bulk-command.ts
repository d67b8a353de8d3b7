import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** As it is in the package, which `package-setup.ts` builds. */
export const BULK_COMMAND = fileURLToPath(new URL('../../dist/bin/bulk.js', import.meta.url));

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  process: ChildProcess;
  ended: Promise<CommandResult>;
}

/** Where it runs: failed rows are written there. */
export interface CommandPlace {
  cwd: string;
  /** Without it, the environment does not say where the API is. */
  url?: string;
  apiKey?: string;
  nodeOptions?: readonly string[];
  stdin?: string;
  /** Beside what the tests have. */
  env?: Readonly<Record<string, string>>;
}

/** Starts the command line client, as a user does. */
export function startBulk(args: readonly string[], place: CommandPlace): RunningCommand {
  const { cwd, url, apiKey = 'local-key', nodeOptions = [], stdin = '', env = {} } = place;
  const settings = url === undefined ? {} : { BULK_UPDATE_URL: url, BULK_UPDATE_KEY: apiKey };
  const child = spawn(process.execPath, [...nodeOptions, BULK_COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...settings, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(stdin);
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { process: child, ended };
}

export function bulk(args: readonly string[], place: CommandPlace): Promise<CommandResult> {
  return startBulk(args, place).ended;
}
