import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEYS } from '../support/api.ts';
import { BULK_COMMAND, bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testNeeding } from '../support/machine.ts';
import { stack } from '../support/stack.ts';
import { inTerminal } from '../support/terminal.ts';

const url = stack.baseUrl;

/** Runs the command as someone who has not said yet where the API is. */
function commandOf(XDG_CONFIG_HOME: string) {
  const env = { XDG_CONFIG_HOME };
  return {
    env: { ...process.env, ...env },
    file: join(XDG_CONFIG_HOME, 'bulk-update', 'config.json'),
    run: (args: string[], stdin = '') => bulk(args, { cwd: XDG_CONFIG_HOME, stdin, env }),
  };
}

test('a key that login has checked is used until logout', async () => {
  const { run, file } = commandOf(temporaryFolder());
  expect((await run(['jobs'])).stderr).toContain('The API key is missing. Run bulk-update login');
  const refused = await run(['login', '--url', url], 'wrong-key\n');
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('The API key is missing or unknown'),
  });
  expect(() => statSync(file)).toThrow('ENOENT');

  const signedIn = await run(['login', '--url', url], `${KEYS.local}\n`);
  expect(signedIn).toMatchObject({ code: 0, stderr: '' });
  for (const row of [
    'team        local',
    'stage       local',
    'expires     never',
    `profile     default, in ${file}`,
  ]) {
    expect(signedIn.stdout).toContain(row);
  }
  expect(signedIn.stdout).not.toContain(KEYS.local);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run(['procedures', 'lead'])).toMatchObject({ code: 0 });
  expect((await run(['open', 'job-1'])).stdout).toBe(`${url}/#/jobs/job-1\n`);

  expect((await run(['logout'])).code).toBe(0);
  expect((await run(['jobs'])).code).toBe(2);
});

test('profiles lie beside one another, and a flag stands before or after the command', async () => {
  const { run, file } = commandOf(temporaryFolder());
  const login = ['login', '--console-url', 'https://console.example', '--url', url];
  await run([...login, '--profile', 'acme'], KEYS.local);
  await run(['--profile', 'other', ...login], KEYS.other);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['acme', 'other']);
  expect(await run(['--profile', 'acme', 'procedures'])).toMatchObject({ code: 0 });
  expect((await run(['open', 'job-1', '--profile', 'acme'])).stdout).toBe(
    'https://console.example/#/jobs/job-1\n',
  );
  // There is no default profile, and a key is sent only to the URL that it was stored with.
  expect((await run(['jobs', '--url', url])).stderr).toContain('The API key is missing');
});

testNeeding('python3')(
  'a terminal is asked for URL and key, and does not show the key (needs python3)',
  () => {
    const { env, file } = commandOf(temporaryFolder());
    const dialogue = [
      ['URL of the API', `${url}\r`],
      ['API key', `${KEYS.local}\r`],
    ] as const;
    const { status, stdout } = inTerminal(BULK_COMMAND, ['login'], dialogue, env);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`Signed in to ${url}`)]);
    expect(stdout).not.toContain(KEYS.local);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ default: { url, apiKey: KEYS.local } });
    expect(inTerminal(BULK_COMMAND, ['login'], [['URL of the API', '\u0003']], env).status).toBe(130);
  },
);
