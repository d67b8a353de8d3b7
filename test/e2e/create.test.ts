import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { call, finished, type JobData, readProcess } from '../support/api.ts';
import { localParts } from '../support/local.ts';

const LEADS = '/v1/ext/procedure/lead/process';
const JOBS = '/v1/ext/background-job';
const JSON_BODY = { 'content-type': 'application/json' };

interface EntryData {
  index: number;
  processId: string | null;
  identifier: Record<string, unknown>;
  completionStatus: string;
  outcome: string | null;
  errors: { code: string; message: string; pointer: string }[];
  before: object;
  after: object;
}

const { documents, tables } = localParts();

const newKey = () => `NEW-${randomUUID()}`;

const post = (body: unknown, { path = LEADS, query = '' } = {}) =>
  call<JobData>(`${path}/bulk-create${query}`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(body),
  });

const patch = (processes: unknown[], options: object, { path = LEADS, query = '' } = {}) =>
  call<JobData>(`${path}${query}`, {
    method: 'PATCH',
    headers: JSON_BODY,
    body: JSON.stringify({ processes, options }),
  });

const entriesOf = async (id: string) =>
  (await call<EntryData[]>(`${JOBS}/${id}/entries?limit=1000`)).body._data;

async function ended(request: ReturnType<typeof post>) {
  const { status, body } = await request;
  expect([status, body._errors]).toEqual([202, []]);
  const { data } = await finished(body._data.id);
  return { id: String(body._data.id), data, entries: await entriesOf(body._data.id) };
}

const leadOf = async (lead_id: string) => (await readProcess(`lead_id/${lead_id}`)).body._data;

test('a bulk-create creates processes, from a list or from "processes"', async () => {
  const [inItem, inData] = [newKey(), newKey()];
  const { entries } = await ended(
    post([
      { lead_id: inItem, data: { city: 'Goa', score: '7' }, state: 'IN_PROGRESS', assignedTo: 'Bo' },
      { data: { lead_id: inData } },
    ]),
  );
  expect(entries).toMatchObject([
    { completionStatus: 'SUCCESS', outcome: 'CREATED', identifier: { lead_id: inItem } },
    { completionStatus: 'SUCCESS', outcome: 'CREATED', identifier: { lead_id: inData } },
  ]);
  expect(await leadOf(inItem)).toMatchObject({
    id: entries[0]?.processId,
    status: 'OPEN',
    state: 'IN_PROGRESS',
    assignedTo: 'Bo',
    data: { lead_id: inItem, city: 'Goa', score: 7 },
    isDeleted: false,
    version: 1,
  });
  expect(await leadOf(inData)).toMatchObject({ status: 'OPEN', state: 'NEW', data: { lead_id: inData } });

  const again = await ended(post({ processes: [{ lead_id: inItem, data: { city: 'Oslo' } }] }));
  expect(again.entries).toMatchObject([
    { completionStatus: 'ERROR', processId: entries[0]?.processId, errors: [{ code: 'PROCESS_EXISTS' }] },
  ]);
  expect((await leadOf(inItem)).data.city).toBe('Goa');
});

test('what a create cannot have is told, with the remedy', async () => {
  const { status, body } = await post({
    processes: [
      { id: 'chosen', lead_id: newKey() },
      { data: { city: 'Goa' } },
      { lead_id: newKey(), isDeleted: true },
      { lead_id: newKey(), update: { data: {} } },
      { lead_id: 'A', data: { lead_id: 'B' } },
    ],
    options: { onInvalid: 'reject' },
  });
  expect(status).toBe(422);
  expect(body._errors.slice(1).map(({ code, pointer }) => [code, pointer])).toEqual([
    ['UNKNOWN_FIELD', '/processes/0/id'],
    ['IDENTIFIER_MISSING', '/processes/1'],
    ['UNKNOWN_FIELD', '/processes/2/isDeleted'],
    ['UNKNOWN_FIELD', '/processes/3/update'],
    ['PRIMARY_KEY_IMMUTABLE', '/processes/4/data/lead_id'],
  ]);
  expect(body._errors[1]?.message).toContain('The service chooses it: leave it out.');
  const refused = await post({ processes: [{ lead_id: newKey() }], options: { onMissing: 'create' } });
  expect([refused.status, refused.body._errors[0]?.code]).toEqual([400, 'INVALID_OPTION']);
});

