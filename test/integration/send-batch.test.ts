import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idempotencyKeyOf } from '../../lib/client/batches.ts';
import { BulkUpdateClient } from '../../lib/client/index.ts';
import { type SendOptions, sendBatch } from '../../lib/client/send-batch.ts';
import { sendRows } from '../../lib/console/model/send.ts';
import { bulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type ScriptedResponse, startScriptedApi } from '../support/scripted-api.ts';

const item = '{"id":"a","state":"NEW"}';
const batch = { start: 0, count: 1, body: `{"processes":[${item}]}`, rows: [{ line: 2, text: item }] };
const key = (salt = '') => idempotencyKeyOf('lead', batch, salt);

const accepted = (id: string): ScriptedResponse => ({
  ...{
    status: 202,
    data: { id, completionStatus: 'IN_PROGRESS' },
    meta: { total: 1, queued: 1, invalid: 0 },
  },
});
const replayed = (id: string): ScriptedResponse => ({
  ...accepted(id),
  headers: { 'idempotency-replayed': 'true' },
});
const job = (id: string, completionStatus: string, counts: object): ScriptedResponse => ({
  ...{ status: 200, data: { id, completionStatus } },
  meta: {
    total: 1,
    retryable: 0,
    bjEntryCompletionStatusVsCount: {
      INVALID: 0,
      NOT_STARTED: 0,
      SUCCESS: 0,
      ERROR: 0,
      CANCELLED: 0,
      ...counts,
    },
  },
});

async function send(options: Partial<SendOptions>, ...answers: ScriptedResponse[]) {
  const { url, requests } = await startScriptedApi(...answers);
  const client = new BulkUpdateClient({ url, apiKey: 'key' });
  const all = { mayRepeat: false, hasLines: true, ...options };
  const result = await sendBatch(client, 'lead', batch, all).catch((error: Error) => error.message);
  const keys = requests.flatMap(({ headers }) => headers['idempotency-key'] ?? []);
  const bodies = requests.flatMap(({ method, body }) => (method === 'PATCH' ? [body] : []));
  return { result, keys, bodies };
}

test('a request says what its job is called and where its items come from, which changes no key', async () => {
  const label = { name: 'March', file: 'leads.csv' };
  const labelled = await send(label, accepted('a'));
  expect(labelled.bodies).toEqual([
    `{"processes":[${item}],"options":{"name":"March","source":{"file":"leads.csv","lines":[2]}}}`,
  ]);
  const bare = await send({ hasLines: false }, accepted('a'));
  expect(bare.bodies).toEqual([batch.body]);
  expect([labelled.keys, bare.keys]).toEqual([[await key()], [await key()]]);
});

test('items that may create are another request than the same items that update', async () => {
  const sent = await send({ creates: 'missing', hasLines: false }, accepted('a'));
  expect(sent.bodies).toEqual([`{"processes":[${item}],"options":{"onMissing":"create"}}`]);
  expect(sent.keys).toEqual([await key(' missing')]);
  expect((await send({ creates: 'all' }, accepted('a'))).keys).toEqual([await key(' all')]);
});

test('items that were accepted with the other option are not sent twice', async () => {
  const reused = {
    status: 422,
    errors: [{ code: 'IDEMPOTENCY_KEY_REUSED', message: 'Another request.' }],
  };
  for (const rejectInvalid of [true, false]) {
    const sent = await send({ rejectInvalid, hasLines: false }, reused, replayed('a'));
    expect(sent.result).toMatchObject({ job: { id: 'a' }, isReplay: true });
    expect(sent.keys).toEqual([await key(), await key()]);
    const rejecting = `{"processes":[${item}],"options":{"onInvalid":"reject"}}`;
    expect(sent.bodies).toEqual(rejectInvalid ? [rejecting, batch.body] : [batch.body, rejecting]);
  }
});

test('what was accepted before in vain is sent again, with a key that is the same each time', async () => {
  const chain = [
    replayed('a'),
    job('a', 'COMPLETED', { ERROR: 1 }),
    replayed('b'),
    job('b', 'CANCELLED', { CANCELLED: 1 }),
  ];
  const { result, keys } = await send({ mayRepeat: true }, ...chain, accepted('c'));
  expect(result).toMatchObject({ job: { id: 'c' }, isReplay: false });
  expect(keys).toEqual([await key(), await key(' a'), await key(' b')]);
  const again = await send(
    { mayRepeat: true },
    ...chain,
    replayed('c'),
    job('c', 'IN_PROGRESS', { NOT_STARTED: 1 }),
  );
  expect(again.result).toMatchObject({ job: { id: 'c' }, isReplay: true });
  expect(again.keys).toEqual(keys);
});

