import pMap from 'p-map';
import { expect, test } from 'vitest';
import { BulkUpdateClient } from '../../lib/client/index.ts';
import { finished, KEYS, lead, patch, sampleLeads, update } from '../support/api.ts';
import { IS_LONG } from '../support/long.ts';
import { stack } from '../support/stack.ts';

const nextLead = sampleLeads(200);
const READS_IN_FLIGHT = 8;
const client = new BulkUpdateClient({ url: stack.baseUrl, apiKey: KEYS.local });

const COUNT = IS_LONG ? 5_000 : 1_000;

test(`${COUNT} updates of one request are all applied, by primary key and by id`, async () => {
  const leads = Array.from({ length: 0.8 * COUNT }, (_, i) => `LEAD-${String(i + 1_001).padStart(5, '0')}`);
  const sample = Array.from({ length: 0.04 * COUNT }, (_, i) => ({
    position: i * 20,
    leadId: leads[i * 20] ?? '',
  }));
  const ids = await pMap(sample, async ({ leadId }) => (await lead(leadId)).id, {
    concurrency: READS_IN_FLIGHT,
  });
  const items = [
    ...leads.map((lead_id, i) => ({
      lead_id,
      update: { data: { score: i, first_name: `Name ${i}` }, state: 'CONVERTED' },
    })),
    // The rest goes to processes that are updated already.
    ...leads.slice(0, 0.16 * COUNT).map((lead_id, i) => ({ lead_id, data: { country: `Country ${i}` } })),
    ...ids.map((id, i) => ({ id, update: { data: { last_name: `Last ${i}` } } })),
  ];
  const accepted = await client.submit('lead', items);
  expect(accepted).toMatchObject({ total: COUNT, queued: COUNT, invalid: 0 });

  const seen: number[] = [];
  for await (const { counts } of client.watch(accepted.job.id, { everySeconds: 1 })) {
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(COUNT);
    expect(counts.SUCCESS).toBeGreaterThanOrEqual(seen.at(-1) ?? 0);
    seen.push(counts.SUCCESS);
  }
  expect(seen.at(-1)).toBe(COUNT);

  const entries = await Array.fromAsync(client.entries(accepted.job.id));
  expect(entries.map(({ index }) => index)).toEqual(items.map((_, index) => index));
  expect(entries.filter(({ outcome }) => outcome !== 'APPLIED')).toEqual([]);
  await pMap(
    sample.entries(),
    async ([number, { position, leadId }]) => {
      const process = await lead(leadId);
      expect(process.state).toBe('CONVERTED');
      expect(process.data).toMatchObject({
        ...{ score: position, first_name: `Name ${position}`, last_name: `Last ${number}` },
        ...(position < 0.16 * COUNT ? { country: `Country ${position}` } : {}),
      });
    },
    { concurrency: READS_IN_FLIGHT },
  );
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
