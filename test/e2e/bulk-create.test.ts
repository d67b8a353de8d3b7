import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lead } from '../support/api.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { stack } from '../support/stack.ts';

const run = Date.now();

test('a file creates what is missing, or only that', async () => {
  const cwd = temporaryFolder();
  const [first, second] = [`CLI-${run}-1`, `CLI-${run}-2`];
  writeFileSync(join(cwd, 'one.csv'), `lead_id,city\n${first},Goa\n`);
  writeFileSync(join(cwd, 'two.csv'), `lead_id,city\n${first},Pune\n${second},Pune\n`);
  const submit = (...args: string[]) =>
    bulk(['submit', ...args, '-p', 'lead', '--watch'], { cwd, url: stack.baseUrl });

  const created = await submit('one.csv', '--create');
  expect([created.code, created.stdout]).toEqual([0, 'applied    1\n  created  1\n\n']);
  const tried = await bulk(['submit', 'two.csv', '-p', 'lead', '--upsert', '--dry-run'], {
    cwd,
    url: stack.baseUrl,
  });
  expect([tried.code, tried.stdout.split('\n')]).toEqual([
    0,
    [
      ...['would be applied    2', '  would be created  1', ''],
      'Nothing was sent. To send the file, run the same command without --dry-run.',
      '',
    ],
  ]);
  const again = await submit('two.csv', '--create');
  expect(again.code).toBe(1);
  expect(again.stdout).toContain('PROCESS_EXISTS  1');
  expect(again.stdout).toMatch(/submit two.failed.csv --procedure lead --create/);
  const upserted = await submit('two.csv', '--upsert');
  expect([upserted.code, upserted.stdout]).toEqual([0, 'applied    2\n  created  0\n\n']);
  expect((await lead(first)).data.city).toBe('Pune');
  expect((await lead(second)).data.city).toBe('Pune');
  const both = await submit('two.csv', '--upsert', '--create');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
});

test('what a plan, a run or an undo of it creates or deletes is counted', async () => {
  const [existing, missing] = [`CLI-${run}-3`, `CLI-${run}-4`];
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'one.csv'), `lead_id,city\n${existing},Goa\n`);
  writeFileSync(join(cwd, 'two.csv'), `lead_id,city\n${existing},Pune\n${missing},Pune\n`);
  const runIn = (...args: string[]) => bulk(args, { cwd, url: stack.baseUrl });
  await runIn('submit', 'one.csv', '-p', 'lead', '--create', '--watch');

  const two = ['submit', 'two.csv', '-p', 'lead', '--upsert'];
  const planned = await runIn(...two, '--plan', '--json');
  expect(JSON.parse(planned.stdout)).toMatchObject({ created: 1, planned: { SUCCESS: 2 } });
  const [plan] = JSON.parse(planned.stdout).jobs;
  const shown = await runIn('plan', plan);
  expect(shown.stdout).toMatch(/would change +1\nwould be created +1\n/);
  expect(shown.stdout).toMatch(new RegExp(`\nline +would be created .*\n3 +${missing} `));

  const applied = JSON.parse((await runIn(...two, '--resend', '--watch', '--json')).stdout);
  expect(applied).toMatchObject({ created: 1, counts: { SUCCESS: 2 } });
  const [job] = applied.jobs;
  const undoing = await runIn('undo', job, '--dry-run');
  expect(undoing.stdout).toMatch(/^would be as before +1\nwould be deleted +1\n/);
});

test('a file whose job was undone is not applied, and is sent again by --resend', async () => {
  const cwd = temporaryFolder();
  const id = `CLI-${run}-5`;
  writeFileSync(join(cwd, 'a.csv'), `lead_id,city\n${id},Goa\n`);
  const runIn = (...args: string[]) => bulk(args, { cwd, url: stack.baseUrl });
  const create = ['submit', 'a.csv', '-p', 'lead', '--create'];
  const [job] = JSON.parse((await runIn(...create, '--watch', '--json')).stdout).jobs;
  const undo = JSON.parse((await runIn('undo', job, '--watch', '--json')).stdout).id;
  const again = await runIn(...create);
  expect(again.stdout.split('\n').slice(-5)).toEqual([
    '1 item was already accepted in the last 24 hours and not sent twice.',
    `The job ${job} was undone by ${undo}. Nothing of it is applied now.`,
    'To send it again, add --resend.',
    expect.stringContaining('See the results'),
    '',
  ]);
  expect((await runIn(...create, '--resend', '--watch')).code).toBe(0);
  expect((await lead(id)).data.city).toBe('Goa');
});
