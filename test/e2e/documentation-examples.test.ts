import { expect, test } from 'vitest';
import { createDocument } from '../../lib/openapi/document.ts';
import { call, finished, lead, patch, readProcess, update } from '../support/api.ts';

test('several processes, by primary key and by id, wrapped updates', async () => {
  const job = await update([
    { lead_id: 'EXT-TEST-143', update: { data: { score: '105' } } },
    { id: '1e50dd73-9ce6-405b-932a-9c4c5e7b5599', update: { data: { city: 'Goa' }, state: 'IN_PROGRESS' } },
  ]);
  expect(job).toMatchObject({ status: 'COMPLETED', counts: { SUCCESS: 2, ERROR: 0, INVALID: 0 } });
  expect((await lead('EXT-TEST-143')).data).toMatchObject({ score: 105 });
  const { body } = await readProcess('1e50dd73-9ce6-405b-932a-9c4c5e7b5599');
  expect(body._data).toMatchObject({ data: { city: 'Goa' }, state: 'IN_PROGRESS' });
});

test('an id that is no UUID, and the primary key of another procedure', async () => {
  expect((await update([{ id: 'LEAD-001', update: { state: 'IN_PROGRESS' } }])).counts).toMatchObject({
    SUCCESS: 1,
  });
  const job = await update([{ phone_number: '9901258433', update: { data: { city: 'Goa' } } }], {
    procedure: 'contact',
  });
  expect(job.counts).toMatchObject({ SUCCESS: 1 });
  const { body } = await readProcess('phone_number/9901258433', { procedure: 'contact' });
  expect(body._data.data).toMatchObject({ city: 'Goa', phone_number: '9901258433' });
});

test.for([
  [{ data: { score: 42, city: 'Bangalore', name: 'Shane Warne' } }],
  [{ state: 'IN_PROGRESS' }],
  [{ status: 'CANCELLED' }],
  [{ assignedTo: 'shane.warne' }],
  [{ nextActionAt: 1616253910842 }],
])('the update %j', async ([fields]) => {
  const job = await update([{ id: 'LEAD-001', update: fields }]);
  expect(job.counts).toMatchObject({ SUCCESS: 1 });
  expect((await readProcess('LEAD-001')).body._data).toMatchObject(fields as object);
});

test('the update {"isDeleted":true}', async () => {
  expect((await update([{ lead_id: 'LEAD-00001', update: { isDeleted: true } }])).counts).toMatchObject({
    SUCCESS: 1,
  });
  expect((await readProcess('lead_id/LEAD-00001')).status).toBe(404);
  expect((await update([{ lead_id: 'LEAD-00001', state: 'NEW' }])).counts).toMatchObject({ ERROR: 1 });
});

test('flat items', async () => {
  const job = await update([
    {
      id: '46ce67e5-684e-4cfc-b47e-345a485d1cdd',
      state: 'IN_PROGRESS',
      status: 'OPEN',
      assignedTo: 'shane.warne',
      nextActionAt: '1616253910842',
      data: { first_name: 'shane', last_name: 'warne' },
    },
    { lead_id: 'LEAD-910', data: { country: 'Japan', city: 'Tokyo' } },
  ]);
  expect(job.counts).toMatchObject({ SUCCESS: 2 });
  expect((await readProcess('46ce67e5-684e-4cfc-b47e-345a485d1cdd')).body._data).toMatchObject({
    state: 'IN_PROGRESS',
    status: 'OPEN',
    assignedTo: 'shane.warne',
    nextActionAt: 1616253910842,
    data: { first_name: 'shane', last_name: 'warne' },
  });
  expect((await lead('LEAD-910')).data).toMatchObject({ country: 'Japan', city: 'Tokyo' });
});

test('an item without identifier is an invalid entry of an accepted request', async () => {
  const { status, headers, body } = await patch({ processes: [{ status: 'COMPLETED' }] });
  expect(status).toBe(202);
  expect(body._meta).toEqual({ total: 1, queued: 0, invalid: 1 });
  expect(headers.get('location')).toBe(`../../background-job/${body._data.id}`);
  const job = await finished(body._data.id);
  expect(job).toMatchObject({ status: 'COMPLETED', counts: { INVALID: 1, NOT_STARTED: 0, SUCCESS: 0 } });
  expect(job.data.completedAt).toBeGreaterThan(0);
});

test('the acknowledgment and the job have the documented shape', async () => {
  const { status, headers, body } = await patch({ processes: [{ id: 'LEAD-001', data: { score: 1 } }] });
  expect(status).toBe(202);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body._data).toEqual({
    id: expect.any(String),
    type: 'bulk_api_job',
    team: 'local',
    procedure: 'lead',
    name: null,
    createdAt: expect.any(Number),
    updatedAt: expect.any(Number),
    startedAt: expect.any(Number),
    completedAt: 0,
    completionStatus: 'IN_PROGRESS',
    statusMessage: null,
  });
  const { data } = await finished(body._data.id);
  expect(Object.keys(data)).toEqual(Object.keys(body._data));
  const job = await call(`/v1/ext/background-job/${body._data.id}`);
  expect(job.body._meta).toEqual({
    total: 1,
    retryable: 0,
    bjEntryCompletionStatusVsCount: { INVALID: 0, NOT_STARTED: 0, SUCCESS: 1, ERROR: 0, CANCELLED: 0 },
  });
});

test('a procedure is found by short id and by id', async () => {
  const byShortId = await call<{ id: string }>('/v1/ext/procedure/lead');
  expect(byShortId.body._data).toMatchObject({
    shortId: 'lead',
    name: 'Lead',
    primaryKey: 'lead_id',
    states: ['NEW', 'IN_PROGRESS', 'CONVERTED'],
    attributes: { score: { type: 'integer' }, city: { type: 'string' } },
  });
  const { id } = byShortId.body._data;
  expect((await call(`/v1/ext/procedure/${id}`)).body._data).toEqual(byShortId.body._data);
  expect((await update([{ id: 'LEAD-001', data: { score: 2 } }], { procedure: id })).counts).toMatchObject({
    SUCCESS: 1,
  });
});

test('what /docs sends at "Try it out" is accepted again, and beside itself', async () => {
  const path = '/v1/ext/procedure/{procedure}/process';
  const { parameters = [], requestBody } = createDocument().paths[path]?.patch ?? {};
  const exampleOf = (name: string) => String(parameters.find((each) => each.name === name)?.example);
  const prefilled = parameters.filter((each) => each.in === 'header' && each.example !== undefined);
  const request = () =>
    call(path.replace('{procedure}', exampleOf('procedure')), {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        ...Object.fromEntries(prefilled.map(({ name, example }) => [name, String(example)])),
      },
      body: JSON.stringify(requestBody?.content['application/json']?.example),
    });
  const answers = [...(await Promise.all([request(), request()])), await request()];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map(({ body }) => body._data.id)).size).toBe(3);
});
