import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { SubmissionStore } from '../../lambdas/adapters/submission-store.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { call, finished, type JobData, lead, resolved, send } from '../support/api.ts';
import { aJob } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new JobStore(documents, tables.jobs);

test('the entries that failed for a passing reason become a new job, to which the answer leads', async () => {
  const items = ['LEAD-00711', 'LEAD-00712'].map((lead_id) => ({ lead_id, data: { city: lead_id } }));
  const writer = new SubmissionWriter();
  for (const item of items) writer.add({ item, text: JSON.stringify(item).replace(',', ', ') });
  writer.end();
  const createdAt = Date.now();
  const sequence = await store.nextSequence('local', createdAt);
  const job = aJob({
    ...{ id: randomUUID(), sequence, createdAt, queuedAt: createdAt },
    ...{ total: 2, invalid: 0, chunkStarts: writer.chunkStarts },
  });
  await new SubmissionStore(documents, tables.jobs).store(job.id, writer.chunks, createdAt);
  await store.create(job);
  const results = [
    { index: 0, result: { outcome: 'APPLIED' as const }, attempts: 1 },
    { index: 1, result: { error: 'PROCESSING_FAILED' as const }, attempts: 5 },
  ];
  await store.appendResults(job.id, { startedAt: createdAt, completedAt: createdAt, results });

  const path = `/v1/ext/background-job/${job.id}/retry`;
  const { status, headers, body } = await call<JobData>(path, { method: 'POST' });
  expect([status, body._meta, body._data.parent]).toEqual([202, { total: 1, queued: 1, invalid: 0 }, job.id]);
  const retried = resolved(headers.get('location'), path);
  expect((await call<JobData>(retried)).body._data.id).toBe(body._data.id);
  const lines = await send(`${retried}/entries`, { headers: { accept: 'application/x-ndjson' } });
  expect(lines.text).toContain('"item":{"lead_id":"LEAD-00712", "data"');
  expect((await finished(body._data.id)).counts).toMatchObject({ SUCCESS: 1 });
  expect((await lead('LEAD-00712')).data.city).toBe('LEAD-00712');
});
