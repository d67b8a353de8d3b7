import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError, type BodyOptions, BulkUpdateClient, type RequestOptions } from '../../lib/client/index.ts';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { type ScriptedResponse, startScriptedApi } from '../support/scripted-api.ts';

const job = { id: 'job-1', completionStatus: 'IN_PROGRESS' };
const accepted: ScriptedResponse = { status: 202, data: job, meta: { total: 1, queued: 1, invalid: 0 } };
const busy = (status: number, retryAfter: string): ScriptedResponse => ({
  ...{ status, headers: { 'retry-after': retryAfter }, errors: [{ code: 'TOO_BUSY', message: 'Too busy.' }] },
});

/** A client of an API that gives these answers, the waits that it announced, and the requests that it sent. */
async function clientOf(answers: ScriptedResponse[], options: Partial<RequestOptions> = {}) {
  const { url, requests } = await startScriptedApi(...answers);
  const waits: number[] = [];
  const onRetry: RequestOptions['onRetry'] = ({ delayMs }) => waits.push(delayMs);
  return { client: new BulkUpdateClient({ url, apiKey: 'key', onRetry, ...options }), requests, waits };
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error(`an ApiError was expected, not ${error}`);
  return error;
}

const items = [{ lead_id: 'LEAD-1', data: { city: 'Goa' } }];

test('a submission carries the key, the items and an idempotency key', async () => {
  const { url, requests } = await startScriptedApi(accepted);
  const client = new BulkUpdateClient({ url: `${url}/prod/`, apiKey: 'key' });
  const response = await client.submit('a/b', items);
  expect(response).toMatchObject({ job, total: 1, queued: 1, invalid: 0, isReplay: false });
  expect(requests).toMatchObject([
    {
      ...{
        method: 'PATCH',
        path: '/prod/v1/ext/procedure/a%2Fb/process',
        body: JSON.stringify({ processes: items }),
      },
      headers: { authorization: 'Bearer key', 'idempotency-key': response.idempotencyKey },
    },
  ]);
});

test('the options of a call are those of the body', async () => {
  const { client, requests } = await clientOf([accepted]);
  const options: BodyOptions = {
    ...{ name: 'March', source: { file: 'leads.csv', lines: [2] }, onInvalid: 'reject' },
    ...{ canary: 1, abortOn: { errorPercent: 5 }, plan: true },
  };
  await client.submit('lead', items, options);
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ processes: items, options });
});

const plannedCompletionStatusVsCount = { INVALID: 0, SUCCESS: 1, ERROR: 0 };
const planned = (meta: object = { plannedCompletionStatusVsCount }): ScriptedResponse => ({
  ...{ status: 200, headers: { etag: '"1"' }, data: { id: 'job-1', completionStatus: 'PLANNED' } },
  meta: { total: 1, retryable: 0, bjEntryCompletionStatusVsCount: { NOT_STARTED: 1 }, ...meta },
});

test('a plan is approved as it was read, and again after no response', async () => {
  const { client, requests } = await clientOf([planned(), {}, accepted]);
  const { plannedCounts, etag } = await client.job('job-1');
  expect([plannedCounts, etag]).toEqual([plannedCompletionStatusVsCount, '"1"']);
  expect(await client.approve('job-1', etag === undefined ? {} : { etag })).toMatchObject({ job, total: 1 });
  expect(requests.map(({ method, path, headers }) => [method, path, headers['if-match']])).toEqual([
    ['GET', '/v1/ext/background-job/job-1', undefined],
    ['POST', '/v1/ext/background-job/job-1/approve', '"1"'],
    ['POST', '/v1/ext/background-job/job-1/approve', '"1"'],
  ]);
});

test('an etag that no header holds and an unknown option approve nothing', async () => {
  const { client, requests } = await clientOf([]);
  await expect(client.approve('job-1', { etag: 'ä' })).rejects.toThrow(TypeError);
  await expect(client.approve('job-1', { ifMatch: 'x' } as object)).rejects.toThrow('"ifMatch" is unknown');
  expect(requests).toEqual([]);
});

