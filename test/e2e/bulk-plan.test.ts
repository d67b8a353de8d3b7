import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEYS, lead, sampleLeads, update } from '../support/api.ts';
import { BULK_COMMAND, bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testNeeding } from '../support/machine.ts';
import { startScriptedApi } from '../support/scripted-api.ts';
import { stack } from '../support/stack.ts';
import { inTerminal } from '../support/terminal.ts';

const url = stack.baseUrl;
const nextLead = sampleLeads(4_880);
/** The same file is sent once a day, so that each run of the tests needs another one. */
const city = `Jena ${Date.now()}`;

/** Runs the command in a folder with this file. */
function inFolder(...lines: string[]) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'leads.csv'), `${lines.join('\n')}\n`);
  const run = (...args: string[]) => bulk(args, { cwd, url });
  const runWith = (apiKey: string, ...args: string[]) => bulk(args, { cwd, url, apiKey });
  const submit = (...flags: string[]) => run('submit', 'leads.csv', '--procedure', 'lead', ...flags);
  return { cwd, run, runWith, submit };
}

const cityOf = async (id: string) => (await lead(id)).data.city;

test('a file is planned, looked at and approved, and nothing is applied before', async () => {
  const [changed, same] = [nextLead(), nextLead()];
  await update([
    { lead_id: changed, data: { city: 'Goa' }, state: 'NEW' },
    { lead_id: same, data: { city }, state: 'NEW' },
  ]);
  const { cwd, run, submit } = inFolder(
    'lead_id,city,score,state',
    ...[`${changed},${city},,CONVERTED`, `${same},${city},,`, `NOBODY,${city},,`, `${same},,many,`],
  );
  const planned = await submit('--plan');
  const [, job = ''] = /plan (\S+)\nApply it/.exec(planned.stdout) ?? [];
  expect([planned.code, planned.stdout.split('\n')]).toEqual([
    1,
    [
      ...['would be applied  2', 'invalid           1', 'failed            1', ''],
      ...['PROCESS_NOT_FOUND  1', 'INVALID_VALUE      1', ''],
      'Nothing is applied yet. A plan waits 24 hours for its approval.',
      `Look at it: bulk-update plan ${job}`,
      `Apply it: bulk-update approve ${job}`,
      `Discard it: bulk-update cancel ${job}`,
      expect.stringMatching(/^The failed rows \(2 of 4\) are in leads.failed.csv.* --procedure lead --plan$/),
      '',
    ],
  ]);
  expect(readFileSync(join(cwd, 'leads.failed.csv'), 'utf8')).toContain('PROCESS_NOT_FOUND');

  const shown = await run('plan', job);
  expect([shown.code, shown.stdout.split('\n')]).toEqual([
    0,
    [
      ...[`${job} (leads.csv, lead) is PLANNED.`, ''],
      ...['would change  1', 'unchanged     1', 'would fail    2', ''],
      ...['field      rows', 'data.city     1', 'state         1', ''],
      ...['cause              rows', 'PROCESS_NOT_FOUND     1', 'INVALID_VALUE         1', ''],
      'line  process     field      before  after',
      `2     ${changed}  data.city  Goa     ${city}`,
      `2     ${changed}  state      NEW     CONVERTED`,
      '',
      expect.stringMatching(/^line 4, NOBODY: No process .* \(PROCESS_NOT_FOUND\)$/),
      expect.stringMatching(/^line 5, LEAD-\d+: "score": "many" is not .* \(INVALID_VALUE\)$/),
      '',
      `Nothing is applied yet. Apply it: bulk-update approve ${job}`,
      `Discard it: bulk-update cancel ${job}`,
      '',
    ],
  ]);
  const watched = await run('watch', job);
  expect(watched.stdout).toContain(`It waits for your approval. Look at it: bulk-update plan ${job}`);
  expect(await cityOf(changed)).toBe('Goa');

  const unasked = await run('approve', job);
  expect([unasked.code, unasked.stdout]).toEqual([2, '']);
  expect(unasked.stderr).toContain('Nothing was approved, as nobody can be asked.');
  const approved = await run('approve', job, '--yes', '--watch');
  expect([approved.code, approved.stdout]).toEqual([
    1,
    `${job} COMPLETED\napplied  2\ninvalid  1\nfailed   1\n`,
  ]);
  expect(approved.stderr).toContain('would be applied  2');
  expect(await cityOf(changed)).toBe(city);

  const again = await run('approve', job);
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('The plan is approved: 3 entries')]);
  expect((await run('plan', job)).stdout).toContain(
    `This is what was planned. See the results: bulk-update entries ${job}`,
  );
});

