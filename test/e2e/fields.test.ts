import { expect, test } from 'vitest';
import {
  type ApiResponse,
  call,
  finished,
  lead,
  patch,
  readProcess,
  sampleLeads,
  update,
} from '../support/api.ts';

const nextLead = sampleLeads(100);

test('null clears an attribute, the assignee and the next action; other attributes stay', async () => {
  const id = nextLead();
  await update([
    { lead_id: id, data: { city: 'Goa', score: 3 }, assignedTo: 'shane', nextActionAt: '1616253910842' },
  ]);
  await update([{ lead_id: id, data: { city: null }, assignedTo: null, nextActionAt: null }]);
  const { data, assignedTo, nextActionAt } = await lead(id);
  expect(data).toMatchObject({ lead_id: id, country: 'India', score: 3 });
  expect(data).not.toHaveProperty('city');
  expect({ assignedTo, nextActionAt }).toEqual({ assignedTo: null, nextActionAt: null });
});

test('an entry that sets what is there already succeeds, and so does its repetition', async () => {
  const id = nextLead();
  for (let i = 0; i < 2; i++) {
    expect((await update([{ lead_id: id, data: { score: 77 } }])).counts).toMatchObject({ SUCCESS: 1 });
  }
  expect((await lead(id)).data.score).toBe(77);
});

test('a process shows its version, which each update that changes it raises', async () => {
  const id = nextLead();
  // Null until the first update, which another test may have sent.
  const first = Number((await lead(id)).version ?? 0);
  for (const times of [1, 2]) {
    await update([{ lead_id: id, data: { city: `City ${times}` } }]);
    expect((await lead(id)).version).toBe(first + times);
  }
});

test.for([
  ['text', 'city', 'Zürich 🏔️ "quoted" \\ \u0000 \u2028 \uffff {x} __proto__'],
  ['the word constructor', 'city', 'constructor'],
  ['a long text', 'city', 'ü'.repeat(150_000)],
  ['an empty text', 'city', ''],
  ['the largest exact integer', 'score', 9_007_199_254_740_991],
  ['a negative integer', 'score', -9_007_199_254_740_991],
  ['a fraction', 'budget', 0.1],
  ['a tiny number', 'budget', 1e-130],
  ['a large number', 'score', 0],
  ['false', 'newsletter', false],
] as const)('%s is stored exactly', async ([, attribute, value]) => {
  const id = nextLead();
  expect((await update([{ lead_id: id, data: { [attribute]: value } }])).counts).toMatchObject({
    SUCCESS: 1,
  });
  expect((await lead(id)).data[attribute]).toBe(value);
});

async function invalid(item = ''): Promise<ApiResponse> {
  const response = await patch(`{"processes":[${item}]}`);
  expect(response.status).toBe(202);
  expect(response.body._meta).toEqual({ total: 1, queued: 0, invalid: 1 });
  return response;
}

const deep = `${'{"a":'.repeat(35)}1${'}'.repeat(35)}`;

