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
  expect([created.code, created.stdout]).toEqual([0, expect.stringContaining('applied  1')]);
  const tried = await bulk(['submit', 'two.csv', '-p', 'lead', '--upsert', '--dry-run'], {
    cwd,
    url: stack.baseUrl,
  });
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('would be applied  2')]);
  const again = await submit('two.csv', '--create');
  expect(again.code).toBe(1);
  expect(again.stdout).toContain('PROCESS_EXISTS  1');
  expect(again.stdout).toMatch(/submit two.failed.csv --procedure lead --create/);
  const upserted = await submit('two.csv', '--upsert');
  expect(upserted.code).toBe(0);
  expect((await lead(first)).data.city).toBe('Pune');
  expect((await lead(second)).data.city).toBe('Pune');
  const both = await submit('two.csv', '--upsert', '--create');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
});
