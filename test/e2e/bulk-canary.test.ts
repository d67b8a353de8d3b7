import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, type JobData, lead, sampleLeads } from '../support/api.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { stack } from '../support/stack.ts';

const nextLead = sampleLeads(4_560);
const folder = temporaryFolder();

/** Runs the command on a CSV with a row for each primary key. */
async function submit(file: string, ids: readonly string[], ...flags: string[]) {
  await writeFile(join(folder, file), `lead_id,city\n${ids.map((id) => `${id},Oslo`).join('\n')}\n`);
  const args = ['submit', file, '--procedure', 'lead', ...flags];
  return bulk(args, { cwd: folder, url: stack.baseUrl });
}

const missing = (count: number) => Array.from({ length: count }, (_, i) => `NOBODY-${i}`);

test('a canary that fails stops the file: its job is aborted, and no further request is sent', async () => {
  const last = nextLead();
  const before = await lead(last);
  const ids = [nextLead(), ...missing(4), nextLead(), nextLead(), nextLead(), last];
  const { code, stdout, stderr } = await submit('stops.csv', ids, '--canary', '2', '--batch-size', '6');
  expect([code, stderr]).toEqual([1, expect.stringContaining('sent 6 of 9')]);
  expect(stdout).toMatch(
    /is ABORTED\. Stopped: 1 of 2 processed entries failed \(50 %\); the threshold is 0 %\./,
  );
  expect(stdout).toContain(
    '3 items were not sent. Correct the cause, then send the file again with --resend.',
  );
  expect(stdout).toMatch(/The failed rows \(5 of 9\) are in stops\.failed\.csv\..* --canary 2/);
  expect(await lead(last)).toEqual(before);
  const { body } = await call<JobData[]>('/v1/ext/background-job?name=stops.csv');
  expect(body._data.map(({ completionStatus }) => completionStatus)).toEqual(['ABORTED']);

  const again = await submit('stops.csv', ids, '--batch-size', '6');
  expect([again.code, again.stderr]).toEqual([
    2,
    expect.stringContaining('with other options, such as another canary. To send them again, add --resend.'),
  ]);
});

test('a file whose canaries pass is sent to its end', async () => {
  const ids = [nextLead(), nextLead(), nextLead(), ...missing(1)];
  const flags = ['--canary', '1', '--abort-on-error-percent', '50', '--batch-size', '2', '--watch'];
  const { code, stdout } = await submit('passes.csv', ids, ...flags);
  expect(code).toBe(1);
  expect(stdout).toMatch(/applied +3\nfailed +1/);
  expect(stdout).not.toContain('ABORTED');
});

test.for([
  ['--canary', '0'],
  ['--canary', '10001'],
  ['--abort-on-error-percent', '101'],
])('%s %s is refused before anything is sent', async (flags) => {
  const { code, stderr } = await submit('refused.csv', missing(1), ...flags);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${flags[0]}`)]);
});
