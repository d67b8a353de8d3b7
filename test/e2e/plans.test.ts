import { expect, test } from 'vitest';
import { call, finished, KEYS, patch, readProcess, sampleLeads, update } from '../support/api.ts';

const nextLead = sampleLeads(4_600);
const JOBS = '/v1/ext/background-job';

interface EntryData {
  completionStatus: string;
  outcome: string | null;
  errors: { code: string; message: string; pointer: string }[];
  plan: { completionStatus: string; before: object; after: object; errors: { code: string }[] };
}

const plan = (processes: object[], options: object = {}, key?: string) =>
  patch({ processes, options: { ...options, plan: true } }, key === undefined ? {} : { key });
const approve = (id: string, headers: Record<string, string> = {}, key?: string) =>
  call(`${JOBS}/${id}/approve`, { method: 'POST', headers, key });
const entriesOf = async (id: string) =>
  (await call<EntryData[]>(`${JOBS}/${id}/entries?limit=1000`)).body._data;
const cityOf = async (lead_id: string) => (await readProcess(`lead_id/${lead_id}`)).body._data.data.city;

test('a plan shows what would change, changes nothing, and is applied when it is approved', async () => {
  const [changed, missing] = [nextLead(), 'NOBODY'];
  await update([{ lead_id: changed, data: { city: 'Goa' }, state: 'NEW' }]);
  const acknowledged = await plan([
    { lead_id: changed, data: { city: 'Pune' }, state: 'NEW' },
    { lead_id: missing, state: 'NEW' },
    { lead_id: changed, status: 'WRONG' },
  ]);
  const { status, body } = acknowledged;
  const { id } = body._data;
  const plannedCompletionStatusVsCount = { INVALID: 1, SUCCESS: 1, ERROR: 1 };
  expect([status, body._data.completionStatus]).toEqual([202, 'PLANNED']);
  expect(body._meta).toEqual({ total: 3, queued: 0, invalid: 1, plannedCompletionStatusVsCount });
  const job = await call(`${JOBS}/${id}`, { headers: { prefer: 'wait=5' } });
  expect(job.body._data.completionStatus).toBe('PLANNED');
  expect(acknowledged.headers.get('etag')).toBe(job.headers.get('etag'));
  expect(job.body._meta).toEqual({
    ...{ total: 3, retryable: 0, plannedCompletionStatusVsCount },
    bjEntryCompletionStatusVsCount: { INVALID: 1, NOT_STARTED: 2, SUCCESS: 0, ERROR: 0, CANCELLED: 0 },
  });
  expect(await entriesOf(id)).toMatchObject([
    {
      completionStatus: 'NOT_STARTED',
      plan: {
        ...{ completionStatus: 'SUCCESS', outcome: 'APPLIED', errors: [] },
        ...{ before: { 'data.city': 'Goa' }, after: { 'data.city': 'Pune' } },
      },
    },
    { plan: { completionStatus: 'ERROR', errors: [{ code: 'PROCESS_NOT_FOUND' }] } },
    { completionStatus: 'INVALID', plan: { completionStatus: 'INVALID' } },
  ]);
  expect(await cityOf(changed)).toBe('Goa');

  const approved = await approve(id, { 'if-match': job.headers.get('etag') ?? '' });
  expect([approved.status, approved.body._data.completionStatus]).toEqual([202, 'IN_PROGRESS']);
  const { data, counts } = await finished(id);
  expect(data.completionStatus).toBe('COMPLETED');
  expect(counts).toMatchObject({ INVALID: 1, SUCCESS: 1, ERROR: 1 });
  expect(await cityOf(changed)).toBe('Pune');
  const again = await approve(id, { 'if-match': '"another"' });
  expect([again.status, again.body._data, again.headers.get('retry-after')]).toEqual([202, data, null]);
});

