import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, KEYS, lead, sampleLeads } from '../support/api.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { stack } from '../support/stack.ts';

const url = stack.baseUrl;
const nextLead = sampleLeads(4_850);
/** The same file is sent once a day, so that each run of the tests needs another one. */
const city = `Ulm ${Date.now()}`;

/** Runs the command in a folder with this file. */
function inFolder(...lines: string[]) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'leads.csv'), `${lines.join('\n')}\n`);
  const submit = (apiKey: string, ...flags: string[]) =>
    bulk(['submit', 'leads.csv', '--procedure', 'lead', ...flags], { cwd, url, apiKey });
  return { cwd, submit };
}

test('with --reject-invalid, nothing of a file is sent unless all of its rows are valid', async () => {
  const [first, second, third] = [nextLead(), nextLead(), nextLead()];
  const before = await lead(first);
  // Each request holds one row: the first would have been accepted by itself.
  const flags = ['--reject-invalid', '--batch-size', '1'];
  const { cwd, submit } = inFolder(
    'lead_id,city,score',
    `${first},${city},1`,
    `${second},"${city}\n",many`,
    `${third},${city},too many`,
  );
  const refused = await submit(KEYS.local, ...flags);
  const lines = refused.stdout.trimEnd().split('\n');
  expect([refused.code, lines]).toEqual([
    1,
    [
      'Nothing was sent: 2 of 3 rows are invalid.',
      expect.stringMatching(/^Line 3: "score": "many" is not a whole number.* \(INVALID_VALUE\)$/),
      expect.stringMatching(/^Line 5: "score": "too many" is not .* \(INVALID_VALUE\)$/),
      'Correct them, and run the same command again.',
    ],
  ]);
  // They are to be corrected in the file, whose other rows are not sent either.
  expect(readdirSync(cwd)).toEqual(['leads.csv']);
  expect(await lead(first)).toEqual(before);

  const json = JSON.parse((await submit(KEYS.local, ...flags, '--json')).stdout);
  expect(json).toMatchObject({
    total: 3,
    sent: 0,
    jobs: [],
    refused: [
      { line: 3, errors: [{ code: 'INVALID_VALUE' }] },
      { line: 5, errors: [{ code: 'INVALID_VALUE' }] },
    ],
  });
});

test('a file of valid rows is sent once, with --reject-invalid and without', async () => {
  const { submit } = inFolder('lead_id,city', `${nextLead()},${city}`, `NOBODY,${city}`);
  const runs = [];
  for (const flags of [['--reject-invalid'], ['--reject-invalid'], []]) {
    const { stdout } = await submit(KEYS.local, ...flags, '--watch', '--json');
    runs.push(JSON.parse(stdout));
  }
  const counts = { SUCCESS: 1, ERROR: 1, INVALID: 0 };
  expect(runs).toMatchObject([{ counts, sentBefore: 0 }, { sentBefore: 2 }, { sentBefore: 2 }]);
  expect(new Set(runs.flatMap(({ jobs }) => jobs)).size).toBe(1);
});

test('a key without the scope to send is told in one line what to do, and may check', async () => {
  const { submit } = inFolder('lead_id,city', `${nextLead()},${city}`);
  for (const [scope, key] of [
    ['read', KEYS.read],
    ['plan', KEYS.plan],
  ] as const) {
    const { code, stdout, stderr } = await submit(key);
    expect([code, stdout]).toEqual([2, '']);
    const [said, ...more] = stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('sent '));
    expect([said, more]).toEqual([
      `This API key has the scope "${scope}", and the request needs "write". Use a key with the scope "write", or ask the operator for one. Sign in with it: bulk-update login`,
      [],
    ]);
  }
  const tried = await submit(KEYS.plan, '--dry-run');
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('would be applied  1')]);
  expect((await submit(KEYS.read, '--dry-run')).stderr).toContain('the request needs "plan"');
});

test('signing in tells the scope of the key', async () => {
  const cwd = temporaryFolder();
  const env = { XDG_CONFIG_HOME: cwd };
  const { stdout } = await bulk(['login', '--url', url], { cwd, stdin: KEYS.plan, env });
  expect(stdout).toMatch(/^scope +plan$/m);
  expect((await call('/v1/ext/api-key', { key: KEYS.plan })).body._data.scope).toBe('plan');
});
