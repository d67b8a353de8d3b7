import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { call, KEYS, lead, sampleLeads } from '../support/api.ts';
import { bulk, type CommandResult, startBulk } from '../support/bulk-command.ts';
import { place, told } from '../support/bulk-place.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import { localParts } from '../support/local.ts';
import { testNeeding } from '../support/machine.ts';
import { stack } from '../support/stack.ts';

const url = stack.baseUrl;
const isLocal = stack.local !== undefined;
const nextLead = sampleLeads(850);
const city = `Bergen ${Date.now()}`;
const MARK = '\uFEFF';
let keys = 0;

function newKey(): string {
  keys += 1;
  return `NEW-${Date.now()}-${keys}`;
}

/** Makes a process, as another system does. */
async function create(lead_id: string): Promise<void> {
  const { documents, tables } = localParts();
  const id = crypto.randomUUID();
  const process = { id, team: 'local', procedure: 'lead', primaryKey: lead_id, status: 'OPEN', state: 'NEW' };
  const Item = { ...process, data: { lead_id }, clocks: {}, createdAt: Date.now(), updatedAt: Date.now() };
  await documents.send(new PutCommand({ TableName: tables.processes, Item }));
}

const cityOf = async (key: string) => (await lead(key)).data?.city;
const counted = ({ stdout }: CommandResult) => JSON.parse(stdout) as { jobs: string[]; sentBefore: number };

test('lines that end in several ways bring cells without a trace of them', async () => {
  const [a, b, c, d] = [nextLead(), nextLead(), nextLead(), nextLead()];
  const { run } = place({
    'mixed.csv': `lead_id,city\n${a},${city}\r\n${b},"${city}"\r${c},"x\r\ny"\n`,
    'key-last.csv': `city,lead_id\n${city},${d}\r\n`,
  });
  for (const file of ['mixed.csv', 'key-last.csv']) {
    expect((await run('submit', file, '-p', 'lead', '--watch')).code).toBe(0);
  }
  expect(await Promise.all([a, b, c, d].map(cityOf))).toEqual([city, city, 'x\r\ny', city]);
});

test('failed rows keep the byte order mark, so that a spreadsheet reads them as the file', async () => {
  const key = nextLead();
  const { run, read, type } = place({
    'marked.csv': `${MARK}lead_id,city,score\r\n${key},São Paulo,many\r\n`,
    'plain.csv': `lead_id,city,score\n${key},Oslo,many\n`,
  });
  const { stdout } = await run('submit', 'marked.csv', '-p', 'lead', '--watch');
  expect(read('marked.failed.csv')).toMatch(
    new RegExp(`^${MARK}lead_id,city,score,_error_code,_error_message\n`),
  );
  expect(
    (await run('submit', 'plain.csv', '-p', 'lead', '--dry-run', '--failed', 'plain-failed.csv')).code,
  ).toBe(1);
  expect(read('plain-failed.csv')).toMatch(/^lead_id,city,score,_error_code/);
  expect((await type(told(stdout))).code).toBe(1);
});

test.skipIf(!isLocal)(
  'failed rows are sent as told once the cause is gone, and no row is applied twice',
  async () => {
    const [first, second] = [newKey(), newKey()];
    const { run, read, type } = place({ 'new.csv': `lead_id,city\n${first},${city}\n${second},${city}\n` });
    const failed = await run('submit', 'new.csv', '-p', 'lead', '--watch');
    expect(failed.stdout).toContain('PROCESS_NOT_FOUND  2');
    expect(told(failed.stdout)).toBe('bulk-update submit new.failed.csv --procedure lead --watch');

    // Nothing has changed yet: the rows are tried again, and fail again.
    const again = await type(told(failed.stdout));
    expect(again.stdout).toContain('PROCESS_NOT_FOUND  2');
    expect(told(again.stdout)).toBe('bulk-update submit new.failed-2.csv --procedure lead --watch');
    expect(read('new.failed-2.csv')).toBe(read('new.failed.csv'));

    await create(first);
    await create(second);
    const applied = await type(`${told(again.stdout)} --json`);
    expect(applied.code).toBe(0);
    expect(counted(applied)).toMatchObject({ sentBefore: 0, counts: { SUCCESS: 2 } });
    expect(await cityOf(first)).toBe(city);

    const { version } = await lead(first);
    for (const file of ['new.failed-2.csv', 'new.failed.csv', 'new.csv']) {
      const repeated = await run('submit', file, '-p', 'lead', '--watch', '--json');
      expect(repeated.code).toBe(0);
      expect(counted(repeated)).toMatchObject({ sentBefore: 2, jobs: counted(applied).jobs });
    }
    expect((await lead(first)).version).toBe(version);
  },
);

