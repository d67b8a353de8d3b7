import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { PlanStore } from '../../lambdas/adapters/plan-store.ts';
import type { PlannedEntry } from '../../lambdas/contract/views.ts';
import { PlanWriter } from '../../lambdas/domain/plan.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new PlanStore(documents, tables.jobs);

const entryOf = (before: string, after: string): PlannedEntry => ({
  ...{ completionStatus: 'SUCCESS', outcome: 'APPLIED', errors: [] },
  ...{ before: { 'data.city': before }, after: { 'data.city': after } },
});

test('a plan comes back chunk by chunk, also one that no item of the table can hold', async () => {
  const random = () => randomBytes(250_000).toString('base64');
  const entries = [entryOf('Goa', 'Pune'), entryOf(random(), random()), entryOf('', 'x')];
  const writer = new PlanWriter([0, 1, 2]);
  for (const entry of entries) writer.add(entry);
  writer.end();
  const jobId = randomUUID();
  await store.store(jobId, writer.chunks, Date.now());
  for (const [number, entry] of entries.entries())
    expect(await store.readChunk(jobId, number)).toEqual([entry]);
  await expect(store.readChunk(jobId, 3)).rejects.toThrow('missing');
});
