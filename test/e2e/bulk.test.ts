import pMap from 'p-map';
import { expect, test } from 'vitest';
import { call, finished, lead, patch, readProcess, sampleLeads, update } from '../support/api.ts';

const nextLead = sampleLeads(200);
const READS_IN_FLIGHT = 32;

test('5,000 updates of one request are all applied, and each is readable', async () => {
  const items = Array.from({ length: 4_000 }, (_, i) => ({
    lead_id: `LEAD-${String(i + 1_001).padStart(5, '0')}`,
    update: { data: { score: i, first_name: `Name ${i}` }, state: 'CONVERTED' },
  }));
  // The rest of the 5,000 goes to processes that are updated already, by their ids.
  const again = await pMap(
    items.slice(0, 1_000),
    async ({ lead_id }, i) => {
      const { body } = await readProcess(`lead_id/${lead_id}`);
      return { id: body._data.id, update: { data: { last_name: `Last ${i}` } } };
    },
    { concurrency: READS_IN_FLIGHT },
  );
  const { status, body } = await patch({ processes: [...items, ...again] });
  expect(status).toBe(202);
  expect(body._meta).toEqual({ total: 5_000, queued: 5_000, invalid: 0 });

  const seen: number[] = [];
  for (;;) {
    const job = await call<{ completionStatus: string }>(`/v1/ext/background-job/${body._data.id}`);
    const counts = job.body._meta.bjEntryCompletionStatusVsCount as Record<string, number>;
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(5_000);
    expect(counts.SUCCESS).toBeGreaterThanOrEqual(seen.at(-1) ?? 0);
    seen.push(counts.SUCCESS ?? 0);
    if (job.body._data.completionStatus !== 'IN_PROGRESS') break;
  }
  expect(seen.at(-1)).toBe(5_000);

  const stored = await pMap(items, ({ lead_id }) => lead(lead_id), { concurrency: READS_IN_FLIGHT });
  for (const [i, process] of stored.entries()) {
    expect(process.state).toBe('CONVERTED');
    expect(process.data).toMatchObject({ score: i, first_name: `Name ${i}` });
    if (i < 1_000) expect(process.data).toMatchObject({ last_name: `Last ${i}` });
  }
});

test('the last of many updates of one process in a request wins, field by field', async () => {
  const id = nextLead();
  const items = Array.from({ length: 200 }, (_, i) => ({
    lead_id: id,
    data: i % 2 === 0 ? { score: i } : { city: `City ${i}` },
  }));
  expect((await update(items)).counts).toMatchObject({ SUCCESS: 200 });
  expect((await lead(id)).data).toMatchObject({ score: 198, city: 'City 199' });
});

test('the last acknowledged of many requests wins, however they are processed', async () => {
  const id = nextLead();
  const jobs: string[] = [];
  for (let i = 0; i < 30; i++) {
    const { body } = await patch({ processes: [{ lead_id: id, data: { score: i } }] });
    jobs.push(body._data.id);
  }
  for (const job of jobs) expect((await finished(job)).counts).toMatchObject({ SUCCESS: 1 });
  expect((await lead(id)).data.score).toBe(29);
});
