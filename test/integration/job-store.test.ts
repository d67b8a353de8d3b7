import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { foldResults, type Job, type ResultBatch } from '../../lambdas/domain/job.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new JobStore(documents, tables.jobs);

const jobOf = (fields: Partial<Job> = {}): Job => ({
  id: randomUUID(),
  team: 'integration',
  procedure: 'lead',
  sequence: 1,
  createdAt: Date.now(),
  total: 2,
  invalid: 0,
  chunkStarts: [0],
  acceptingUntil: Date.now() + 1_000,
  ...fields,
});

test('sequence numbers are unique and strictly increasing for each team, also when taken at once', async () => {
  const team = randomUUID();
  const taken = await Promise.all(Array.from({ length: 50 }, () => store.nextSequence(team)));
  expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  expect(await store.nextSequence(randomUUID())).toBe(1);
});

test('a job comes back as it was created, then queued', async () => {
  const job = jobOf();
  await store.create(job, { chunks: [Buffer.from('x')] });
  expect(await store.find(job.id)).toEqual(job);
  await store.markQueued(job.id, 123);
  expect(await store.find(job.id)).toEqual({ ...job, queuedAt: 123 });
  expect(await store.find(randomUUID())).toBeUndefined();
});

test('a submission of incompressible items fits the table', async () => {
  const writer = new SubmissionWriter();
  for (let i = 0; i < 5; i++) writer.add({ item: { id: randomBytes(230_000).toString('base64') } });
  writer.end();
  expect(writer.chunks.length).toBe(5);
  await store.create(jobOf({ chunkStarts: writer.chunkStarts }), writer);
});

test('results are appended, kept per job, and fold whatever is recorded twice', async () => {
  const job = jobOf();
  const batch = (
    index: number,
    result: ResultBatch['results'][0]['result'],
    completedAt = 20,
  ): ResultBatch => ({
    startedAt: 10,
    completedAt,
    results: [{ index, result, attempts: 1, processId: 'p' }],
  });
  await store.appendResults(job.id, batch(0, { error: 'PROCESSING_FAILED' }));
  await store.appendResults(job.id, batch(0, { outcome: 'APPLIED' }, 30));
  await store.appendResults(job.id, batch(1, { error: 'PROCESS_DELETED' }));
  await store.appendResults(job.id, batch(1, { error: 'PROCESS_DELETED' }));
  await store.appendResults(randomUUID(), batch(7, { outcome: 'APPLIED' }));
  const folded = foldResults(await store.readResults(job.id), 100);
  expect([...folded.keys()].toSorted()).toEqual([0, 1]);
  expect(folded.get(0)).toEqual({
    index: 0,
    result: { outcome: 'APPLIED' },
    attempts: 1,
    processId: 'p',
    startedAt: 10,
    completedAt: 30,
  });
});

test('the log of a job with 10,000 entries is read whole', async () => {
  const jobId = randomUUID();
  const results = (start: number) =>
    Array.from({ length: 2_500 }, (_, i) => ({
      index: start + i,
      result: { outcome: 'APPLIED' as const },
      attempts: 1,
      processId: randomUUID() + 'x'.repeat(80),
    }));
  for (let start = 0; start < 10_000; start += 2_500) {
    await store.appendResults(jobId, { startedAt: 1, completedAt: 2, results: results(start) });
  }
  expect(foldResults(await store.readResults(jobId), 3).size).toBe(10_000);
});
