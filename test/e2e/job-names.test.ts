import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { call, finished, type JobData, KEYS, lead, patch, sampleLeads, send } from '../support/api.ts';

const nextLead = sampleLeads(4_700);
const JOBS = '/v1/ext/background-job';

interface EntryData {
  index: number;
  line: number | null;
  outcome: string | null;
  before?: object;
  after?: object;
}

const entries = (jobId: string, query: string) => call<EntryData[]>(`${JOBS}/${jobId}/entries${query}`);

test('a job shows its name, and its entries their lines, in each format', async () => {
  const [a, b] = [nextLead(), nextLead()];
  const processes = [
    { lead_id: a, data: { city: 'Oslo' } },
    { lead_id: b, data: { citty: 'Oslo' } },
    { lead_id: 'NOBODY', state: 'NEW' },
  ];
  const name = ' =März\u0000 😀';
  const options = { name, source: { file: 'leads.csv', lines: [2, 3, 7] } };
  const { status, body } = await patch({ processes, options });
  expect([status, body._data.name, body._meta]).toEqual([202, name, { total: 3, queued: 2, invalid: 1 }]);
  const { id } = body._data;
  const { data } = await finished(id);
  expect(data.name).toBe(name);
  const job = await call(`${JOBS}/${id}`);
  expect(job.body._meta).toMatchObject({ total: 3, retryable: 0 });

  const lines = async (query: string) =>
    (await entries(id, query)).body._data.map(({ index, line }) => [index, line]);
  const all = [
    [0, 2],
    [1, 3],
    [2, 7],
  ];
  expect(await lines('')).toEqual(all);
  expect(await lines(`?identifier=${a}`)).toEqual([[0, 2]]);
  expect(await lines('?identifier=NOBODY&completionStatus=ERROR')).toEqual([[2, 7]]);
  expect(await lines('?identifier=nobody')).toEqual([]);
  expect(await lines('?outcome=APPLIED')).toEqual([[0, 2]]);
  const [first] = (await entries(id, '?limit=1&outcome=APPLIED')).body._data;
  expect(first?.outcome).toBe('APPLIED');
  const next = (await entries(id, '?limit=1&completionStatus=INVALID&identifier=x')).body._meta;
  expect(next).toEqual({ total: 1, next: null });
  const page = String((await entries(id, '?limit=1')).body._meta.next);
  expect((await call<EntryData[]>(page)).body._data[0]?.line).toBe(3);

  const download = async (accept: string) =>
    (await send(`${JOBS}/${id}/entries`, { headers: { accept } })).text;
  const ndjson = (await download('application/x-ndjson')).trimEnd().split('\n');
  expect(ndjson.map((line) => JSON.parse(line).line)).toEqual([2, 3, 7]);
  expect(await download('text/csv')).toMatch(/,line,attempts,completedAt,item\r\n0,[^\n]*,APPLIED,,,,2,1,/);
});

test('the list shows names and counts, and finds jobs by name, procedure and status', async () => {
  const mark = randomUUID();
  const named = async (name: string, procedure: string) => {
    const { body } = await patch({ processes: [{}], options: { name } }, { procedure });
    return body._data.id;
  };
  const lead1 = await named(`${mark} Größe.csv`, 'lead');
  const contact = await named(`x ${mark}`, 'contact');
  const lead2 = await named(mark.toUpperCase(), 'lead');
  const list = async (query: string, key?: string) => {
    const { body } = await call<JobData[]>(`${JOBS}?${query}`, { key });
    return body._data.map(({ id }) => id);
  };
  expect(await list(`name=${mark}`)).toEqual([lead2, contact, lead1]);
  expect(await list(`name=${mark}&procedure=lead`)).toEqual([lead2, lead1]);
  expect(await list(`name=${mark}&procedure=lead&completionStatus=COMPLETED`)).toEqual([lead2, lead1]);
  expect(await list(`name=${mark}&completionStatus=FAILED`)).toEqual([]);
  expect(await list(`name=${encodeURIComponent(`${mark} GRÖSSE`)}`)).toEqual([lead1]);
  expect(await list(`name=${mark}`, KEYS.leadOnly)).toEqual([lead2, lead1]);
  expect(await list(`name=${mark}`, KEYS.other)).toEqual([]);

  const query = `limit=1&name=${mark}&procedure=lead`;
  const page = await call<JobData[]>(`${JOBS}?${query}`);
  expect(page.body._data).toMatchObject([
    { id: lead2, total: 1, retryable: 0, bjEntryCompletionStatusVsCount: { INVALID: 1, SUCCESS: 0 } },
  ]);
  const next = String(page.body._meta.next);
  expect(next).toContain(`name=${mark}`);
  expect((await call<JobData[]>(next)).body._data.map(({ id }) => id)).toEqual([lead1]);
});

