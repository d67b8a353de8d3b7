import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lead, sampleLeads, update } from '../support/api.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { stack } from '../support/stack.ts';

const url = stack.baseUrl;
const nextLead = sampleLeads(4_900);
/** The same file is sent once a day, so that each run of the tests needs another one. */
const city = `Gera ${Date.now()}`;

function inFolder(...lines: string[]) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'leads.csv'), `${lines.join('\n')}\n`);
  const submit = (...flags: string[]) =>
    bulk(['submit', 'leads.csv', '--procedure', 'lead', ...flags], { cwd, url });
  return { cwd, submit };
}

test('a row is applied only where the process has what its column says', async () => {
  const [right, stale, none, filled] = [nextLead(), nextLead(), nextLead(), nextLead()];
  await update([
    { lead_id: right, state: 'NEW', data: { budget: 1234.5 }, assignedTo: 'ann' },
    { lead_id: stale, state: 'CONVERTED', data: { budget: 1234.5 }, assignedTo: 'ann' },
    { lead_id: none, state: 'NEW', data: { budget: null }, assignedTo: null },
    { lead_id: filled, state: 'NEW', data: { budget: 1 }, assignedTo: null },
  ]);
  const { cwd, submit } = inFolder(
    'lead_id;city;Stage;Umsatz;assignedTo',
    ...[`${right};${city};new;1.234,50;ann`, `${stale};${city};new;1.234,50;ann`],
    // An empty cell and the clear marker both mean that there is no value.
    ...[`${none};${city};new;;\\N`, `${filled};${city};new;;`],
  );
  const expected = [
    '--expect',
    'Stage=state',
    '--expect',
    'Umsatz=budget',
    '--expect',
    'assignedTo=assignedTo',
  ];
  const { code, stdout, stderr } = await submit(...expected, '--locale', 'de', '--watch');
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^applied +2\nfailed +2\n\nPRECONDITION_FAILED +2\n/),
  ]);
  expect(stdout).toContain(`${expected.join(' ')} --locale de`);
  expect(stderr).toContain('"Umsatz": 1.234,50 is read as 1234.50 (2 cells).');
  const cities = await Promise.all(
    [right, stale, none, filled].map(async (id) => (await lead(id)).data.city),
  );
  expect(cities).toEqual([city, expect.not.stringContaining(city), city, expect.not.stringContaining(city)]);
  // What is expected is not sent.
  expect(await lead(right)).toMatchObject({ state: 'NEW', assignedTo: 'ann' });
  const failed = readFileSync(join(cwd, 'leads.failed.csv'), 'utf8').split('\n');
  expect(failed).toEqual([
    expect.stringMatching(/^.?lead_id;city;Stage;Umsatz;assignedTo;_error_code;_error_message$/),
    expect.stringMatching(`^${stale};${city};new;1.234,50;ann;PRECONDITION_FAILED;.*CONVERTED`),
    expect.stringMatching(`^${filled};${city};new;;;PRECONDITION_FAILED;.*budget`),
    '',
  ]);
});

test('a column is expected and sent when it is mapped, too', async () => {
  const id = nextLead();
  await update([{ lead_id: id, state: 'NEW' }]);
  const { version } = await lead(id);
  const { submit } = inFolder('lead_id,state,Version,city', `${id},NEW,${version},${city}`);
  const flags = ['--expect', 'state=state', '--map', 'state=state', '--expect', 'Version=version'];
  expect((await submit(...flags, '--dry-run')).code).toBe(0);
  expect((await submit(...flags, '--watch')).code).toBe(0);
  expect(await lead(id)).toMatchObject({ state: 'NEW', data: { city }, version: (version ?? 0) + 1 });
});

test('an expectation that is not one sends nothing, and the nearest name is told', async () => {
  const id = nextLead();
  const { submit } = inFolder('lead_id,city,Stage', `${id},${city},NEW`);
  const of = async (...flags: string[]) => (await submit(...flags)).stderr;
  const [unknown, twice] = await Promise.all([
    of('--expect', 'Stge=state', '--expect', 'Stage=stat'),
    of('--expect', 'Stage=state', '--expect', 'lead_id=state'),
  ]);
  expect(unknown.split('\n')).toEqual([
    'Nothing was sent.',
    '--expect names the column "Stge", which the file does not have. Did you mean "Stage"?',
    '--expect Stage=stat: "stat" is nothing that a process of lead can be expected to have. Did you mean "state"?',
    '',
  ]);
  expect(twice).toContain('The member "state" is expected already, by "Stage=state". Omit one of them.');
  const invalid = await submit('--expect', 'Stage=version', '--watch');
  expect([invalid.code, invalid.stdout]).toEqual([1, expect.stringContaining('INVALID_VALUE  1')]);
});
