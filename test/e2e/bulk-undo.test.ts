import { expect, test } from 'vitest';
import { finished, KEYS, lead, patch, sampleLeads, update } from '../support/api.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startScriptedApi } from '../support/scripted-api.ts';
import { stack } from '../support/stack.ts';

const url = stack.baseUrl;
const nextLead = sampleLeads(1_500);
const cwd = temporaryFolder();
const run = (...args: string[]) => bulk(args, { cwd, url });
const linesOf = (text: string) => text.trimEnd().split('\n');

async function jobOf(items: unknown[], options?: object): Promise<string> {
  const { body } = await patch({ processes: items, ...(options && { options }) });
  await finished(body._data.id);
  return body._data.id;
}

/** A job of which one row can be undone, one in part, one not at all, and one had changed nothing. */
async function mixedJob() {
  const [back, partly, kept, same] = [nextLead(), nextLead(), nextLead(), nextLead()];
  const set = (lead_id: string, city: string, score: number) => ({ lead_id, data: { city, score } });
  await jobOf([back, partly, kept].map((id) => set(id, 'Goa', 1)).concat(set(same, 'Pune', 2)));
  const job = await jobOf(
    [back, partly, kept, same].map((id) => set(id, 'Pune', 2)),
    { source: { file: 'leads.csv', lines: [2, 3, 4, 5] } },
  );
  await jobOf([{ lead_id: partly, data: { city: 'Oslo' } }, set(kept, 'Rome', 9)]);
  return { job, back, partly, kept, same };
}

test('an undo is looked at, applied and told of, and undone itself', async () => {
  const { job, back, partly, kept } = await mixedJob();
  const dry = await run('undo', job, '--dry-run');
  expect([dry.code, linesOf(dry.stdout)]).toEqual([
    0,
    [
      'would be as before         1',
      'would be partly as before  1',
      'would be kept              1',
      'unchanged                  1',
      '',
      'field       rows',
      'data.score     2',
      'data.city      1',
      '',
      'line  process     field       before  after',
      `2     ${back}  data.city   Pune    Goa`,
      `2     ${back}  data.score  2       1`,
      `3     ${partly}  data.score  2       1`,
      '',
      'line  process     stays, as something newer has set it',
      `3     ${partly}  data.city`,
      `4     ${kept}  all that the job set`,
      '',
      `Nothing is undone yet. Undo it: bulk-update undo ${job}`,
    ],
  ]);
  expect((await lead(back)).data.city).toBe('Pune');

  const undone = await run('undo', job, '--watch');
  const [, undo = ''] = /^(\S+) COMPLETED$/m.exec(undone.stdout) ?? [];
  expect([undone.code, linesOf(undone.stdout)]).toEqual([
    0,
    [
      `${undo} COMPLETED`,
      `It undoes the job ${job}.`,
      'as before         1',
      'partly as before  1',
      'kept              1',
      'unchanged         1',
      '',
      `See each entry: bulk-update entries ${undo}`,
    ],
  ]);
  const [first, second, third] = [await lead(back), await lead(partly), await lead(kept)];
  expect([first.data, second.data, third.data]).toMatchObject([
    { city: 'Goa', score: 1 },
    { city: 'Oslo', score: 1 },
    { city: 'Rome', score: 9 },
  ]);
  expect((await run('entries', undo)).stdout).toContain(
    `1\t${partly}\tSUCCESS\tREVERTED, kept: data.city\t3\n`,
  );

  const again = await run('undo', job);
  expect([again.code, again.stdout]).toEqual([
    0,
    `The job is undone already, by ${undo}. Watch the undo: bulk-update watch ${undo}\n`,
  ]);
  expect((await run('watch', job)).stdout).toContain(`The job ${undo} undoes it.`);
  const listed = (await run('jobs', '--limit', '2')).stdout.split('\n');
  expect(listed.find((line) => line.startsWith(undo))).toMatch(new RegExp(` undoes ${job}$`));
  expect((await run('retry', job)).stderr).toContain('Submit what is still to change as a new file.');

  const back2 = await run('undo', undo, '--watch', '--json');
  expect([back2.code, JSON.parse(back2.stdout)]).toMatchObject([
    0,
    { undoes: undo, outcomes: { reverted: 2, unchanged: 2 } },
  ]);
  expect((await lead(back)).data.city).toBe('Pune');
});