test.for([
  ['is in progress', 'IN_PROGRESS', { NOT_STARTED: 1 }],
  ['has applied something', 'COMPLETED', { SUCCESS: 1 }],
] as const)('what was accepted before is not sent again when its job %s', async ([, status, counts]) => {
  const { result, keys } = await send({ mayRepeat: true }, replayed('a'), job('a', status, counts));
  expect(result).toMatchObject({ job: { id: 'a' }, isReplay: true });
  expect(keys).toHaveLength(1);
});

test('a file of several requests is never sent again in part, as its order decides', async () => {
  const { result, keys } = await send({ mayRepeat: false }, replayed('a'));
  expect(result).toMatchObject({ job: { id: 'a' }, isReplay: true });
  expect(keys).toHaveLength(1);
});

test('a run of --resend has keys of its own', async () => {
  const { keys } = await send(
    { salt: 'now', mayRepeat: true },
    ...[replayed('a'), job('a', 'COMPLETED', { ERROR: 1 }), accepted('b')],
  );
  expect(keys).toEqual([await key('now'), await key('now a')]);
});

test('an API that answers every key with one job is not asked for ever', async () => {
  const failed = job('a', 'COMPLETED', { ERROR: 1 });
  const { result } = await send({ mayRepeat: true }, replayed('a'), failed, replayed('a'), failed);
  expect(result).toContain('returned the same job for another key');
});

test('with safeguards the console sends a request when the job before has ended, and none after an aborted one', async () => {
  const rows = Array.from({ length: 10_001 }, (_, i) => ({ line: i + 2, text: item, cells: [] }));
  const total = (answer: ScriptedResponse, count: number) => ({
    ...answer,
    meta: { ...answer.meta, total: count },
  });
  const safeguards = { canary: 1 };
  const sent = async (...answers: ScriptedResponse[]) => {
    const { url, requests } = await startScriptedApi(...answers);
    const client = new BulkUpdateClient({ url, apiKey: 'key' });
    const aborted: string[] = [];
    const options = { safeguards, onAborted: () => void aborted.push('aborted') };
    const jobs = await Array.fromAsync(
      sendRows(client, 'lead', { file: undefined, format: 'json' }, rows, options),
    );
    return { jobs: jobs.map(({ id }) => id), aborted, methods: requests.map(({ method }) => method) };
  };
  const first = total(accepted('a'), 10_000);
  const ended = (status: string) => total(job('a', status, { SUCCESS: 10_000 }), 10_000);
  expect(await sent(first, ended('ABORTED'))).toEqual({
    ...{ jobs: ['a'], aborted: ['aborted'], methods: ['PATCH', 'GET'] },
  });
  expect(await sent(first, ended('COMPLETED'), accepted('b'))).toEqual({
    ...{ jobs: ['a', 'b'], aborted: [], methods: ['PATCH', 'GET', 'PATCH'] },
  });
});

test('a key in use is asked for again, with the same key, by the command line and the console', async () => {
  const inUse: ScriptedResponse = {
    ...{ status: 503, headers: { 'retry-after': '0' } },
    errors: [{ code: 'IDEMPOTENCY_KEY_IN_USE', message: 'It is being accepted.' }],
  };
  const procedure = {
    shortId: 'lead',
    primaryKey: 'lead_id',
    states: [],
    attributes: { city: { type: 'string' } },
  };
  const command = await startScriptedApi({ status: 200, data: procedure }, inUse, inUse, accepted('a'));
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'a.csv'), 'lead_id,city\nA,Goa\n');
  expect(await bulk(['submit', 'a.csv', '-p', 'lead'], { cwd, url: command.url })).toMatchObject({ code: 0 });

  const console = await startScriptedApi(inUse, inUse, accepted('a'));
  const client = new BulkUpdateClient({ url: console.url, apiKey: 'key' });
  const rows = [{ line: 2, text: '{"lead_id":"A","data":{"city":"Goa"}}', cells: [] }];
  expect(await Array.fromAsync(sendRows(client, 'lead', { file: 'b.csv', format: 'csv' }, rows))).toEqual([
    { id: 'a', total: 1, isPlan: false, isReplay: false },
  ]);
  const keys = [command, console].flatMap(({ requests }) =>
    requests.flatMap(({ headers }) => headers['idempotency-key'] ?? []),
  );
  expect(keys).toHaveLength(6);
  expect(new Set(keys).size).toBe(1);
  const [ofCommand, ofConsole] = [command, console].map(({ requests }) => requests.at(-1)?.body ?? '');
  const options = { name: 'a.csv', source: { file: 'a.csv', lines: [2] } };
  expect(JSON.parse(ofCommand ?? '')).toMatchObject({ options });
  expect(JSON.parse(ofConsole ?? '').options).toEqual({
    name: 'b.csv',
    source: { file: 'b.csv', lines: [2] },
  });
});
