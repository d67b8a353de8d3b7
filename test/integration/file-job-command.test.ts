import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bulk, startBulk } from '../support/bulk-command.ts';
import { type FileApiOptions, startFileApi } from '../support/file-api.ts';
import { temporaryFolder } from '../support/folder.ts';

const ROWS = 10_001;
const lines = Array.from({ length: ROWS }, (_, row) => `LEAD-${row},City ${row}`);

/** The command in a folder with a file that becomes one job, and the places where it may leave something. */
async function place(options: FileApiOptions = {}) {
  const endOf = ({ lead_id }: Record<string, unknown>) =>
    lead_id === 'LEAD-7'
      ? { status: 'ERROR' as const, code: 'PROCESS_NOT_FOUND', message: 'There is none.' }
      : { status: 'SUCCESS' as const };
  const api = await startFileApi({ partSize: 20_000, rowsOfResult: 5_000, endOf, ...options });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'leads.csv'), `lead_id,city\n${lines.join('\n')}\n`);
  for (const name of ['temporary', 'config']) mkdirSync(join(cwd, name));
  const env = { TMPDIR: join(cwd, 'temporary'), XDG_CONFIG_HOME: join(cwd, 'config') };
  const at = { cwd, url: api.url, env };
  const submit = ['submit', 'leads.csv', '-p', 'lead'];
  const left = () => ({
    temporary: readdirSync(env.TMPDIR),
    uploads: readdirSync(env.XDG_CONFIG_HOME, { recursive: true }).filter((name) =>
      /\.\w+$/.test(String(name)),
    ),
  });
  return {
    ...api,
    left,
    run: (...args: string[]) => bulk(args, at),
    submit: (...flags: string[]) => bulk([...submit, ...flags], at),
    start: (...flags: string[]) => startBulk([...submit, ...flags], at),
    read: (name: string) => readFileSync(join(cwd, name), 'utf8'),
  };
}

test('a file of more than a request is one job, and its failed rows are in a file', async () => {
  const { submit, jobs, read, left } = await place();
  const { code, stdout, stderr } = await submit('--watch');
  expect(code, stderr).toBe(1);
  expect(stdout).toMatch(/^applied {2}10,000\nfailed {8}1\n\nPROCESS_NOT_FOUND {2}1\n\n/);
  expect(stdout).toContain(
    'leads.failed.csv. Correct it and send the file: bulk-update submit leads.failed.csv',
  );
  expect(stderr).toContain('read 10,001 of 10,001');
  expect(stderr).toMatch(/processed 10,001 of 10,001/);
  expect(read('leads.failed.csv')).toBe(
    'lead_id,city,_error_code,_error_message\nLEAD-7,City 7,PROCESS_NOT_FOUND,There is none.\n',
  );
  expect(JSON.parse(jobs[0]?.body ?? '')).toMatchObject({
    options: { name: 'leads.csv', source: { file: 'leads.csv' } },
  });
  expect([jobs.length, left()]).toEqual([1, { temporary: [], uploads: [] }]);

  const again = await submit();
  expect(again.stdout).toContain(
    '10,001 items were already accepted in the last 24 hours and not sent twice.',
  );
  expect(jobs).toHaveLength(1);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s the same command sends what is missing',
  async (signal) => {
    let isHeld = true;
    const { start, submit, jobs, sent, left } = await place({
      partSize: 5_000,
      faultOfPart: ({ number }) => (isHeld && number > 3 ? 503 : undefined),
    });
    const running = start('--watch');
    await vi.waitFor(() => expect(jobs[0]?.parts.size).toBe(3), 20_000);
    await vi.waitFor(() => expect(left().uploads).toHaveLength(1), 5_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    running.process.kill(signal);
    const { code, stderr } = await running.ended;
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(stderr).toMatch(
      /1 of 1 MB are uploaded, and nothing is applied yet\. Run the same command again within 24 hours/,
    );
    expect(left()).toMatchObject({
      temporary: [],
      uploads: [expect.stringMatching(/uploads.[0-9a-f]{64}\.json$/)],
    });

    isHeld = false;
    sent.length = 0;
    expect((await submit('--watch')).code).toBe(1);
    expect(sent.filter((number) => number <= 3)).toEqual([]);
    expect([jobs.length, jobs[0]?.rows.length, left()]).toEqual([1, ROWS, { temporary: [], uploads: [] }]);
  },
);

test('who does not wait is told how to get the results, and how to send the file again on purpose', async () => {
  const { submit, jobs } = await place();
  const { code, stdout } = await submit();
  expect([code, stdout]).toEqual([
    0,
    'applied               0\nnot applied yet  10,001\n\nSee the results, without sending anything twice: run the same command with --watch\n',
  ]);
  const resent = await submit('--resend');
  expect(resent.stdout).toMatch(/run|bulk-update submit leads.csv .*--continue \S+ --watch/);
  expect(jobs).toHaveLength(2);
});

test('a job that waits for its file is told by watch, and listed', async () => {
  const { run, start, jobs } = await place({ faultOfPart: () => 503 });
  const running = start();
  await vi.waitFor(() => expect(jobs).toHaveLength(1), 20_000);
  const { code, stdout } = await run('watch', 'file-1');
  running.process.kill('SIGKILL');
  expect([code, stdout]).toEqual([
    0,
    'file-1 AWAITING_UPLOAD\nSend its file by the same command that began the job, or cancel the job.\n',
  ]);
  await running.ended;
});