test('an upsert updates what exists, and creates what does not', async () => {
  const [missing, deleting, expecting] = [newKey(), newKey(), newKey()];
  const existing = newKey();
  await ended(post([{ lead_id: existing, data: { city: 'Goa' } }]));
  const { entries } = await ended(
    patch(
      [
        { lead_id: existing, data: { city: 'Oslo' } },
        { lead_id: missing, data: { city: 'Rome' } },
        { lead_id: missing, data: { score: 5 } },
        { id: randomUUID(), data: { city: 'Rome' } },
        { lead_id: deleting, isDeleted: true },
        { lead_id: expecting, expect: { state: 'NEW' }, data: { city: 'Rome' } },
        { lead_id: missing, expect: { state: 'NEW' }, data: { first_name: 'Ada' } },
      ],
      { onMissing: 'create' },
    ),
  );
  expect(entries.map(({ outcome, errors }) => outcome ?? errors[0]?.code)).toEqual([
    'APPLIED',
    'CREATED',
    'APPLIED',
    'PROCESS_NOT_FOUND',
    'PROCESS_NOT_FOUND',
    'PROCESS_NOT_FOUND',
    'APPLIED',
  ]);
  expect((await leadOf(missing)).data).toEqual({
    lead_id: missing,
    city: 'Rome',
    score: 5,
    first_name: 'Ada',
  });
});

test('a procedure names what a process needs, and what it has by default', async () => {
  const shortId = `deal-${randomUUID()}`;
  const procedure = {
    ...{ team: 'local', id: randomUUID(), shortId, name: 'Deal', primaryKey: 'ref', states: ['A', 'B'] },
    attributes: { ref: { type: 'integer' }, city: { type: 'string' }, level: { type: 'string' } },
    required: ['city'],
    defaults: { level: 'low' },
  };
  await documents.send(new PutCommand({ TableName: tables.procedures, Item: procedure }));
  const path = `/v1/ext/procedure/${shortId}/process`;
  const read = (ref: number) => readProcess(`ref/${ref}`, { procedure: shortId });
  expect((await call(`/v1/ext/procedure/${shortId}`)).body._data).toMatchObject({
    required: ['city'],
    defaults: { level: 'low' },
  });

  const { entries } = await ended(
    post([{ ref: 1, data: { city: 'Goa' } }, { ref: '2' }, { ref: 3, data: { city: null } }], { path }),
  );
  expect(entries).toMatchObject([
    { outcome: 'CREATED' },
    {
      completionStatus: 'INVALID',
      errors: [
        {
          code: 'REQUIRED_MISSING',
          message: `"city" is missing, and no ${shortId} is created without it. Add it to "data".`,
          pointer: '/processes/1/data/city',
        },
      ],
    },
    { completionStatus: 'INVALID', errors: [{ code: 'REQUIRED_MISSING' }] },
  ]);
  expect((await read(1)).body._data).toMatchObject({
    state: 'A',
    data: { ref: 1, city: 'Goa', level: 'low' },
  });

  const upserts = await ended(
    patch(
      [
        { ref: 1, data: { level: 'high' } },
        { ref: 4, data: { level: 'high' } },
        { ref: 5, data: { city: 'Rome', level: null } },
      ],
      { onMissing: 'create' },
      { path },
    ),
  );
  expect(upserts.entries).toMatchObject([
    { outcome: 'APPLIED' },
    {
      completionStatus: 'ERROR',
      errors: [
        {
          code: 'REQUIRED_MISSING',
          message: '"city" is missing, and no process is created without it. Add it to "data".',
          pointer: '/processes/1/data/city',
        },
      ],
    },
    { outcome: 'CREATED' },
  ]);
  expect((await read(5)).body._data.data).toEqual({ ref: 5, city: 'Rome' });
});