test.skipIf(!isLocal)(
  'failed rows are sent once the cause is gone, whatever was done to their file',
  async () => {
    const umlauts = `Zürich Straße ${city}`;
    const changes: [string, (text: string) => string][] = [
      ['the columns of the errors taken out', (text) => text.replace(/^([^,]*,[^,]*),.*$/gm, '$1')],
      ['another order', (text) => text.replace(/^([^,]*),([^,]*),([^,]*),(.*)$/gm, '$3,$2,$1,$4')],
      ['saved by a spreadsheet', (text) => `${MARK}${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`],
    ];
    for (const [what, change] of changes) {
      const key = newKey();
      const { run, read, cwd } = place({ 'new.csv': `lead_id,city\n${key},${umlauts}\n` });
      expect((await run('submit', 'new.csv', '-p', 'lead', '--watch')).code, what).toBe(1);
      await create(key);
      writeFileSync(join(cwd, 'new.failed.csv'), change(read('new.failed.csv').replace(MARK, '')));
      const applied = await run('submit', 'new.failed.csv', '-p', 'lead', '--watch', '--json');
      expect(counted(applied), `${what}: ${read('new.failed.csv')}`).toMatchObject({
        sentBefore: 0,
        counts: { SUCCESS: 1 },
      });
      expect(await cityOf(key)).toBe(umlauts);
    }
  },
);

test.skipIf(!isLocal)('failed items of JSON are sent as told once the cause is gone', async () => {
  const key = newKey();
  const { run, type } = place({
    'new.json': `[{"lead_id":"${key}","data":{"city":"${city}","score":null}}]`,
  });
  const failed = await run('submit', 'new.json', '-p', 'lead', '--watch', '--failed', 'rest.txt');
  expect(told(failed.stdout)).toBe('bulk-update submit rest.txt --procedure lead --format ndjson --watch');
  await create(key);
  expect((await type(told(failed.stdout))).code).toBe(0);
  expect(await cityOf(key)).toBe(city);
});

test('what the cells mean is told again for the rows that failed, as a shell takes it', async () => {
  const key = nextLead();
  const { run, read, type, cwd } = place({
    "kunde's.txt": `sep=~\nKunde's Nr~Ort, Land~Note~Punkte~\n${key}~-~x~many\n`,
  });
  const flags = [
    "--map=Kunde's Nr=lead_id",
    '--map',
    'Ort, Land=city',
    '--ignore-unknown-columns',
    '--pad-short-rows',
  ];
  const more = [
    '--map',
    'Punkte=score',
    '--clear-marker',
    '-',
    '--delimiter',
    '~',
    '--failed',
    "what's left.csv",
  ];
  const { stdout, stderr } = await run('submit', "kunde's.txt", '-p', 'lead', ...flags, ...more, '--watch');
  expect(stderr).toContain('Omitted, as unknown columns: "Note".');
  expect(told(stdout)).toBe(
    `bulk-update submit 'what'\\''s left.csv' --procedure lead --map 'Kunde'\\''s Nr=lead_id' --map 'Ort, Land=city' --map Punkte=score --clear-marker - --delimiter '~' --pad-short-rows --ignore-unknown-columns --watch`,
  );
  expect(read("what's left.csv")).toMatch(
    /^sep=~\nKunde's Nr~Ort, Land~Note~Punkte~~_error_code~_error_message\n/,
  );
  writeFileSync(join(cwd, "what's left.csv"), read("what's left.csv").replace('many', '7'));
  expect((await type(told(stdout))).code).toBe(0);
  expect((await lead(key)).data).toMatchObject({ score: 7 });
  expect((await lead(key)).data).not.toHaveProperty('city');
});