test('the acknowledgment of a plan tells what it sums up to, as a list of jobs does', async () => {
  const meta = { total: 1, queued: 0, invalid: 0, plannedCompletionStatusVsCount };
  const { data, meta: counts } = planned();
  const { client } = await clientOf([
    { status: 202, headers: { etag: '"1"' }, data, meta },
    { status: 200, data: [{ ...(data as object), ...counts }], meta: { next: null } },
  ]);
  const { plannedCounts, etag } = await client.submit('lead', items, { plan: true });
  expect([plannedCounts, etag]).toEqual([plannedCompletionStatusVsCount, '"1"']);
  const [listed] = await Array.fromAsync(client.jobs());
  expect(listed).toMatchObject({ plannedCounts: plannedCompletionStatusVsCount });
  expect(listed).not.toHaveProperty('plannedCompletionStatusVsCount');
});

test('who watches a plan is told of it once, and asks no more', async () => {
  const { client, requests } = await clientOf([planned()]);
  expect(await Array.fromAsync(client.watch('job-1'))).toMatchObject([{ completionStatus: 'PLANNED' }]);
  expect(requests).toHaveLength(1);
});

test.for([null, {}, { INVALID: 0, SUCCESS: -1, ERROR: 2 }])('%j are no counts of a plan', async (counts) => {
  const { client } = await clientOf([planned({ plannedCompletionStatusVsCount: counts })]);
  expect((await errorOf(client.job('job-1'))).message).toContain('a plan whose counts are not whole numbers');
});

test('a large body is compressed and arrives as it was written', async () => {
  const { client, requests } = await clientOf([{ ...accepted, headers: { 'idempotency-replayed': 'true' } }]);
  const body = `{"processes":[${'{"lead_id":"ü","data":{"score":1.50}},'.repeat(1_000)}{}]}`;
  const response = await client.submitText('lead', body, { idempotencyKey: 'mine' });
  expect(response).toMatchObject({ idempotencyKey: 'mine', isReplay: true });
  expect(requests[0]?.body).toBe(body);
  expect(requests[0]?.headers).toMatchObject({ 'content-encoding': 'gzip', 'idempotency-key': 'mine' });
  expect(Number(requests[0]?.headers['content-length'])).toBeLessThan(2_000);
});

test('a dry run is no submission', async () => {
  const entries = [{ index: 0, completionStatus: 'SUCCESS' }];
  const counts = { SUCCESS: 1 };
  const meta = { total: 1, bjEntryCompletionStatusVsCount: counts };
  const { client, requests } = await clientOf([{ status: 200, data: { entries }, meta }]);
  expect(await client.submit('lead', items, { dryRun: true })).toEqual({ entries, total: 1, counts });
  expect(requests[0]?.path).toBe('/v1/ext/procedure/lead/process?dryRun=true');
  expect(requests[0]?.headers).not.toHaveProperty('idempotency-key');
});

const undoing: ScriptedResponse = { ...accepted, data: { ...job, id: 'job-2', undoes: 'job-1' } };

test('an undo is sent again after no response, and tells whether it is the one that there was', async () => {
  const { client, requests } = await clientOf([
    {},
    { ...undoing, headers: { 'idempotency-replayed': 'true' } },
  ]);
  const undo = await client.undo('job-1');
  expect(undo).toMatchObject({ job: { id: 'job-2', undoes: 'job-1' }, total: 1, isReplay: true });
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(2).fill('POST /v1/ext/background-job/job-1/undo'),
  );
});

