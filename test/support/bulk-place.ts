import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bulk, type CommandResult } from './bulk-command.ts';
import { temporaryFolder } from './folder.ts';
import { KEYS } from './keys.ts';
import { stack } from './stack.ts';

/** A folder with these files, and the command in it. */
export function place(files: Readonly<Record<string, string | Uint8Array>>) {
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return {
    cwd,
    read: (name: string) => readFileSync(join(cwd, name), 'utf8'),
    run: (...args: string[]) => bulk(args, { cwd, url: stack.baseUrl, apiKey: KEYS.local }),
    /** Types a command that was told, as a user of a shell does. */
    type: (command: string): Promise<CommandResult> => {
      const [, line = ''] = /^bulk-update (.*)$/.exec(command) ?? [];
      const words = spawnSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
      return bulk(words.stdout.split('\0').slice(0, -1), { cwd, url: stack.baseUrl, apiKey: KEYS.local });
    },
  };
}

/** The command that an output tells to send failed rows. */
export function told(stdout: string): string {
  return /Correct (?:it|them) and send the file: (.*)$/m.exec(stdout)?.[1] ?? '';
}
