import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, KEYS, lead, sampleLeads } from '../support/api.ts';
import { bulk, startBulk } from '../support/bulk-command.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type ScriptedResponse, startScriptedApi } from '../support/scripted-api.ts';
import { startSinkApi } from '../support/sink-api.ts';
import { stack } from '../support/stack.ts';

const url = stack.baseUrl;
const cwd = temporaryFolder();
const nextLead = sampleLeads(750);
/** The same file is sent once a day, so that each run of the tests needs another one. */
const city = `Bad Tölz ${Date.now()}`;

const run = (...args: string[]) => bulk(args, { cwd, url, apiKey: KEYS.local });

function write(name: string, ...lines: string[]): string {
  writeFileSync(join(cwd, name), `${lines.join('\n')}\n`);
  return name;
}

const read = (name: string) => readFileSync(join(cwd, name), 'utf8');

test('rows that fail come back with their errors, and are applied when they are corrected', async () => {
  const [first, second, third] = [nextLead(), nextLead(), nextLead()];
  const file = write(
    'leads.csv',
    'Lead;City;score;newsletter;Note',
    ...[`${first};"${city}; ""Kurort""";\\N;TRUE;x`, `${second};;many;;x`, `NO-LEAD;${city};1;;"two\nlines"`],
    `${third};;;false;`,
  );
  const columns = ['--key', 'Lead', '--map', 'City=city', '--map', 'Note='];
  const sent = await run('submit', file, '--procedure', 'lead', ...columns, '--watch');
  expect(sent).toMatchObject({ code: 1, stderr: expect.stringContaining('processed 4 of 4\n') });
  expect(sent.stdout).toContain('applied  2\ninvalid  1\nfailed   1\n');
  expect(sent.stdout).toContain(
    'bulk-update submit leads.failed.csv --procedure lead --key Lead --map City=city --map Note= --watch\n',
  );
  expect((await lead(first)).data).toMatchObject({ city: `${city}; "Kurort"`, newsletter: true });
  const failed = read('leads.failed.csv');
  expect(failed.split('\n')).toEqual([
    '\uFEFFLead;City;score;newsletter;Note;_error_code;_error_message',
    expect.stringMatching(`^${second};;many;;x;INVALID_VALUE;`),
    `NO-LEAD;${city};1;;"two`,
    expect.stringMatching(/^lines";PROCESS_NOT_FOUND;/),
    '',
  ]);

  writeFileSync(join(cwd, 'leads.failed.csv'), failed.replace('many', '7').replace('NO-LEAD', third));
  const corrected = await run(
    'submit',
    'leads.failed.csv',
    '--procedure',
    'lead',
    ...columns,
    '--watch',
    '--json',
  );
  expect(corrected.code).toBe(0);
  expect(JSON.parse(corrected.stdout)).toMatchObject({
    total: 2,
    sent: 2,
    sentBefore: 0,
    counts: { SUCCESS: 2 },
  });
  expect((await lead(second)).data).toMatchObject({ score: 7 });
  expect((await lead(third)).data).toMatchObject({ city, score: 1, newsletter: false });
});

test('runs that end at the same time each keep their failed rows, and where none failed nobody writes', async () => {
  const place = temporaryFolder();
  writeFileSync(join(place, 'leads.csv'), 'lead_id,city\nNO-LEAD,Goa\n');
  const dryRun = ['submit', 'leads.csv', '--procedure', 'lead', '--dry-run', '--json'];
  const runs = await Promise.all([0, 1].map(() => bulk(dryRun, { cwd: place, url })));
  const paths = runs.map(({ stdout }) => (JSON.parse(stdout) as { failed: { path: string } }).failed.path);
  expect(paths.toSorted()).toEqual(['leads.failed-2.csv', 'leads.failed.csv']);
  for (const path of paths) expect(readFileSync(join(place, path), 'utf8')).toContain('PROCESS_NOT_FOUND');

  writeFileSync(join(place, 'right.csv'), `lead_id,city\n${nextLead()},Goa\n`);
  const right = ['submit', 'right.csv', '--procedure', 'lead', '--dry-run', '--failed', 'nowhere/failed.csv'];
  expect((await bulk(right, { cwd: place, url })).code).toBe(0);
});

test('no file that was there before is written to', async () => {
  const place = temporaryFolder();
  const content = 'lead_id,city\nNO-LEAD,Goa\n';
  writeFileSync(join(place, 'leads.csv'), content);
  symlinkSync('leads.csv', join(place, 'link.csv'));
  linkSync(join(place, 'leads.csv'), join(place, 'twin.csv'));
  symlinkSync('.', join(place, 'here'));
  const calls = ['leads.csv', './leads.csv', 'here/leads.csv', 'link.csv', 'twin.csv', '/dev/stdout'].map(
    (path) =>
      bulk(['submit', 'link.csv', '--procedure', 'lead', '--dry-run', '--failed', path], { cwd: place, url }),
  );
  for (const { code, stderr } of await Promise.all(calls)) {
    expect(stderr).toMatch(/^--failed .* already exists\. Give the name of a new file\.\n$/);
    expect(code).toBe(2);
  }
  expect(readdirSync(place).toSorted()).toEqual(['here', 'leads.csv', 'link.csv', 'twin.csv']);
  expect(readFileSync(join(place, 'leads.csv'), 'utf8')).toBe(content);
  const args = ['submit', 'link.csv', '--procedure', 'lead', '--dry-run', '--failed', 'new.csv'];
  expect((await bulk(args, { cwd: place, url })).code).toBe(1);
  expect(statSync(join(place, 'new.csv')).mode & 0o777).toBe(0o600);
});

test('texts of others are no commands to a terminal', async () => {
  const errors = [{ code: 'X', message: '\u001b]0;title\u0007\u202etxt.' }];
  const refusing = await startScriptedApi({ status: 400, errors });
  const refused = await bulk(['jobs'], { cwd, url: refusing.url });
  expect(refused).toMatchObject({ code: 2, stderr: '\\u001b]0;title\\u0007\\u202etxt.\n' });
  const entry = { index: 0, identifier: { lead_id: 'A\n\u001bB' }, completionStatus: 'ERROR', outcome: null };
  const listing = await startScriptedApi({ status: 200, data: [{ ...entry, errors }], meta: { next: null } });
  const { stdout } = await bulk(['entries', 'job-1'], { cwd, url: listing.url });
  expect(stdout.split('\n')[1]).toBe('0\tA\\u000a\\u001bB\tERROR\tX \\u001b]0;title\\u0007\\u202etxt.');
});

test('a wrong key, URL or procedure is told in one line, with what to do', async () => {
  const html = '<!doctype html>\n<html><head><title>Log in</title></head></html>';
  const page = await startScriptedApi({ status: 200, text: html });
  const calls: [args: string[], place: { url?: string; apiKey?: string }, line: string][] = [
    [['procedures', 'laed'], {}, 'There is no procedure "laed". Did you mean lead?'],
    [['submit', '-', '-p', 'xyz'], {}, 'There is no procedure "xyz". The API key allows contact'],
    [
      ['jobs'],
      { apiKey: 'wrong' },
      'The API key is missing or unknown; it may have expired or been revoked. Check it, or',
    ],
    [
      ['jobs'],
      { url: `${url}/nowhere` },
      'There is no such path. Check the URL of the API: it is what comes before /v1.',
    ],
    [
      ['jobs'],
      { url: page.url },
      'The response 200 is not from the API: it is the page "Log in". Check the URL of the API.',
    ],
    [
      ['jobs'],
      { url: url.replace('http', 'https') },
      `: it does not speak TLS there. Check the URL of the API.`,
    ],
  ];
  for (const [args, place, line] of calls) {
    const { stdout, stderr } = await bulk(args, { cwd, url, ...place });
    expect([stdout, stderr]).toEqual(['', expect.stringContaining(line)]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});

/** All that a terminal or a reader of lines takes for more than text. */
const ACTS = /\r(?!\n)|[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\n\r\t]]/v;
const BAD = '\u001b]0;title\u0007\u007f\u009b2J\u202e\u2028\r\n\tx';

test('texts of others in JSON are their escapes, and have the same value', async () => {
  const errors = [{ code: BAD, message: BAD }];
  const json = async (args: string[], ...answers: ScriptedResponse[]) => {
    const api = await startScriptedApi(...answers);
    const { stdout, stderr } = await bulk([...args, '--json'], { cwd, url: api.url });
    expect(stdout + stderr).not.toMatch(ACTS);
    return stdout;
  };
  const refused = await json(['jobs'], { status: 400, errors });
  expect(JSON.parse(refused)).toEqual({ error: { message: BAD, status: 400, codes: [BAD] } });
  const job = { id: 'job-1', name: BAD, statusMessage: BAD, total: 1, retryable: 0 };
  const counts = { INVALID: 1, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
  const data = [{ ...job, bjEntryCompletionStatusVsCount: counts }];
  const jobs = JSON.parse(await json(['jobs'], { status: 200, data, meta: { next: null } }));
  expect(jobs).toEqual([{ ...job, counts }]);
  const entry = { index: 0, item: { city: BAD, n: 1 } };
  const lines = `${JSON.stringify(entry).replace('"n":1', '"n":12345678901234567890')}\r\n`;
  const entries = await json(['entries', 'job-1'], { status: 200, text: lines });
  expect(JSON.parse(entries)).toMatchObject({ item: { city: BAD } });
  expect(entries).toContain('"n":12345678901234567890');
  const procedure = {
    shortId: 'lead',
    primaryKey: BAD,
    states: [BAD],
    attributes: { [BAD]: { type: 'string' } },
  };
  const list = [{ id: BAD, shortId: BAD, name: BAD, primaryKey: BAD }];
  expect(JSON.parse(await json(['procedures'], { status: 200, data: list, meta: { next: null } }))).toEqual(
    list,
  );
  expect(JSON.parse(await json(['procedures', 'lead'], { status: 200, data: procedure }))).toEqual(procedure);
});

test('names of files and columns are no commands to a terminal, and add no line', async () => {
  const procedure = {
    shortId: BAD,
    primaryKey: 'lead_id',
    states: [BAD],
    attributes: { [BAD]: { type: BAD } },
  };
  const file = write(`${BAD.replaceAll('/', '')}.csv`, `lead_id,"${BAD}${BAD}"`, 'LEAD-1,x');
  const calls = [
    ['submit', file, '-p', 'lead'],
    ['submit', `no-${file}`, '-p', 'lead'],
    ['procedures', 'lead'],
  ];
  for (const args of calls) {
    const api = await startScriptedApi({ status: 200, data: procedure });
    const { stdout, stderr } = await bulk(args, { cwd, url: api.url });
    expect(stdout + stderr).not.toMatch(ACTS);
    expect((stdout + stderr).split('\n').filter((line) => /^\t?x/.test(line))).toEqual([]);
  }
});

test('what was written down of the standard input is gone when the terminal is closed', async () => {
  const attributes = { city: { type: 'string' } };
  const procedure = { shortId: 'lead', primaryKey: 'lead_id', states: [], attributes };
  const busy = { status: 503, headers: { 'retry-after': '600' }, text: '' };
  const api = await startScriptedApi({ status: 200, data: procedure }, busy);
  const folder = temporaryFolder();
  const stdin = 'lead_id,city\nLEAD-1,Goa\n';
  const running = startBulk(['submit', '-', '--procedure', 'lead'], {
    cwd,
    url: api.url,
    stdin,
    env: { TMPDIR: folder },
  });
  const { stderr } = running.process;
  if (stderr === null) throw new Error('its messages were expected');
  for await (const [text] of on(stderr, 'data')) if (String(text).includes('Trying again')) break;
  expect(readdirSync(folder)).toHaveLength(1);
  running.process.kill('SIGHUP');
  expect((await running.ended).code).toBe(129);
  expect(readdirSync(folder)).toEqual([]);
});

test('who reads no further ends the command, without a trace of it', async () => {
  const api = await startScriptedApi({ status: 200, data: [], meta: { next: null } });
  const running = startBulk(['jobs'], { cwd, url: api.url });
  running.process.stdout?.destroy();
  expect(await running.ended).toMatchObject({ code: 141, stderr: '' });
});

test('a dry run tells what would fail, and changes nothing', async () => {
  const id = nextLead();
  const before = await lead(id);
  const file = write(
    'dry.ndjson',
    JSON.stringify({ lead_id: id, data: { city: 'Goa' } }),
    '{"lead_id":"NO-LEAD","state":"NEW"}',
  );
  const tried = await run('submit', file, '--procedure', 'lead', '--dry-run', '--json');
  expect(tried.code).toBe(1);
  expect(JSON.parse(tried.stdout)).toMatchObject({
    ...{ total: 2, sent: 0, jobs: [], counts: { SUCCESS: 1, ERROR: 1 } },
    failed: { path: 'dry.failed.ndjson', rows: 1, codes: { PROCESS_NOT_FOUND: 1 } },
  });
  expect(read('dry.failed.ndjson')).toContain(
    '{"lead_id":"NO-LEAD","state":"NEW","_errors":[{"code":"PROCESS_NOT_FOUND"',
  );
  expect(await lead(id)).toEqual(before);
});

test.skipIf(url.startsWith('https:'))(
  'a run that is stopped goes on where it was, and sends nothing twice',
  async () => {
    const ids = Array.from({ length: 8 }, nextLead);
    const file = write('many.csv', 'lead_id,city', ...ids.map((id) => `${id},${city}`));
    const args = ['submit', file, '--procedure', 'lead', '--batch-size', '2', '--watch'];
    const hangs = Promise.withResolvers<void>();
    let requests = 0;
    const proxy = await startFaultyProxy(url, (_operation, body) => {
      if (body !== '') requests += 1;
      // The answer to the second of four is lost, so that it is sent again; the third is never answered.
      if (requests === 2) return 'LOSE_ANSWER';
      if (requests < 4) return undefined;
      hangs.resolve();
      return 'HANG';
    });
    const stopped = startBulk(args, { cwd, url: proxy.endpoint, apiKey: KEYS.local });
    await hangs.promise;
    stopped.process.kill('SIGINT');
    const { code, stderr } = await stopped.ended;
    await proxy.stop();
    expect(code).toBe(130);
    expect(stderr).toContain('No response from');
    expect(stderr).toContain(
      '4 of 8 items were sent, in 2 jobs. Run the same command again within 24 hours, and nothing is sent twice.',
    );

    const resumed = await run(...args, '--json');
    expect(resumed.code).toBe(0);
    const report = JSON.parse(resumed.stdout) as { jobs: string[] };
    expect(report).toMatchObject({ total: 8, sent: 8, sentBefore: 4, counts: { SUCCESS: 8 } });
    expect(new Set(report.jobs).size).toBe(4);
    expect(JSON.parse((await run(...args, '--resend', '--json')).stdout)).toMatchObject({
      sent: 8,
      sentBefore: 0,
    });
  },
);

test('a job is watched, its entries are listed, and what cannot be done with it is said', async () => {
  const id = nextLead();
  const { stdout } = await bulk(['submit', '-', '--procedure', 'lead', '--json'], {
    ...{ cwd, url, apiKey: KEYS.local },
    stdin: `{"lead_id":"${id}","data":{"city":"${city}"}}\n{"lead_id":"NO-LEAD","data":{"town":"Pune"}}\n`,
  });
  const [job = ''] = (JSON.parse(stdout) as { jobs: string[] }).jobs;

  const watched = await run('watch', job);
  expect(watched).toMatchObject({ code: 1, stdout: `${job} COMPLETED\napplied  1\ninvalid  1\n` });
  const csv = await run('entries', job, '--status', 'INVALID', '--format', 'csv');
  expect(csv.stdout.split('\r\n')).toEqual([
    expect.stringMatching(/^index,id,lead_id,.*,item$/),
    expect.stringMatching(/^1,,NO-LEAD,.*,INVALID,.*UNKNOWN_ATTRIBUTE/),
    '',
  ]);
  expect((await run('entries', job)).stdout).toMatch(
    new RegExp(`\\n0\\t${id}\\tSUCCESS\\tAPPLIED\\t1\\n1\\tNO-LEAD\\tINVALID\\t.*\\t2\\n`),
  );
  expect(JSON.parse((await run('jobs', '--limit', '1', '--json')).stdout)).toMatchObject([
    { id: job, name: null, total: 2, retryable: 0, counts: { SUCCESS: 1, INVALID: 1 } },
  ]);
  const filters = ['--identifier', id, '--outcome', 'APPLIED', '--json'];
  expect(JSON.parse((await run('entries', job, ...filters)).stdout)).toMatchObject({ index: 0, line: 1 });
  const mark = randomUUID();
  const named = write(`${mark}.ndjson`, JSON.stringify({ lead_id: 'NO-LEAD', data: { town: 'Pune' } }));
  await run('submit', named, '--procedure', 'lead');
  await run('submit', named, '--procedure', 'lead', '--resend', '--name', `Again ${mark}`);
  const found = await run(
    'jobs',
    '--name',
    mark.toUpperCase(),
    '--procedure',
    'lead',
    '--status',
    'COMPLETED',
  );
  expect(found.stdout.split('\n').map((line) => line.split(/ {2,}/)[1])).toEqual([
    'name',
    `Again ${mark}`.slice(0, 40).concat('…'),
    `${mark}.ndjson`.slice(0, 40).concat('…'),
    undefined,
  ]);
  expect((await run('jobs', '--name', '')).code).toBe(2);
  expect((await run('procedures')).stdout).toMatch(
    /^short id +name +primary key\n(?=(?:.*\n)*contact +Contact +phone_number\n)(?:.*\n)*lead +Lead +lead_id\n/,
  );
  expect(JSON.parse((await run('procedures', '--json')).stdout)).toContainEqual(
    expect.objectContaining({ shortId: 'lead', name: 'Lead', primaryKey: 'lead_id' }),
  );
  expect((await run('procedures', 'lead')).stdout).toMatch(
    /^lead: primary key lead_id, states NEW, .*\n.*\n.*string\n/,
  );
  expect(await run('cancel', job)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^The job has ended/),
  });
  const retried = await run('retry', job, '--json');
  expect(retried.code).toBe(2);
  expect(JSON.parse(retried.stdout)).toMatchObject({ error: { status: 409, codes: ['NOTHING_TO_RETRY'] } });
});

test('a wrong call, key or file is exit code 2, and nothing is sent', async () => {
  const { _data: newest } = (await call<{ id: string }[]>('/v1/ext/background-job?limit=1')).body;
  const file = write('unknown.csv', 'lead_id,town', 'LEAD-910,Goa');
  mkdirSync(join(cwd, 'bulk-update'));
  write('bulk-update/config.json', JSON.stringify({ mine: { url, apiKey: 'no-key' } }));
  chmodSync(join(cwd, 'bulk-update/config.json'), 0o600);
  process.env.XDG_CONFIG_HOME = cwd;
  const calls: [string[], string][] = [
    [['submit', file], "required option '-p, --procedure <name>' not specified"],
    [['submit', file, '-p', 'lead'], 'Nothing was sent.\nThe column "town" is not an attribute of lead.'],
    [['submit', 'none.csv', '-p', 'lead'], 'There is no file "none.csv". Check its name.'],
    [['submit', file, '-p', 'leads'], 'There is no procedure "leads"'],
    [['jobs', '--profile', 'mine', '--url', url, '--api-key', 'no-key'], 'The API key is missing or unknown'],
    [['jobs', '--profile', 'yours'], 'There is no profile "yours"'],
    [['jobs', '--url', 'http://bulk.acme.example'], 'would send the API key unencrypted. Use https://'],
  ];
  const results = await Promise.all(calls.map(([args]) => run(...args)));
  for (const [position, { code, stderr }] of results.entries()) {
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(calls[position]?.[1]);
  }
  expect((await call<{ id: string }[]>('/v1/ext/background-job?limit=1')).body._data).toEqual(newest);
});

test('a key comes from a file that only its user may read, and never from the command line unnoticed', async () => {
  write('key', 'file-key');
  const jobs = async (args: string[], stdin = '') => {
    const api = await startScriptedApi({ status: 200, data: [], meta: { next: null } });
    const result = await bulk(['jobs', ...args], { cwd, url: api.url, apiKey: 'environment-key', stdin });
    return { ...result, keys: api.requests.map(({ headers }) => headers.authorization) };
  };
  chmodSync(join(cwd, 'key'), 0o644);
  const readable = await jobs(['--api-key-file', 'key']);
  expect(readable).toMatchObject({ code: 2, keys: [] });
  expect(readable.stderr).toBe('key can be read or written by other users. Run: chmod 600 key\n');
  chmodSync(join(cwd, 'key'), 0o600);
  const read = await jobs(['--api-key-file', 'key']);
  expect(read).toMatchObject({ code: 0, stderr: '', keys: ['Bearer file-key'] });
  const piped = await jobs(['--api-key-file', '-'], 'stdin-key\n');
  expect(piped).toMatchObject({ code: 0, stderr: '', keys: ['Bearer stdin-key'] });
  const told = await jobs(['--api-key', 'flag-key']);
  expect(told).toMatchObject({ code: 0, keys: ['Bearer flag-key'] });
  expect(told.stderr).toMatch(/^Warning: other users can see a key in --api-key/);
  expect(told.stderr).not.toContain('flag-key');
  const both = await bulk(['submit', '-', '-p', 'lead', '--api-key-file', '-'], { cwd, url });
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot hold both') });
});

test('an API that fails at every attempt is exit code 3', async () => {
  const busy = { status: 503, headers: { 'retry-after': '0' }, errors: [{ code: 'BUSY', message: 'Busy.' }] };
  const api = await startScriptedApi(...Array.from({ length: 8 }, () => busy));
  const { code, stderr } = await bulk(['jobs'], { cwd, url: api.url });
  expect(code).toBe(3);
  expect(stderr.split('\n')).toEqual([
    ...Array.from({ length: 7 }, () => 'Busy. Trying again in 0 s.'),
    'Busy.',
    '',
  ]);
});

test('an API that contradicts what was sent is not believed', async () => {
  const file = write('two.csv', 'lead_id,city', 'LEAD-1,Goa', 'LEAD-2,Pune');
  const procedure = {
    shortId: 'lead',
    primaryKey: 'lead_id',
    states: [],
    attributes: { city: { type: 'string' } },
  };
  const known = { status: 200, data: procedure };
  const accepted = { status: 202, data: { id: 'job-1' }, meta: { total: 2, queued: 0, invalid: 2 } };
  const one = { ...accepted, meta: { total: 1, queued: 0, invalid: 1 } };
  const counts = (INVALID: number) => ({ INVALID, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 });
  const job = (INVALID: number) => ({
    ...{ status: 200, data: { id: 'job-1', completionStatus: 'COMPLETED' } },
    meta: { total: 2, retryable: 0, bjEntryCompletionStatusVsCount: counts(INVALID) },
  });
  const entry = (index: number) => ({
    index,
    completionStatus: 'INVALID',
    errors: [{ code: 'X', message: 'Y.' }],
  });
  const page = (...data: unknown[]) => ({ status: 200, data, meta: { next: null } });
  const tried = (...entries: unknown[]) => ({
    ...{ status: 200, data: { entries }, meta: { total: 2, bjEntryCompletionStatusVsCount: counts(2) } },
  });
  const cases: [string, string[], ScriptedResponse[]][] = [
    ['reported 3 items instead of 2', [], [{ ...accepted, meta: { total: 3, queued: 0, invalid: 3 } }]],
    ['reported 1 item instead of 2', ['--watch'], [accepted, job(1)]],
    ['listed entries that the request does not have', [], [accepted, page(entry(2))]],
    ['listed entries that the request does not have', [], [accepted, page(entry(-1))]],
    ['listed entries that the request does not have', [], [accepted, page(entry(0), entry(0))]],
    ['listed entries that the request does not have', [], [accepted, page({ index: 0 })]],
    ['listed entries that the request does not have', [], [accepted, page(null)]],
    ['reported 1 item instead of 2', ['--dry-run'], [tried(entry(0))]],
    ['listed entries that the request does not have', ['--dry-run'], [tried(entry(0), entry(0))]],
    ['reported 0 items instead of 2', ['--dry-run'], [tried()]],
    ['returned the same job twice', ['--batch-size', '1'], [one, one]],
  ];
  for (const [message, flags, answers] of cases) {
    const place = temporaryFolder();
    const api = await startScriptedApi(known, ...answers);
    const path = join(cwd, file);
    const { code, stderr } = await bulk(['submit', path, '-p', 'lead', ...flags], {
      cwd: place,
      url: api.url,
    });
    expect(stderr).toContain(`The API ${message}`);
    expect(code).toBe(2);
    expect(readdirSync(place)).toEqual([]);
  }
});

test('a dry run is told by its entries, with whatever codes', async () => {
  const file = write('one.csv', 'lead_id,city', 'LEAD-1,Goa');
  const procedure = {
    shortId: 'lead',
    primaryKey: 'lead_id',
    states: [],
    attributes: { city: { type: 'string' } },
  };
  const errors = ['__proto__', 'toString'].map((code) => ({ code, message: 'Wrong.' }));
  const entries = [{ index: 0, completionStatus: 'INVALID', errors }];
  const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 1, ERROR: 0, CANCELLED: 0 };
  const meta = { total: 1, bjEntryCompletionStatusVsCount: counts };
  const api = await startScriptedApi(
    { status: 200, data: procedure },
    { status: 200, data: { entries }, meta },
  );
  const args = ['submit', file, '-p', 'lead', '--dry-run', '--failed', 'codes.csv'];
  const { code, stdout } = await bulk(args, { cwd, url: api.url });
  expect(stdout).toContain('invalid           1\n\n__proto__  1\ntoString   1\n');
  expect(code).toBe(1);
});