test('a dry run of an undo writes nothing, and its entries tell what would stay', async () => {
  const entries = [{ index: 0, completionStatus: 'SUCCESS', outcome: 'REVERTED', kept: ['data.city'] }];
  const meta = { total: 1, bjEntryCompletionStatusVsCount: { SUCCESS: 1 } };
  const { client, requests } = await clientOf([{ status: 200, data: { entries }, meta }]);
  const dryRun = await client.undo('job-1', { dryRun: true });
  expect(dryRun).toEqual({ entries, total: 1, counts: { SUCCESS: 1 } });
  expect(requests.map(({ path }) => path)).toEqual(['/v1/ext/background-job/job-1/undo?dryRun=true']);
});

test('what is misspelt undoes nothing, and another job is no undo', async () => {
  const { client, requests } = await clientOf([accepted]);
  await expect(client.undo('job-1', { dryrun: true } as object)).rejects.toThrow('"dryrun" is unknown');
  expect(requests).toEqual([]);
  expect((await errorOf(client.undo('job-1'))).message).toContain('other than the undo of the job');
});

test('429, 503, a key in use and a cut connection are repeated as the same request, after what Retry-After says', async () => {
  const inUse = { ...busy(503, '0'), errors: [{ code: 'IDEMPOTENCY_KEY_IN_USE', message: 'In use.' }] };
  const { client, requests, waits } = await clientOf([{}, busy(429, '0'), busy(503, '0'), inUse, accepted]);
  expect(await client.submit('lead', items)).toMatchObject({ total: 1 });
  expect(requests).toHaveLength(5);
  expect(new Set(requests.map(({ body, headers }) => body + headers['idempotency-key'])).size).toBe(1);
  expect(waits.slice(1)).toEqual([0, 0, 0]);
  // Nobody said how long: half to all of what the attempt allows.
  expect(waits[0]).toBeGreaterThanOrEqual(250);
  expect(waits[0]).toBeLessThanOrEqual(500);
});

