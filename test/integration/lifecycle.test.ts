import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalProcess, startLocalProcess } from '../support/local-process.ts';
import { descendants, testNeeding } from '../support/machine.ts';

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts it as a user does, which takes the processors 20 seconds: tests share what they can. */
const start = (environment: Record<string, string> = {}) =>
  startLocalProcess(environment, (child) => started.push(child));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function patch(url: string, body: string, key = 'local-key'): Promise<Response> {
  return fetch(`${url}/v1/ext/procedure/lead/process`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
}

async function read(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/ext/${path}`, { headers: { authorization: 'Bearer read-key' } });
  return response.json();
}

/** Ends it by a signal, and waits until nothing of it is left. */
async function endBy(signal: NodeJS.Signals, { child }: LocalProcess): Promise<void> {
  const all = descendants(child.pid ?? 0);
  // Java and its guard, and a worker for each function at least.
  expect(all.length).toBeGreaterThan(4);
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  expect(code).toBe(signal === 'SIGKILL' ? null : 0);
  await vi.waitFor(() => expect(all.filter(isRunning)).toEqual([]), { timeout: 10_000 });
}

/** All ways to write a word in small and capital letters. */
function spellingsOf([first = '', ...rest]: string): string[] {
  if (first === '') return [''];
  return spellingsOf(rest.join('')).flatMap((end) => [first.toLowerCase() + end, first.toUpperCase() + end]);
}

test('a wrong setting is told and nothing is started', async () => {
  const child = spawn('node', ['bin/local.ts'], { env: { ...process.env, PORT: 'x', SAMPLE_SIZE: '-1' } });
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(2);
  expect(output).toMatch(/PORT: .*\nSAMPLE_SIZE: /);
});

test('a port in use is told at once, with the way out', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn('node', ['bin/local.ts'], { env: { ...process.env, PORT: String(port) } });
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'exit');
  server.close();
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^Port ${port} cannot be used .*PORT=\\d+ npm start\n$`));
});

describe('a stack that keeps its tables, and whose log is at its most talkative', () => {
  let dataDir: string;
  let first: LocalProcess;
  let limited: LocalProcess;
  let greeting: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'bulk-update-data-'));
    first = await start({ DATA_DIR: dataDir, POWERTOOLS_LOG_LEVEL: 'DEBUG' });
    greeting = first.output();
  });
  afterAll(async () => {
    // Where the test that ends it by another signal does not run.
    if (isRunning(first.child.pid ?? 0)) await endBy('SIGTERM', first);
    await rm(dataDir, { recursive: true });
  });

  test('writes neither keys nor what updates hold into it', async () => {
    const { url, output } = first;
    const secret = 'planted-secret';
    const refused = await Promise.all([
      patch(url, '{}', `${secret}-key`),
      patch(url, `{ "processes": [ "${secret}" `),
      patch(url, JSON.stringify({ processes: `${secret}` })),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 400, 400]);
    const items = [
      { lead_id: 'LEAD-910', update: { data: { city: secret }, assignedTo: secret } },
      { lead_id: secret, state: 'NEW' },
      { id: secret, lead_id: secret, state: 'NEW' },
      { lead_id: 'LEAD-00001', data: { [secret]: secret, score: secret }, state: secret },
      { lead_id: 'LEAD-00002', data: { lead_id: secret } },
    ];
    const accepted = await patch(url, JSON.stringify({ processes: items }));
    const { _data: job } = (await accepted.json()) as { _data: { id: string } };
    await vi.waitFor(
      async () => {
        const seen = await read(url, `background-job/${job.id}`);
        expect(seen).toMatchObject({ _data: { completionStatus: 'COMPLETED' } });
        expect(output()).toContain(`event bulk-update.job.finished {"id":"${job.id}"`);
      },
      { timeout: 30_000 },
    );
    // After the printed curl, which has the key of the sample.
    const log = output().slice(output().indexOf('{'));
    const lines = log.slice(log.indexOf('\n'));
    expect(lines).toContain('"message":"Accepted"');
    for (const planted of [secret, 'local-key']) expect(lines).not.toContain(planted);
  });

  testNeeding('curl')('prints a curl that works as pasted (needs curl)', () => {
    const command = greeting.slice(greeting.indexOf('curl'));
    const response = JSON.parse(execFileSync('sh', ['-c', command]).toString());
    expect(response._meta).toEqual({ total: 1, queued: 1, invalid: 0 });
  });

  test('leaves no process behind at SIGINT, and has processes and jobs after a restart', async () => {
    const { url } = first;
    const body = JSON.stringify({ processes: [{ lead_id: 'LEAD-910', data: { city: 'Kept' } }] });
    const { _data: job } = (await (await patch(url, body)).json()) as { _data: { id: string } };
    await vi.waitFor(async () =>
      expect(await read(url, `background-job/${job.id}`)).toMatchObject({
        _data: { completionStatus: 'COMPLETED' },
      }),
    );
    // It ends while this is being processed.
    await patch(url, JSON.stringify({ processes: [{ lead_id: 'LEAD-00001', state: 'NEW' }] }));
    await endBy('SIGINT', first);

    // Whoever knows the name of the database may read it over the network.
    const secret = join(dataDir, 'access-key-id');
    const id = await readFile(secret, 'utf8');
    expect((await stat(secret)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dataDir, 'dynamodb'))).toEqual([`${id}_us-east-1.db`]);

    limited = await start({ DATA_DIR: dataDir, CDK_CONTEXT_JSON: '{"requestsPerMinutePerKey":10}' });
    expect(await read(limited.url, 'procedure/lead/process/lead_id/LEAD-910')).toMatchObject({
      _data: { data: { city: 'Kept' } },
    });
    expect(await read(limited.url, `background-job/${job.id}`)).toMatchObject({ _meta: { total: 1 } });
  });

  test('with a limit of 10 lets 10 requests of a key pass, however they spell it', async () => {
    const { url } = limited;
    const schemes = spellingsOf('bearer');
    const fields = [
      ...schemes.map((scheme) => `${scheme} local-key`),
      ...['  ', '\t', ' \t', '\xa0'].map((space) => `Bearer${space}local-key`),
      ...[' Bearer local-key', '\tBearer local-key', 'Bearer local-key ', 'Bearer local-key\t'],
      ...[
        'Bearer local-key\xa0',
        'Bearer local-key,',
        'Bearer local-key, x',
        'Bearer LOCAL-KEY',
        '"Bearer local-key"',
      ],
      ...['a', 'b', 'c'].map((other) => ['Bearer local-key', `Bearer ${other}`]),
      ...['a', 'b', 'c'].map((other) => [`Bearer ${other}`, 'Bearer local-key']),
      ...schemes.map((scheme) => `${scheme} local-key`),
    ];
    const statuses: (number | undefined)[] = [];
    for (const authorization of fields) {
      const asked = request(`${url}/v1/ext/background-job`, {
        headers: { authorization } as OutgoingHttpHeaders,
      }).end();
      const [response] = await once(asked, 'response');
      response.resume();
      statuses.push(response.statusCode);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(100);
    const other = await fetch(`${url}/v1/ext/background-job`, {
      headers: { authorization: 'Bearer other-key' },
    });
    expect(other.status).toBe(200);
  });

  test('leaves no process behind when it is killed', async () => {
    await endBy('SIGKILL', limited);
  });
});