test('without --watch an undo is only queued', async () => {
  const lead_id = nextLead();
  await jobOf([{ lead_id, data: { city: 'Goa' } }]);
  const job = await jobOf([{ lead_id, data: { city: 'Pune' } }]);
  const { code, stdout } = await run('undo', job, '--json');
  const accepted = JSON.parse(stdout);
  expect([code, accepted]).toMatchObject([0, { job: { undoes: job }, total: 1, isReplay: false }]);
  await finished(accepted.job.id);
  expect((await lead(lead_id)).data.city).toBe('Goa');
});

test('a key for plans may look at an undo, and no more', async () => {
  const lead_id = nextLead();
  const job = await jobOf([{ lead_id, data: { city: 'Pune' } }]);
  const place = { cwd, url, apiKey: KEYS.plan };
  const dry = await bulk(['undo', job, '--dry-run', '--json'], place);
  expect([dry.code, JSON.parse(dry.stdout)]).toMatchObject([0, { total: 1, outcomes: { reverted: 1 } }]);
  expect(await bulk(['undo', job], place)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/needs "write".* Sign in with it: bulk-update login\n$/),
  });
  expect((await lead(lead_id)).data.city).toBe('Pune');
});

test('nothing to undo is told, with what to do', async () => {
  const { data } = await update([{ lead_id: 'NOBODY', data: { city: 'Pune' } }]);
  expect(await run('undo', data.id)).toMatchObject({
    code: 2,
    stderr:
      'No entry of the job has succeeded, so there is nothing to undo. See its results: bulk-update entries\n',
  });
});

test('a job that runs is waited for or stopped before it is undone', async () => {
  const { body } = await patch({
    processes: [{ lead_id: nextLead(), state: 'NEW' }],
    options: { plan: true },
  });
  expect(await run('undo', body._data.id, '--dry-run')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'Wait for its end with bulk-update watch, or stop it with bulk-update cancel.',
    ),
  });
});

test('what cannot be given back fails the command', async () => {
  const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 1, ERROR: 1, CANCELLED: 0 };
  const entry = {
    index: 0,
    completionStatus: 'SUCCESS',
    outcome: 'REVERTED',
    errors: [],
    before: {},
    after: {},
  };
  const lost = { code: 'NOT_REVERSIBLE', message: 'It was not recorded.' };
  const api = await startScriptedApi({
    status: 200,
    data: {
      entries: [
        { ...entry, line: null, identifier: { lead_id: 'L-1' } },
        {
          ...entry,
          index: 1,
          completionStatus: 'ERROR',
          outcome: null,
          errors: [lost],
          identifier: { id: 'x' },
        },
      ],
    },
    meta: { total: 2, bjEntryCompletionStatusVsCount: counts },
  });
  const { code, stdout } = await bulk(['undo', 'job-1', '--dry-run'], { cwd, url: api.url });
  expect([code, linesOf(stdout)]).toEqual([
    1,
    [
      'would be as before  1',
      'not reversible      1',
      '',
      'cause           rows',
      'NOT_REVERSIBLE     1',
      '',
      'index 1, x: It was not recorded. (NOT_REVERSIBLE)',
      '',
      'Nothing is undone yet. Undo it: bulk-update undo job-1',
    ],
  ]);
});

test('--dry-run with --watch undoes nothing', async () => {
  const { code, stderr } = await run('undo', 'job-1', '--dry-run', '--watch');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("'--dry-run' cannot be used with option '--watch'"),
  ]);
});