test.for<[string, () => string, number]>([
  ['in seconds', () => '7', 7_000],
  ['as a date', () => new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
  ['as a date that is over', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
])('Retry-After %s is kept to, and whoever stops does not wait for it', async ([, value, expected]) => {
  const stop = new AbortController();
  let wait = Number.NaN;
  const { client } = await clientOf([busy(429, value()), accepted], {
    signal: stop.signal,
    onRetry({ delayMs }) {
      wait = delayMs;
      stop.abort(new Error('stopped'));
    },
  });
  await expect(client.job('job-1')).rejects.toThrow('stopped');
  // A date has no parts of a second.
  expect(wait).toBeLessThanOrEqual(expected);
  expect(wait).toBeGreaterThan(expected - 10_000);
});

test.for(['-5', '0.5', 'soon'])('Retry-After %s is none, and does not make it hurry', async (value) => {
  const stop = new AbortController();
  const { client, waits } = await clientOf([busy(503, value), accepted], {
    signal: stop.signal,
    onRetry({ delayMs }) {
      waits.push(delayMs);
      stop.abort(new Error('stopped'));
    },
  });
  await expect(client.job('job-1')).rejects.toThrow('stopped');
  expect(waits[0]).toBeGreaterThanOrEqual(250);
});

test.for(['3601', '99999999999'])('Retry-After %s is not waited for', async (value) => {
  const { client, requests } = await clientOf([busy(503, value), accepted]);
  expect(await errorOf(client.job('job-1'))).toMatchObject({ status: 503 });
  expect(requests).toHaveLength(1);
});

test.for([301, 302, 307, 308])('%i leads the items and the key nowhere else', async (status) => {
  const elsewhere = await startScriptedApi(accepted);
  const location = `${elsewhere.url}/v1/ext/procedure/lead/process`;
  const { client, requests } = await clientOf([{ status, headers: { location }, text: '' }]);
  const error = await errorOf(client.submit('lead', items));
  expect(error).toMatchObject({ status, message: expect.stringContaining(location) });
  expect([requests.length, elsewhere.requests.length]).toEqual([1, 0]);
});

test.for([
  'http://me:secret@localhost',
  'http://localhost/?stage=prod',
  'http://localhost/#prod',
  'localhost',
])('nothing is asked at %s', (url) => {
  const create = () => new BulkUpdateClient({ url, apiKey: 'key' });
  expect(create).toThrow(TypeError);
  expect(create).not.toThrow('secret');
});

test.for(['', 'SEC\nRET', 'SEC RET', 'SECRÉT'])('%j is no key, and is not told', (apiKey) => {
  const create = () => new BulkUpdateClient({ url: 'http://localhost', apiKey });
  expect(create).toThrow('The API key');
  expect(create).not.toThrow(/SEC/);
});

test('after all attempts the last error is thrown', async () => {
  const { client, requests } = await clientOf([busy(503, '0'), busy(503, '0'), accepted], { attempts: 2 });
  expect(await errorOf(client.submit('lead', items))).toMatchObject({ status: 503, isPassing: true });
  expect(requests).toHaveLength(2);
});

test('what may have been done and is not the same twice is repeated only when it was turned away', async () => {
  const failed = await clientOf([busy(503, '0'), accepted]);
  expect(await errorOf(failed.client.retry('job-1'))).toMatchObject({ status: 503 });
  expect(failed.requests).toHaveLength(1);
  const turnedAway = await clientOf([busy(429, '0'), accepted]);
  expect(await turnedAway.client.retry('job-1')).toMatchObject({ job, total: 1 });
  expect(turnedAway.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array.from({ length: 2 }, () => 'POST /v1/ext/background-job/job-1/retry'),
  );
});

test('a refusal is an error with all that the API says, and is not repeated', async () => {
  const errors = [
    { code: 'DUPLICATE_KEY', message: 'Twice.', pointer: '/processes' },
    { code: 'OTHER', message: 'More.' },
  ];
  const { client, requests } = await clientOf([{ status: 400, errors, headers: { 'x-request-id': 'r-1' } }]);
  const error = await errorOf(client.submit('lead', items));
  expect(error).toMatchObject({ status: 400, message: 'Twice. More.', requestId: 'r-1', isPassing: false });
  expect(error).toMatchObject({
    codes: ['DUPLICATE_KEY', 'OTHER'],
    messages: ['Twice.', 'More.'],
    pointer: '/processes',
  });
  expect(requests).toHaveLength(1);
});

test.for([404, 200])('a page with status %i is not taken for an answer of the API', async (status) => {
  const { client } = await clientOf([{ status, text: '<html>Please log in' }]);
  expect(await errorOf(client.job('job-1'))).toMatchObject({
    ...{
      status,
      errors: [],
      message: `The response ${status} is not from the API: <html>Please log in. Check the URL of the API.`,
    },
  });
});

test.for(['null', '[]', '{}', '"x"', '{"_data":null,"_meta":{}}', '{"_data":[]}'])(
  '%s is not taken for an answer of the API',
  async (text) => {
    const { client } = await clientOf([200, 200].map((status) => ({ status, text })));
    const message = `The response 200 is not from the API: ${text}. Check the URL of the API.`;
    expect(await errorOf(client.job('job-1'))).toMatchObject({ status: 200, message });
    expect(await errorOf(Array.fromAsync(client.jobs()))).toMatchObject({ status: 200, message });
  },
);

test('what is no error among errors is left out', async () => {
  const text = '{"_errors":[null,5,{"code":1},{"code":"A","message":"B."}]}';
  const { client } = await clientOf([{ status: 400, text }]);
  expect(await errorOf(client.job('job-1'))).toMatchObject({ status: 400, codes: ['A'], message: 'B.' });
});

test('an API that is not there is an error that may pass', async () => {
  const client = new BulkUpdateClient({ url: 'http://127.0.0.1:1', apiKey: 'key', attempts: 1 });
  const error = await errorOf(client.job('job-1'));
  expect(error).toMatchObject({ status: 0, isPassing: true });
  expect(error.message).toMatch(/^No response from http:\/\/127.0.0.1:1: .+\.$/);
});

test('a job is watched by its changes, and asked for no sooner than it says', async () => {
  const meta = (SUCCESS: number) => ({
    total: 2,
    retryable: 0,
    bjEntryCompletionStatusVsCount: { SUCCESS },
  });
  const waiting = { 'retry-after': '30', 'preference-applied': 'wait=2', etag: '"1"' };
  const { client, requests } = await clientOf([
    { status: 200, data: job, meta: meta(0), headers: { ...waiting, 'retry-after': '2' } },
    { status: 304, headers: { ...waiting, 'retry-after': '2' }, text: '' },
    { status: 200, data: job, meta: meta(1), headers: { ...waiting, etag: '"2"' } },
    { status: 200, data: { ...job, completionStatus: 'COMPLETED' }, meta: meta(2) },
  ]);
  const seen = await Array.fromAsync(client.watch('job-1', { everySeconds: 2 }));
  expect(seen.map(({ counts, completionStatus }) => [counts.SUCCESS, completionStatus])).toEqual([
    [0, 'IN_PROGRESS'],
    [1, 'IN_PROGRESS'],
    [2, 'COMPLETED'],
  ]);
  expect(requests.map(({ headers }) => [headers['if-none-match'], headers.prefer])).toEqual([
    [undefined, undefined],
    ['"1"', 'wait=2'],
    ['"1"', 'wait=2'],
    ['"2"', 'wait=2'],
  ]);
});

test('entries come page by page until there is no next one', async () => {
  const next = '/v1/ext/background-job/job-1/entries?cursor=2';
  const { client, requests } = await clientOf([
    { status: 200, data: [{ index: 0 }], meta: { next } },
    { status: 200, data: [], meta: { next: `${next}3` } },
    { status: 200, data: [{ index: 1 }], meta: { next: null } },
  ]);
  const entries = await Array.fromAsync(client.entries('job-1', { completionStatus: 'ERROR' }));
  expect(entries).toEqual([{ index: 0 }, { index: 1 }]);
  expect(requests.map(({ path }) => path)).toEqual([
    '/v1/ext/background-job/job-1/entries?limit=1000&completionStatus=ERROR',
    next,
    `${next}3`,
  ]);
});

test.for(['entries?cursor=2', '?cursor=2', '/v1/ext/background-job/job-1/entries?cursor=2'])(
  'entries as text follow the link %s to the next page',
  async (next) => {
    const link = `<${next}>; rel="next"`;
    const { client, requests } = await clientOf([
      { status: 200, text: 'index\n0\n', headers: { link } },
      { status: 200, text: 'index\n1\n' },
    ]);
    const pages = await Array.fromAsync(client.entriesText('job-1', 'text/csv', { limit: 1 }));
    expect(pages).toEqual(['index\n0\n', 'index\n1\n']);
    expect(requests.map(({ path, headers }) => [path, headers.accept])).toEqual([
      ['/v1/ext/background-job/job-1/entries?limit=1', 'text/csv'],
      ['/v1/ext/background-job/job-1/entries?cursor=2', 'text/csv'],
    ]);
  },
);

test('a process is named by its id or by its primary key', async () => {
  const { client, requests } = await clientOf([
    { status: 200, data: {} },
    { status: 200, data: {} },
  ]);
  await client.process('lead', 'a/1');
  await client.process('lead', { lead_id: 'b/2' });
  expect(requests.map(({ path }) => path)).toEqual([
    '/v1/ext/procedure/lead/process/a%2F1',
    '/v1/ext/procedure/lead/process/lead_id/b%2F2',
  ]);
});

test('procedures are yielded, also if there came to be pages of them', async () => {
  const [contact, lead] = ['contact', 'lead'].map((shortId) => ({ shortId }));
  const next = '/v1/ext/procedure?cursor=2';
  const { client, requests } = await clientOf([
    { status: 200, data: [contact], meta: { next } },
    { status: 200, data: [lead], meta: { next: null } },
  ]);
  expect(await Array.fromAsync(client.procedures())).toEqual([contact, lead]);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/ext/procedure',
    `GET ${next}`,
  ]);
});