test('each request of a file is a plan of its own, which a key for plans makes and discards', async () => {
  const [first, second] = [nextLead(), nextLead()];
  const { run, runWith } = inFolder('lead_id,city', `${first},${city}`, `${second},${city}`);
  const submission = ['submit', 'leads.csv', '-p', 'lead', '--plan', '--batch-size', '1'];
  const planned = await runWith(KEYS.plan, ...submission);
  const [one = '', two = ''] = [...planned.stdout.matchAll(/^ {2}(\S+)$/gm)].map(([, id = '']) => id);
  expect([planned.code, planned.stdout.split('\n')]).toEqual([
    0,
    [
      ...['would be applied  2', ''],
      'Nothing is applied yet. A plan waits 24 hours for its approval.',
      'The file has 2 requests, and each is a plan of its own. Approve them in the order of the file:',
      ...[`  ${one}`, `  ${two}`],
      'Look at each: bulk-update plan JOB',
      'Apply each: bulk-update approve JOB',
      'Discard each: bulk-update cancel JOB',
      '',
    ],
  ]);
  expect(await runWith(KEYS.plan, 'approve', one, '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the request needs "write"'),
  });
  const discarded = await runWith(KEYS.plan, 'cancel', two);
  expect([discarded.code, discarded.stdout]).toEqual([
    0,
    'The plan is discarded. Nothing of it was applied.\n',
  ]);
  const refused = await run('approve', two, '--yes');
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('Plan the file again: bulk-update submit … --plan'),
  ]);
  expect((await run('approve', one, '--yes', '--watch')).code).toBe(0);
  expect([await cityOf(first), await cityOf(second)]).toEqual([city, expect.not.stringContaining(city)]);
});

test('what was sent is not planned, and is told how to look at it', async () => {
  const { run, submit } = inFolder('lead_id,city', `${nextLead()},${city}`);
  const { stdout } = await submit('--json');
  const [job] = JSON.parse(stdout).jobs;
  expect(await run('plan', job)).toMatchObject({
    code: 2,
    stderr: `The job is not a plan. See its results: bulk-update entries ${job}\n`,
  });
  expect(await run('approve', job, '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The job is not a plan that can be approved'),
  });
  expect((await submit('--plan')).stderr).toContain('were sent or planned in the last 24 hours with other');
});

test.for(['--watch', '--dry-run'])('--plan with %s sends nothing', async (flag) => {
  const { code, stderr } = await inFolder('lead_id,city', `${nextLead()},${city}`).submit('--plan', flag);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/'--plan' cannot be used with option/)]);
});

test('what is approved is what was shown: another plan is not', async () => {
  const counts = { INVALID: 0, NOT_STARTED: 1, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
  const meta = {
    ...{ total: 1, retryable: 0, bjEntryCompletionStatusVsCount: counts },
    plannedCompletionStatusVsCount: { INVALID: 0, SUCCESS: 1, ERROR: 0 },
  };
  const api = await startScriptedApi(
    { status: 200, headers: { etag: '"seen"' }, data: { id: 'job-1', completionStatus: 'PLANNED' }, meta },
    { status: 412, errors: [{ code: 'ETAG_MISMATCH', message: 'Another.' }] },
  );
  const refused = await bulk(['approve', 'job-1', '--yes'], { cwd: temporaryFolder(), url: api.url });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('The plan has changed since it was shown, and nothing was approved.'),
  ]);
  expect(api.requests[1]?.headers['if-match']).toBe('"seen"');
});

testNeeding('python3')('a terminal is asked before a plan is approved (needs python3)', async () => {
  const id = nextLead();
  const { submit } = inFolder('lead_id,city', `${id},${city}`);
  const [job] = JSON.parse((await submit('--plan', '--json')).stdout).jobs;
  const env = { ...process.env, BULK_UPDATE_URL: url, BULK_UPDATE_KEY: KEYS.local };
  const kept = inTerminal(BULK_COMMAND, ['approve', job], [['Apply it?', '\r']], env);
  expect([kept.status, kept.stdout]).toEqual([1, expect.stringContaining('Nothing was approved.')]);
  const approved = inTerminal(BULK_COMMAND, ['approve', job, '--watch'], [['Apply it?', 'y']], env);
  expect([approved.status, approved.stdout]).toEqual([0, expect.stringContaining('would be applied  1')]);
  expect(await cityOf(id)).toBe(city);
});
