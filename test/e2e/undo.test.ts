import { expect, test } from 'vitest';
import { call, finished, KEYS, readProcess, sampleLeads, update as updated } from '../support/api.ts';

const nextLead = sampleLeads(4_700);
const JOBS = '/v1/ext/background-job';

interface EntryData {
  completionStatus: string;
  outcome: string | null;
  kept?: string[];
  errors: { code: string }[];
  before?: object;
  after?: object;
}

const update = async (items: unknown[]) => String((await updated(items)).data.id);
const undo = (id: string, query = '', key?: string) =>
  call(`${JOBS}/${id}/undo${query}`, { method: 'POST', key });
const entriesOf = async (id: string) =>
  (await call<EntryData[]>(`${JOBS}/${id}/entries?limit=1000`)).body._data;
const dataOf = async (lead_id: string) => (await readProcess(`lead_id/${lead_id}`)).body._data;

async function undone(id: string) {
  const { status, body } = await undo(id);
  expect(status).toBe(202);
  expect(body._data.undoes).toBe(id);
  const undoId = String(body._data.id);
  const { data, counts } = await finished(undoId);
  expect(data.completionStatus).toBe('COMPLETED');
  return { id: undoId, counts, entries: await entriesOf(undoId) };
}

test('an undo gives back what a job changed, and keeps what is newer', async () => {
  const [back, mixed, kept] = [nextLead(), nextLead(), nextLead()];
  const leads = [back, mixed, kept];
  await update(leads.map((lead_id) => ({ lead_id, data: { city: 'Goa', first_name: 'Ada' }, state: 'NEW' })));
  const id = await update(
    leads.map((lead_id) => ({ lead_id, data: { city: 'Pune', score: 7 }, assignedTo: 'Bo' })),
  );
  await update([
    { lead_id: mixed, data: { city: 'Oslo' } },
    { lead_id: kept, data: { city: 'Rome', score: 9 }, assignedTo: 'Cy' },
  ]);
  const dry = await undo(id, '?dryRun=true');
  expect(dry.status).toBe(200);
  const { entries } = await undone(id);
  expect(entries).toMatchObject([
    { completionStatus: 'SUCCESS', outcome: 'REVERTED' },
    { completionStatus: 'SUCCESS', outcome: 'REVERTED', kept: ['data.city'] },
    { completionStatus: 'SUCCESS', outcome: 'KEPT' },
  ]);
  expect(entries[0]).not.toHaveProperty('kept');
  expect(await dataOf(back)).toMatchObject({ data: { city: 'Goa', first_name: 'Ada' }, state: 'NEW' });
  expect((await dataOf(mixed)).data.city).toBe('Oslo');
  expect(await dataOf(kept)).toMatchObject({ data: { city: 'Rome', score: 9 }, assignedTo: 'Cy' });
});

test('an undo of an undo gives the values back', async () => {
  const lead_id = nextLead();
  await update([{ lead_id, data: { city: 'Goa' } }]);
  const id = await update([{ lead_id, data: { city: 'Pune' } }]);
  const first = await undone(id);
  expect((await dataOf(lead_id)).data.city).toBe('Goa');
  const second = await undone(first.id);
  expect(second.entries).toMatchObject([{ outcome: 'REVERTED' }]);
  expect((await dataOf(lead_id)).data.city).toBe('Pune');
  const third = await undone(id);
  expect(third.entries).toMatchObject([{ outcome: 'REVERTED' }]);
  expect((await dataOf(lead_id)).data.city).toBe('Goa');
});

test('several updates of one process are undone together, a deletion is taken back', async () => {
  const [twice, gone] = [nextLead(), nextLead()];
  await update([twice, gone].map((lead_id) => ({ lead_id, data: { city: 'Goa', score: 1 } })));
  const id = await update([
    { lead_id: twice, data: { city: 'Pune' } },
    { lead_id: gone, isDeleted: true },
    { lead_id: twice, data: { city: null, score: 2 } },
    { lead_id: 'NOBODY', state: 'NEW' },
  ]);
  const { entries, counts } = await undone(id);
  expect(counts).toMatchObject({ SUCCESS: 3 });
  // The first was superseded by the third, which came with it.
  expect(entries.slice(1).map(({ outcome }) => outcome)).toEqual(['REVERTED', 'REVERTED']);
  expect((await dataOf(twice)).data).toMatchObject({ city: 'Goa', score: 1 });
  expect((await dataOf(gone)).data).toMatchObject({ city: 'Goa', score: 1 });
});

test('what cannot be undone is refused, and twice is once', async () => {
  const lead_id = nextLead();
  const id = await update([{ lead_id: 'NOBODY', state: 'NEW' }]);
  expect((await undo(id)).body._errors[0]?.code).toBe('NOTHING_TO_UNDO');
  const job = await update([{ lead_id, data: { city: 'Bonn' } }]);
  expect((await undo(job, '', KEYS.plan)).status).toBe(403);
  expect((await undo(job, '?dryRun=true', KEYS.plan)).status).toBe(200);
  const [first, second] = [await undo(job), await undo(job)];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  await finished(String(first.body._data.id));
  const retried = await call(`${JOBS}/${job}/retry`, { method: 'POST' });
  expect(retried.body._errors[0]?.code).toBe('JOB_UNDONE');
});