test('an API key is shown itself', async () => {
  const apiKey = {
    team: 'local',
    name: null,
    scope: 'write',
    procedures: null,
    expiresAt: null,
    stage: 'local',
  };
  const { client, requests } = await clientOf([
    { status: 200, data: apiKey },
    { status: 200, data: {} },
  ]);
  expect(await client.apiKey()).toEqual(apiKey);
  expect(requests).toMatchObject([{ method: 'GET', path: '/v1/ext/api-key' }]);
  expect(await errorOf(client.apiKey())).toMatchObject({ status: 200 });
});

const ENTRIES = '/v1/ext/background-job/job-1/entries';

test.for([
  ...['https://evil.example/v1/x', '//evil.example/v1/x', '\\\\evil.example/v1/x', '/\\evil.example/v1/x'],
  ...['/v1/../../x', '/v1/%2e%2E/%2e./x', '/other/v1/x', '/prodded/v1/x', 'http://['],
])('the key follows no link to %s', async (next) => {
  const { url, requests } = await startScriptedApi(
    { status: 200, meta: { next }, data: [] },
    { status: 200, text: '', headers: { link: `<${next}>; rel="next"` } },
  );
  const client = new BulkUpdateClient({ url: `${url}/prod`, apiKey: 'key' });
  const message = expect.stringContaining(`which is not below ${url}/prod. Nothing was sent there.`);
  for (const pages of [client.jobs(), client.entriesText('job-1', 'text/csv')]) {
    const error = await errorOf(Array.fromAsync<unknown>(pages));
    expect(error).toMatchObject({ status: 200, isPassing: false, message });
  }
  expect(requests).toHaveLength(2);
});