test.skipIf(url.startsWith('https:'))(
  'a run of --resend that is stopped goes on with the command that it tells, and sends nothing twice',
  async () => {
    const ids = Array.from({ length: 6 }, nextLead);
    const { run, type, cwd } = place({
      'many.csv': `lead_id,city\n${ids.map((id) => `${id},${city}\n`).join('')}`,
    });
    const args = ['submit', 'many.csv', '--procedure', 'lead', '--batch-size', '2'];
    expect((await run(...args, '--watch')).code).toBe(0);
    const before = await Promise.all(ids.map(async (id) => Number((await lead(id)).version)));

    const hangs = Promise.withResolvers<void>();
    let requests = 0;
    const proxy = await startFaultyProxy(url, (_operation, body) => {
      if (body !== '') requests += 1;
      if (requests < 3) return undefined;
      hangs.resolve();
      return 'HANG';
    });
    const stopped = startBulk([...args, '--resend', '--watch'], {
      cwd,
      url: proxy.endpoint,
      apiKey: KEYS.local,
    });
    await hangs.promise;
    stopped.process.kill('SIGINT');
    const { code, stderr } = await stopped.ended;
    await proxy.stop();
    expect(code).toBe(130);
    const [, command = ''] =
      /4 of 6 items were sent, in 2 jobs\. Continue .*: (bulk-update .*)$/m.exec(stderr) ?? [];
    expect(command).toMatch(
      /^bulk-update submit many\.csv --procedure lead --batch-size 2 --continue \S+Z --watch$/,
    );

    const resumed = await type(`${command} --json`);
    expect(resumed.code).toBe(0);
    expect(counted(resumed)).toMatchObject({ sent: 6, sentBefore: 4, counts: { SUCCESS: 6 } });
    const repeated = await type(`${command} --json`);
    expect(counted(repeated)).toMatchObject({ sentBefore: 6, jobs: counted(resumed).jobs });
    const after = await Promise.all(ids.map(async (id) => Number((await lead(id)).version)));
    expect(after).toEqual(before.map((version) => version + 1));
  },
);

test('a run of --resend that nobody waits for is watched with the command that it tells', async () => {
  const ids = Array.from({ length: 3 }, nextLead);
  const { run, type } = place({
    'three.csv': `lead_id,city\n${ids.map((id) => `${id},${city}\n`).join('')}`,
  });
  const { stdout } = await run('submit', 'three.csv', '-p', 'lead', '--batch-size', '1', '--resend');
  const [, command = ''] = /See the results, .*: (bulk-update .*)$/m.exec(stdout) ?? [];
  const watched = await type(`${command} --json`);
  expect(counted(watched)).toMatchObject({ sentBefore: 3, counts: { SUCCESS: 3 } });
});

test('what misspells a safeguard never writes', async () => {
  const key = nextLead();
  const { run, cwd } = place({
    'a.csv': `lead_id,city\n${key},DRY\n`,
    'a.ndjson': `{"lead_id":"${key}","data":{"city":"DRY"}}\n`,
  });
  const before = await lead(key);
  const calls: [string[], string][] = [
    [['--dryrun'], "unknown option '--dryrun'\n(Did you mean --dry-run?)"],
    [['--dry_run'], '(Did you mean --dry-run?)'],
    [['--dry-run=false'], "unknown option '--dry-run=false'"],
    [['--dry-run=true'], "unknown option '--dry-run=true'"],
    [['--no-dry-run'], '(Did you mean --dry-run?)'],
    [['dry-run'], 'too many arguments'],
    [['--clear-marker', ''], 'It is empty, and an empty cell leaves its field as it is.'],
    [['--delimiter', 'ab'], 'Give one character'],
    [['--delimiter', ''], 'Give one character'],
    [['--batch-size', '0'], 'Give a number above 0'],
    [['--continue', 'yesterday'], 'Give the time that a run of --resend printed'],
    [['--continue', new Date(Date.now() - 25 * 3_600_000).toISOString()], 'older than 24 hours'],
    [['--continue', new Date(Date.now() - 1_000).toISOString(), '--resend'], 'cannot be used with'],
  ];
  for (const [flags, message] of calls) {
    const { code, stderr } = await run('submit', 'a.csv', '-p', 'lead', ...flags);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  }
  for (const flags of [
    ['--key', 'x'],
    ['--map', 'a='],
    ['--clear-marker', '-'],
    ['--delimiter', ';'],
    ['--pad-short-rows'],
  ]) {
    const { code, stderr } = await run('submit', 'a.ndjson', '-p', 'lead', ...flags);
    expect(stderr).toContain(`${flags[0]} is only for CSV, and the file is JSON. Omit the flag.`);
    expect(code).toBe(2);
  }
  const variables: [Record<string, string>, string][] = [
    [{ BULK_UPDATE_DRY_RUN: '1' }, 'BULK_UPDATE_DRY_RUN is unknown'],
    [{ npm_lifecycle_event: 'bulk', npm_config_dry_run: 'true' }, 'npm took --dry-run for itself.'],
  ];
  for (const [env, message] of variables) {
    const result = await bulk(['submit', 'a.csv', '-p', 'lead'], { cwd, url, apiKey: KEYS.local, env });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  }
  expect(await lead(key)).toEqual(before);
});