test('a response that does not describe a procedure is told in one line', async () => {
  for (const data of [
    {},
    [],
    { shortId: 'lead', primaryKey: 'lead_id', states: [], attributes: { city: null } },
  ]) {
    const api = await startScriptedApi({ status: 200, data });
    const { code, stderr } = await bulk(['procedures', 'lead'], { cwd, url: api.url });
    expect(stderr).toMatch(/^The response 200 is not from the API: /);
    expect(code).toBe(2);
  }
});

test.each([
  ['as one job', []],
  ['in requests', ['--requests']],
])('80,000 rows are sent %s with a heap that does not hold them', async (_, flags) => {
  const rows = Array.from(
    { length: 80_000 },
    (_, row) => `LEAD-${row},"City, ${row}",${row % 100},true,NEW\n`,
  );
  write('large.csv', `lead_id,city,score,subscribed,state\n${rows.join('')}`);
  const sink = await startSinkApi();
  const { code, stderr } = await bulk(['submit', 'large.csv', '--procedure', 'lead', '--watch', ...flags], {
    ...{ cwd, url: sink.endpoint, nodeOptions: ['--max-old-space-size=40'] },
  });
  await sink.stop();
  expect(code, stderr).toBe(0);
  expect(sink.received()).toBe(80_000);
});