test('a dry run and a plan tell what would be created; a plan creates only what is still missing', async () => {
  const [planned, taken] = [newKey(), newKey()];
  const items = [
    { lead_id: planned, data: { city: 'Goa' } },
    { lead_id: planned, data: { city: 'Rome' } },
    { lead_id: taken, data: { city: 'Goa' } },
  ];
  const dry = await patch(items, { onMissing: 'create' }, { query: '?dryRun=true' });
  expect(dry.body._data.entries).toMatchObject([
    {
      outcome: 'CREATED',
      before: { status: null, state: null, 'data.city': null, 'data.lead_id': null },
      after: { status: 'OPEN', state: 'NEW', 'data.city': 'Goa', 'data.lead_id': planned },
    },
    { outcome: 'APPLIED', before: { 'data.city': 'Goa' }, after: { 'data.city': 'Rome' } },
    { outcome: 'CREATED' },
  ]);
  expect((await readProcess(`lead_id/${planned}`)).status).toBe(404);

  const { body } = await patch(items, { onMissing: 'create', plan: true });
  expect(body._data.completionStatus).toBe('PLANNED');
  await ended(post([{ lead_id: taken, data: { city: 'Pune' } }]));
  await call(`${JOBS}/${body._data.id}/approve`, { method: 'POST' });
  await finished(body._data.id);
  const entries = await entriesOf(body._data.id);
  expect(entries.map(({ outcome, errors }) => outcome ?? errors[0]?.code)).toEqual([
    'CREATED',
    'APPLIED',
    'PRECONDITION_FAILED',
  ]);
  expect((await leadOf(taken)).data.city).toBe('Pune');
});

test('an undo deletes what was created, unless somebody has changed it since, and comes back with its own undo', async () => {
  const [untouched, changed, twice] = [newKey(), newKey(), newKey()];
  const { id } = await ended(
    patch(
      [
        ...[untouched, changed, twice].map((lead_id) => ({ lead_id, data: { city: 'Goa' } })),
        { lead_id: twice, data: { city: 'Rome' }, state: 'IN_PROGRESS' },
      ],
      { onMissing: 'create' },
    ),
  );
  await ended(patch([{ lead_id: changed, data: { score: 1 } }], {}));
  const undo = await ended(call<JobData>(`${JOBS}/${id}/undo`, { method: 'POST' }));
  expect(undo.entries.map(({ outcome }) => outcome)).toEqual(['REVERTED', 'KEPT', 'REVERTED', 'REVERTED']);
  expect((await readProcess(`lead_id/${untouched}`)).status).toBe(404);
  expect((await readProcess(`lead_id/${twice}`)).status).toBe(404);
  expect((await leadOf(changed)).data).toMatchObject({ city: 'Goa', score: 1 });

  const back = await ended(call<JobData>(`${JOBS}/${undo.id}/undo`, { method: 'POST' }));
  expect(back.entries.map(({ outcome }) => outcome)).toEqual([
    'REVERTED',
    'UNCHANGED',
    'REVERTED',
    'REVERTED',
  ]);
  expect(await leadOf(untouched)).toMatchObject({ data: { city: 'Goa' } });
  expect(await leadOf(twice)).toMatchObject({ data: { city: 'Rome' }, state: 'IN_PROGRESS' });
});