test('an entry that has changed since the plan fails, and tells how', async () => {
  const [kept, moved] = [nextLead(), nextLead()];
  await update([kept, moved].map((lead_id) => ({ lead_id, data: { city: 'Goa' } })));
  const { body } = await plan(
    [kept, moved].map((lead_id) => ({ lead_id, update: { data: { city: 'Pune' } } })),
  );
  await update([{ lead_id: moved, data: { city: 'Oslo' } }]);
  await approve(body._data.id);
  await finished(body._data.id);
  expect(await entriesOf(body._data.id)).toMatchObject([
    { outcome: 'APPLIED' },
    {
      errors: [
        {
          code: 'PRECONDITION_FAILED',
          message: '"city" has changed since the plan: it is "Oslo", not "Goa".',
          pointer: '/processes/1/update/data/city',
        },
      ],
    },
  ]);
  expect([await cityOf(kept), await cityOf(moved)]).toEqual(['Pune', 'Oslo']);
});

test('two items of one process are applied as planned', async () => {
  const lead_id = nextLead();
  await update([{ lead_id, data: { city: 'Goa' } }]);
  const { body } = await plan(['Pune', 'Oslo'].map((city) => ({ lead_id, data: { city } })));
  await approve(body._data.id);
  const { counts } = await finished(body._data.id);
  expect(counts).toMatchObject({ SUCCESS: 2 });
  expect(await cityOf(lead_id)).toBe('Oslo');
});

test('a discarded plan ends at once and can not be approved', async () => {
  const lead_id = nextLead();
  const { body } = await plan([{ lead_id, data: { city: 'Nowhere' } }]);
  const { id } = body._data;
  const discarded = await call(`${JOBS}/${id}/cancel`, { method: 'POST' });
  expect([discarded.status, discarded.body._data.completionStatus]).toEqual([200, 'CANCELLED']);
  expect(discarded.body._meta).toMatchObject({ bjEntryCompletionStatusVsCount: { CANCELLED: 1 } });
  expect(await entriesOf(id)).toMatchObject([{ completionStatus: 'CANCELLED' }]);
  const refused = await approve(id);
  expect([refused.status, refused.body._errors[0]?.code]).toEqual([409, 'JOB_NOT_PLANNED']);
  expect(await cityOf(lead_id)).not.toBe('Nowhere');
});

test('the same Idempotency-Key returns the plan, and a dry run beats it', async () => {
  const lead_id = nextLead();
  const body = { processes: [{ lead_id, state: 'NEW' }], options: { plan: true } };
  const headers = { 'idempotency-key': `plan-${lead_id}` };
  const [first, second] = [await patch(body, { headers }), await patch(body, { headers })];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  const dry = await call('/v1/ext/procedure/lead/process?dryRun=true', {
    ...{ method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });
  expect(dry.status).toBe(200);
});

test('a key for plans makes them and discards them, and cannot approve', async () => {
  const item = { lead_id: nextLead(), state: 'NEW' };
  const { body } = await plan([item], {}, KEYS.plan);
  const { id } = body._data;
  expect((await approve(id, {}, KEYS.plan)).body._errors[0]?.code).toBe('SCOPE_MISSING');
  expect((await patch({ processes: [item] }, { key: KEYS.plan })).body._errors[0]?.code).toBe(
    'SCOPE_MISSING',
  );
  const running = await patch({ processes: [item] });
  const cancel = (job: string) => call(`${JOBS}/${job}/cancel`, { method: 'POST', key: KEYS.plan });
  expect((await cancel(running.body._data.id)).body._errors[0]?.code).toBe('SCOPE_MISSING');
  expect((await cancel(id)).status).toBe(200);
});

test('a plan with a canary waits for it when it is approved', async () => {
  const leads = Array.from({ length: 5 }, nextLead);
  const { body } = await plan(
    [...leads.slice(0, 1), 'NOBODY', ...leads.slice(1)].map((lead_id) => ({
      lead_id,
      data: { city: 'Bern' },
    })),
    { canary: 2 },
  );
  await approve(body._data.id);
  const { data } = await finished(body._data.id);
  expect(data.completionStatus).toBe('ABORTED');
  expect(data.statusMessage).toBe('Stopped: 1 of 2 processed entries failed (50 %); the threshold is 0 %.');
  expect(await cityOf(leads[4] ?? '')).not.toBe('Bern');
});