test.for(['.evil.example/x', '@evil.example/x', ':80@evil.example/x'])(
  'the link %s does not change the host',
  async (next) => {
    const { client, requests } = await clientOf([
      { status: 200, meta: { next }, data: [] },
      { status: 200, meta: { next: null }, data: [] },
    ]);
    await Array.fromAsync(client.jobs());
    expect(requests[1]?.path).toBe(`/v1/ext/${next}`);
  },
);

test.for<[unknown, string]>([
  [5, 'The API linked to 5,'],
  [{}, 'The API linked to {},'],
  [`${ENTRIES}?limit=1000`, 'linked a page to itself'],
])('the next page cannot be %j', async ([next, message]) => {
  const { client, requests } = await clientOf([{ status: 200, meta: { next: next as string }, data: [] }]);
  expect((await errorOf(Array.fromAsync(client.entries('job-1')))).message).toContain(message);
  expect(requests).toHaveLength(1);
});

test('a list that never ends is given up', async () => {
  const pages = Array.from({ length: 1_200 }, (_, cursor) => ({
    ...{ status: 200, data: [], meta: { next: `${ENTRIES}?cursor=${cursor}` } },
  }));
  const { client } = await clientOf(pages);
  expect((await errorOf(Array.fromAsync(client.entries('job-1')))).message).toContain(
    '1001 empty pages in a row',
  );
});

test.for([
  ['application/x-ndjson', ''],
  ['text/csv', 'index,id\r\n'],
] as const)('a list as %s that never ends is given up', async ([format, text]) => {
  const pages = Array.from({ length: 1_200 }, (_, cursor) => ({
    ...{ status: 200, text, headers: { link: `<entries?cursor=${cursor}>; rel="next"` } },
  }));
  const { client } = await clientOf(pages);
  expect((await errorOf(Array.fromAsync(client.entriesText('job-1', format)))).message).toContain(
    '1001 empty pages in a row',
  );
});