test('the primary key of a deleted process is free, and the deletion is not undone then', async () => {
  const lead_id = newKey();
  const first = await ended(post([{ lead_id, data: { city: 'Goa' } }]));
  const deletion = await ended(patch([{ lead_id, isDeleted: true }], {}));
  const second = await ended(post([{ lead_id, data: { city: 'Rome' } }]));
  expect(second.entries).toMatchObject([{ outcome: 'CREATED' }]);
  expect(second.entries[0]?.processId).not.toBe(first.entries[0]?.processId);
  expect(await leadOf(lead_id)).toMatchObject({ id: second.entries[0]?.processId, data: { city: 'Rome' } });
  const undo = await ended(call<JobData>(`${JOBS}/${deletion.id}/undo`, { method: 'POST' }));
  expect(undo.entries).toMatchObject([{ errors: [{ code: 'PROCESS_EXISTS' }] }]);
  const third = await ended(patch([{ lead_id, data: { city: 'Oslo' } }], { onMissing: 'create' }));
  expect(third.entries).toMatchObject([{ outcome: 'APPLIED', processId: second.entries[0]?.processId }]);
});

test('a job that has deleted processes and created others of their primary keys is undone as a whole', async () => {
  const keys = Array.from({ length: 20 }, newKey);
  await ended(post(keys.map((lead_id) => ({ lead_id, data: { city: 'Goa' } }))));
  const { id } = await ended(
    patch(
      [
        ...keys.map((lead_id) => ({ lead_id, isDeleted: true })),
        ...keys.map((lead_id) => ({ lead_id, data: { city: 'Rome' } })),
      ],
      // The deletions end before the creates begin.
      { onMissing: 'create', canary: keys.length },
    ),
  );
  const citiesOf = async () => new Set((await Promise.all(keys.map(leadOf))).map(({ data }) => data.city));
  expect(await citiesOf()).toEqual(new Set(['Rome']));
  const dry = await call<JobData>(`${JOBS}/${id}/undo?dryRun=true`, { method: 'POST' });
  const undo = await ended(call<JobData>(`${JOBS}/${id}/undo`, { method: 'POST' }));
  const tried = dry.body._data.entries as EntryData[];
  for (const { outcome } of [...tried, ...undo.entries]) expect(outcome).toBe('REVERTED');
  expect(await citiesOf()).toEqual(new Set(['Goa']));
  const back = await ended(call<JobData>(`${JOBS}/${undo.id}/undo`, { method: 'POST' }));
  expect(back.entries.map(({ outcome, errors }) => outcome ?? errors[0])).toEqual(
    back.entries.map(() => 'REVERTED'),
  );
  expect(await citiesOf()).toEqual(new Set(['Rome']));

  await ended(patch([{ lead_id: keys[0], data: { score: 1 } }], {}));
  const again = await ended(call<JobData>(`${JOBS}/${id}/undo`, { method: 'POST' }));
  expect(again.entries.filter(({ identifier }) => identifier.lead_id === keys[0])).toMatchObject([
    { errors: [{ code: 'PROCESS_EXISTS' }] },
    { outcome: 'KEPT' },
  ]);
}, 60_000);

test('updates that are sent right after their creates are applied after them', async () => {
  const keys = Array.from({ length: 300 }, newKey);
  const created = await post(keys.map((lead_id) => ({ lead_id, data: { city: 'Goa', score: 1 } })));
  const updated = await patch(
    [...keys, newKey()].map((lead_id) => ({ lead_id, data: { city: 'Rome' } })),
    {},
  );
  await finished(created.body._data.id);
  const { counts } = await finished(updated.body._data.id);
  expect(counts).toMatchObject({ SUCCESS: 300, ERROR: 1 });
  const leads = await Promise.all(keys.slice(0, 50).map(leadOf));
  expect(leads.map(({ data }) => [data.city, data.score])).toEqual(leads.map(() => ['Rome', 1]));
});

test('a request that is sent again with its key is one job', async () => {
  const lead_id = newKey();
  const headers = { ...JSON_BODY, 'idempotency-key': randomUUID() };
  const body = JSON.stringify([{ lead_id }]);
  const send = () => call<JobData>(`${LEADS}/bulk-create`, { method: 'POST', headers, body });
  const [first, second] = [await send(), await send()];
  expect(second.body._data.id).toBe(first.body._data.id);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  await finished(first.body._data.id);
  expect(await entriesOf(first.body._data.id)).toMatchObject([{ outcome: 'CREATED' }]);
});