test.for([
  ['a number beyond 2^53', '{"id":"LEAD-001","data":{"score":9007199254740993}}'],
  ['a number of 40 digits as text', `{"id":"LEAD-001","data":{"budget":"0.${'1234567890'.repeat(4)}"}}`],
  ['1e400', '{"id":"LEAD-001","data":{"budget":1e400}}'],
  ['1e300, beyond DynamoDB', '{"id":"LEAD-001","data":{"budget":"1e300"}}'],
  ['NaN as text', '{"id":"LEAD-001","data":{"score":"NaN"}}'],
  ['half a surrogate pair', '{"id":"LEAD-001","data":{"city":"\\ud800"}}'],
  ['an attribute twice', '{"id":"LEAD-001","data":{"city":"a","city":"b"}}'],
  ['__proto__', '{"id":"LEAD-001","data":{"__proto__":{"city":"a"}}}'],
  ['constructor', '{"id":"LEAD-001","data":{"constructor":"a"}}'],
  ['a reserved word', '{"id":"LEAD-001","data":{"size":"a"}}'],
  ['a dotted name', '{"id":"LEAD-001","data":{"a.b":"a"}}'],
  ['an emoji', '{"id":"LEAD-001","data":{"🏔️":"a"}}'],
  ['35 levels', `{"id":"LEAD-001","data":{"city":${deep}}}`],
  ['35 levels around', deep],
  ['400 KB', `{"id":"LEAD-001","data":{"city":"${'x'.repeat(400 * 1024)}"}}`],
  ['null', 'null'],
  ['a string', '"LEAD-001"'],
  ['an array', '[]'],
  ['an empty object', '{}'],
  ['an id that is an object', '{"id":{},"state":"NEW"}'],
  ['a proto of the item', '{"__proto__":{"id":"LEAD-001"},"state":"NEW"}'],
  ['isDeleted false', '{"id":"LEAD-001","isDeleted":false}'],
  ['seconds', '{"id":"LEAD-001","nextActionAt":1616253910}'],
  ['another primary key in data', '{"lead_id":"LEAD-910","data":{"lead_id":"LEAD-911"}}'],
])('an item with %s is an invalid entry', async ([, item]) => {
  const before = (await readProcess('LEAD-001')).body._data;
  const { body } = await invalid(item);
  expect((await finished(body._data.id as string)).counts).toMatchObject({ INVALID: 1 });
  expect((await readProcess('LEAD-001')).body._data).toEqual(before);
});

test('invalid items do not hold up the others', async () => {
  const id = nextLead();
  const job = await update([
    { lead_id: id, state: 'CONVERTED' },
    { lead_id: id, state: 'LOST' },
    { lead_id: 'nobody', state: 'NEW' },
    { lead_id: id, citty: 'Goa' },
  ]);
  expect(job).toMatchObject({
    status: 'COMPLETED',
    counts: { SUCCESS: 1, INVALID: 2, ERROR: 1, NOT_STARTED: 0 },
  });
  expect((await lead(id)).state).toBe('CONVERTED');
});

test('the primary key never changes, and whether data does is told when the process is found', async () => {
  const id = nextLead();
  const process = await lead(id);
  const { data } = await update([
    { id: process.id, data: { lead_id: id } },
    { id: process.id, data: { lead_id: 'LEAD-910' } },
    { id: process.id, update: { data: { lead_id: 'LEAD-910', city: 'Wrong' } } },
    { id: process.id, data: { lead_id: '' } },
    { lead_id: id, data: { lead_id: 'LEAD-910' } },
  ]);
  const { body } = await call<Record<string, unknown>[]>(`/v1/ext/background-job/${data.id}/entries`);
  const refused = (completionStatus: string, pointer: string) => ({
    completionStatus,
    errors: [{ code: 'PRIMARY_KEY_IMMUTABLE', pointer }],
  });
  expect(body._data).toMatchObject([
    { completionStatus: 'SUCCESS', outcome: 'UNCHANGED', processId: process.id },
    { ...refused('ERROR', '/processes/1/data/lead_id'), processId: process.id },
    refused('ERROR', '/processes/2/update/data/lead_id'),
    refused('INVALID', '/processes/3/data/lead_id'),
    refused('INVALID', '/processes/4/data/lead_id'),
  ]);
  expect(await lead(id)).toEqual(process);
});

test('id and primary key together must name the same process', async () => {
  const id = nextLead();
  const process = await lead(id);
  const job = await update([
    { id: process.id, lead_id: id, data: { city: 'Right' } },
    { id: process.id, lead_id: 'LEAD-910', data: { city: 'Wrong' } },
    { id: process.id, data: { lead_id: id, country: 'Nepal' } },
  ]);
  expect(job.counts).toMatchObject({ SUCCESS: 2, ERROR: 1 });
  expect((await lead(id)).data).toMatchObject({ city: 'Right', country: 'Nepal' });
});