test.for(['', '.', '..'])(
  '"%s" names neither a job nor a process: it would be another path',
  async (name) => {
    const { client, requests } = await clientOf([]);
    await expect(client.cancel(name)).rejects.toThrow(TypeError);
    await expect(client.process('lead', { lead_id: name })).rejects.toThrow(TypeError);
    await expect(client.procedure(name)).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  },
);

test.for(['http://bulk.acme.example', 'http://10.0.0.1', 'http://127.0.0.1.evil.example', 'ftp://localhost'])(
  'no key is sent unencrypted to %s',
  (url) => {
    const create = () => new BulkUpdateClient({ url, apiKey: 'key' });
    expect(create).toThrow(TypeError);
    expect(create).toThrow('would send the API key unencrypted. Use https://');
  },
);

test.for(['http://localhost:3000', 'http://127.8.0.1', 'http://[::1]:3000', 'https://bulk.acme.example'])(
  'a key may be sent to %s',
  (url) => {
    expect(() => new BulkUpdateClient({ url, apiKey: 'key' })).not.toThrow();
  },
);

const progress = (id: string, total: number, SUCCESS: number) => ({
  status: 200,
  data: { ...job, id },
  meta: { total, retryable: 0, bjEntryCompletionStatusVsCount: { SUCCESS } },
});

test.for<[ScriptedResponse, string]>([
  [progress('job-2', 1, 1), 'another job'],
  [progress('job-1', 1, -1), 'counts'],
  [progress('job-1', 1.5, 1), 'counts'],
  [progress('job-1', 1, Number.MAX_VALUE), 'counts'],
  [{ status: 200, data: { id: 'job-1' } }, 'counts'],
])('a response about a job that cannot be true is refused: %#', async ([response, message]) => {
  const { client } = await clientOf([response, response, response]);
  for (const request of [client.job('job-1'), client.cancel('job-1'), client.watch('job-1').next()]) {
    expect(await errorOf(request)).toMatchObject({ message: expect.stringContaining(message) });
  }
});

test.for<[object, string]>([
  [{ data: { id: '--url=https://evil.example' } }, 'without a valid id'],
  [{ data: { id: '$(touch x)' } }, 'without a valid id'],
  [{ data: {} }, 'without a valid id'],
  [{ meta: { total: 1, queued: -1, invalid: 2 } }, 'counts that are not whole numbers'],
])('an acknowledgment that cannot be true is refused: %#', async ([changes, message]) => {
  const { client } = await clientOf([{ ...accepted, ...changes }]);
  expect((await errorOf(client.submit('lead', items))).message).toContain(message);
});

test('an endless response is not read to its end', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(1024 * 1024)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  const error = await errorOf(new BulkUpdateClient({ url: endpoint, apiKey: 'key' }).job('job-1'));
  expect(error).toMatchObject({ status: 200, message: expect.stringContaining('larger than 16 MiB') });
});

test('a small response that unpacks to a large one is not read to its end', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  const error = await errorOf(new BulkUpdateClient({ url: endpoint, apiKey: 'key' }).job('job-1'));
  expect(error).toMatchObject({ status: 200, message: expect.stringContaining('larger than 16 MiB') });
});

test('an API that answers at once where it was asked to wait is not asked without a pause', async () => {
  const going = {
    ...progress('job-1', 1, 0),
    headers: { 'retry-after': '0', 'preference-applied': 'wait=1' },
  };
  const { client, requests } = await clientOf(Array.from({ length: 100 }, () => going));
  const startedAt = performance.now();
  let seen = 0;
  for await (const _job of client.watch('job-1')) if (++seen === 4) break;
  expect(requests).toHaveLength(4);
  expect(performance.now() - startedAt).toBeGreaterThan(1_400);
});