test.for([
  [`${JOBS}?completionStatus=COMPLETE`, 'Did you mean COMPLETED?'],
  [`${JOBS}?completionStatus=`, 'is not a status of jobs'],
  [`${JOBS}?name=`, 'name'],
  [`${JOBS}?name=${'x'.repeat(201)}`, 'name'],
  [`${JOBS}?procedure=`, 'procedure'],
  [`${JOBS}?status=COMPLETED`, 'Send completionStatus'],
  [`${JOBS}/${randomUUID()}/entries?outcome=APLIED`, 'Did you mean APPLIED?'],
  [`${JOBS}/${randomUUID()}/entries?identifier=`, 'identifier'],
] as [path: string, said: string][])('%s is refused, and told what helps', async ([path, said]) => {
  const { status, body } = await call(path);
  expect([status, body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
  expect(body._errors[0]?.message).toContain(said);
});

test('a request under another name is the same request, and under another option it would not be', async () => {
  const key = nextLead();
  const headers = { 'idempotency-key': randomUUID() };
  const processes = [{ lead_id: key, data: { city: 'Once' } }];
  const bare = await patch({ processes }, { headers });
  const options = { name: 'copy.csv', source: { file: 'copy.csv', lines: [2] } };
  const renamed = await patch({ options, processes }, { headers });
  expect([renamed.status, renamed.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  expect(renamed.body._data).toEqual(bare.body._data);
  const other = await patch({ options, processes: [{ lead_id: key, state: 'NEW' }] }, { headers });
  expect([other.status, other.body._errors[0]?.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
});

test('a dry run tells what each item would change, and changes nothing', async () => {
  const [key, same] = [nextLead(), nextLead()];
  const before = await lead(key);
  const processes = [
    { lead_id: key, data: { city: 'First' } },
    { lead_id: key, data: { city: 'Second', score: '7', phone_number: null } },
    { lead_id: same, data: { city: (await lead(same)).data.city } },
    { lead_id: 'NOBODY', data: { city: 'x' } },
    { lead_id: key, data: { citty: 'x' } },
  ];
  const path = '/v1/ext/procedure/lead/process?dryRun=true';
  const { status, body } = await call<{ entries: EntryData[] }>(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes, options: { name: 'dry', source: { lines: [2, 3, 4, 5, 6] } } }),
  });
  expect(status).toBe(200);
  const none = { before: {}, after: {} };
  expect(body._data.entries).toMatchObject([
    { line: 2, outcome: 'SUPERSEDED', ...none },
    {
      line: 3,
      outcome: 'APPLIED',
      before: { 'data.city': before.data.city ?? null, 'data.score': before.data.score ?? null },
      after: { 'data.city': 'Second', 'data.score': 7 },
    },
    { line: 4, outcome: 'UNCHANGED', ...none },
    { line: 5, completionStatus: 'ERROR', ...none },
    { line: 6, completionStatus: 'INVALID', ...none },
  ]);
  expect(await lead(key)).toEqual(before);
});
