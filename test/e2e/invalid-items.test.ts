import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { call, finished, type JobData, lead, patch, sampleLeads } from '../support/api.ts';

const nextLead = sampleLeads(4_750);
const reject = { onInvalid: 'reject' };

/** A valid item, one with two errors, and one with one. */
const mixed = (key: string) => [
  { lead_id: key, data: { city: 'Oslo' } },
  { lead_id: key, status: 'MAYBE', state: 'NOWHERE' },
  { state: 'NEW' },
];

test('a request with invalid items is refused with every error of every item, and nothing is accepted', async () => {
  const name = randomUUID();
  const key = nextLead();
  const before = await lead(key);
  const { status, body } = await patch({ processes: mixed(key), options: { ...reject, name } });
  expect([status, body._data, body._meta]).toEqual([422, null, { total: 3, invalid: 2 }]);
  expect(body._errors.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['INVALID_ITEMS', undefined],
    ['INVALID_VALUE', '/processes/1/status'],
    ['INVALID_VALUE', '/processes/1/state'],
    ['IDENTIFIER_MISSING', '/processes/2'],
  ]);
  expect(body._errors[0]?.message).toBe(
    '2 of 3 items are invalid; nothing was accepted. Correct them and send the request again.',
  );
  const jobs = await call<JobData[]>(`/v1/ext/background-job?name=${name}`);
  expect(jobs.body._data).toEqual([]);
  expect(await lead(key)).toEqual(before);
});

test('a request whose items are all valid is accepted, though a process may be missing', async () => {
  const processes = [
    { lead_id: nextLead(), data: { city: 'Oslo' } },
    { lead_id: 'NOBODY', state: 'NEW' },
  ];
  const { status, body } = await patch({ processes, options: reject });
  expect([status, body._meta]).toEqual([202, { total: 2, queued: 2, invalid: 0 }]);
  expect((await finished(body._data.id)).counts).toMatchObject({ SUCCESS: 1, ERROR: 1 });
});

test('the key of a refused request is free, and that of an accepted one stands for its option, too', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const key = nextLead();
  const [valid] = mixed(key);
  const send = (processes: unknown[], options: object) => patch({ processes, options }, { headers });
  expect((await send(mixed(key), reject)).status).toBe(422);
  const first = await send([valid], reject);
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([202, 'false']);
  const again = await send([valid], { ...reject, name: 'again' });
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  for (const other of [{}, { onInvalid: 'skip' }]) {
    const { status, body } = await send([valid], other);
    expect([status, body._errors[0]?.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  }
});

test('a dry run tells each item, whatever the option says', async () => {
  const path = '/v1/ext/procedure/lead/process?dryRun=true';
  const { status, body } = await call<{ entries: { completionStatus: string }[] }>(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes: mixed(nextLead()), options: reject }),
  });
  expect(status).toBe(200);
  expect(body._data.entries.map(({ completionStatus }) => completionStatus)).toEqual([
    'SUCCESS',
    'INVALID',
    'INVALID',
  ]);
});

test('a misspelt option refuses the request', async () => {
  for (const options of [{ onInvalid: 'rejct' }, { oninvalid: 'reject' }, { onInvalid: null }]) {
    const { status, body } = await patch({ processes: mixed(nextLead()), options });
    expect([status, body._errors.map(({ code }) => code)]).toEqual([400, ['INVALID_OPTION']]);
    expect(body._errors[0]?.pointer).toBe(`/options/${Object.keys(options)}`);
  }
});

test('at most 1,000 errors are listed, and a response is never too large to be sent', async () => {
  const many = Array(10_000).fill({ state: 'NOWHERE' });
  const listed = await patch({ processes: many, options: reject });
  expect([listed.status, listed.body._meta]).toEqual([422, { total: 10_000, invalid: 10_000 }]);
  expect(listed.body._errors).toHaveLength(1_000);
  // Each error names its field, and these names take more than a response may have.
  const names = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}${'x'.repeat(100_000)}`, 1]));
  const large = gzipSync(JSON.stringify({ processes: [names, names], options: reject }));
  const { status, body } = await patch(large, { headers: { 'content-encoding': 'gzip' } });
  expect([status, body._errors[0]?.code, body._meta]).toEqual([
    422,
    'INVALID_ITEMS',
    { total: 2, invalid: 2 },
  ]);
});