test('npm that takes --dry-run for itself sends nothing', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { cwd } = place({ 'a.csv': 'lead_id,city\nLEAD-910,DRY\n' });
  const args = ['run', 'bulk', '--dry-run', '--', 'submit', join(cwd, 'a.csv'), '-p', 'lead'];
  const { status, stderr } = spawnSync('npm', args, {
    cwd: root,
    env: { ...process.env, BULK_UPDATE_URL: url, BULK_UPDATE_KEY: KEYS.local },
    encoding: 'utf8',
  });
  expect(stderr).toContain('npm took --dry-run for itself.');
  expect(status).not.toBe(0);
});

test('the remedies for columns, rows and keys are what helps, word for word', async () => {
  const [a, b] = [nextLead(), nextLead()];
  const columns: [string, RegExp][] = [
    [`lead_id,Ctiy\n${a},${city}\n`, /Send it as another with (--map \S+), or/],
    [`lead_id,city,"Stadt ""x"" $y"\n${a},${city},z\n`, /[Oo]mit it with (--map '.*?=')[.,]/m],
    [`lead_id,city,\n${a},${city},z\n`, /omit columns without a name with (--map "=")\./],
    [`lead_id,city,score\n${a},${city}\n`, /send the file with the command line and (--pad-short-rows)\./],
  ];
  for (const [text, pattern] of columns) {
    const { run, type } = place({ 'a.csv': text });
    const refused = await run('submit', 'a.csv', '-p', 'lead', '--dry-run');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Nothing was sent\.\n/) });
    const [, flag = ''] = pattern.exec(refused.stderr) ?? [];
    const helped = await type(`bulk-update submit a.csv -p lead --dry-run ${flag}`);
    expect(helped, refused.stderr).toMatchObject({ code: 0 });
  }
  const { run } = place({ 'a.csv': `lead_id,city\n${b},${city}\n` });
  expect((await run('submit', 'a.csv', '-p', 'lead', '--watch')).code).toBe(0);
  const sentBefore = await run('submit', 'a.csv', '-p', 'lead');
  expect(sentBefore.stdout).toContain('To send it again, add --resend.');
  expect((await run('submit', 'a.csv', '-p', 'lead', '--resend', '--json')).stdout).toContain(
    '"sentBefore":0',
  );
});

testNeeding('chmod')(
  'a key that others may read is read after the command that is told (needs chmod)',
  async () => {
    const { run, cwd } = place({ key: KEYS.local });
    chmodSync(join(cwd, 'key'), 0o644);
    const readable = await run('jobs', '--api-key-file', 'key');
    const [, command = ''] = /Run: (.*)$/m.exec(readable.stderr) ?? [];
    expect(spawnSync('sh', ['-c', command], { cwd }).status).toBe(0);
    expect((await run('jobs', '--api-key-file', 'key', '--limit', '1')).code).toBe(0);
  },
);

test('a profile is added as the message says', async () => {
  const { run, cwd } = place({});
  process.env.XDG_CONFIG_HOME = cwd;
  const { stderr } = await run('jobs', '--profile', 'mine');
  const [, command = ''] = /run: bulk-update (.*)$/m.exec(stderr) ?? [];
  const words = [...command.split(' '), '--url', url];
  expect(await bulk(words, { cwd, stdin: KEYS.local })).toMatchObject({ code: 0, stderr: '' });
  expect((await run('jobs', '--profile', 'mine', '--limit', '1')).code).toBe(0);
  delete process.env.XDG_CONFIG_HOME;
});

test('a key with what cannot be seen is shown, is warned of, and is sent as it is', async () => {
  const { run } = place({ 'invisible.csv': `lead_id,city\nNO\u200bLEAD\u00a0,${city}\n` });
  const { stdout, stderr } = await run('submit', 'invisible.csv', '-p', 'lead', '--watch', '--json');
  expect(stderr).toContain(
    'Warning: keys with spaces around them or invisible characters are sent unchanged (line 2).',
  );
  const [job = ''] = counted({ stdout } as CommandResult).jobs;
  const entries = await call<{ identifier: object }[]>(`/v1/ext/background-job/${job}/entries`);
  expect(entries.body._data).toMatchObject([{ identifier: { lead_id: 'NO\u200bLEAD\u00a0' } }]);
  expect((await run('entries', job)).stdout).toContain('NO\\u200bLEAD\\u00a0\tERROR');
});

test('without failures nothing is left in the folder', async () => {
  const { run, cwd } = place({ 'a.csv': `${MARK}lead_id,city\n${nextLead()},Zürich\n` });
  expect((await run('submit', 'a.csv', '-p', 'lead', '--watch')).code).toBe(0);
  expect((await run('submit', 'a.csv', '-p', 'lead', '--dry-run', '--key', 'lead_id')).code).toBe(0);
  expect(readdirSync(cwd)).toEqual(['a.csv']);
  expect(existsSync(join(cwd, 'failed.csv'))).toBe(false);
});
