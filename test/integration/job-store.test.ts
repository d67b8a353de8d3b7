import { randomBytes, randomUUID } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { HeldUpdatesStore } from '../../lambdas/adapters/held-updates-store.ts';
import { IdempotencyStore } from '../../lambdas/adapters/idempotency-store.ts';
import { JobStore, SEQUENCE_UNIT_MS } from '../../lambdas/adapters/job-store.ts';
import { SubmissionStore } from '../../lambdas/adapters/submission-store.ts';
import { HeldUpdatesWriter } from '../../lambdas/domain/held-updates.ts';
import type { JobEnd } from '../../lambdas/domain/job.ts';
import { foldResults, type Result, type ResultBatch } from '../../lambdas/domain/results.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { aJob, cancelled } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new JobStore(documents, tables.jobs);
const submissions = new SubmissionStore(documents, tables.jobs);
const heldUpdates = new HeldUpdatesStore(documents, tables.jobs);
const idempotencyRecords = new IdempotencyStore(documents, tables.jobs);

const aStoredJob = (changes: Parameters<typeof aJob>[0] = {}) =>
  aJob({ id: randomUUID(), team: randomUUID(), createdAt: Date.now(), ...changes });

const aBatch = (index: number, result: Result, changes: Partial<ResultBatch> = {}): ResultBatch => ({
  startedAt: 10,
  completedAt: 20,
  results: [{ index, result, attempts: 1, processId: 'p' }],
  ...changes,
});

/** A page of all jobs. */
const ALL = { before: undefined, limit: 1_000, lookedAt: 1_000, mayBelong: () => true, isOver: () => false };

const END: JobEnd = {
  status: 'COMPLETED',
  counts: { INVALID: 1, NOT_STARTED: 0, SUCCESS: 1, ERROR: 1, CANCELLED: 0 },
  retryable: 0,
  startedAt: 10,
  completedAt: 20,
};

test('sequence numbers are unique and strictly increasing for each team, also when taken at once', async () => {
  const team = randomUUID();
  const taken = await Promise.all(Array.from({ length: 50 }, () => store.nextSequence(team, 10_009)));
  expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => 1_000 + i));
  expect(await store.nextSequence(randomUUID(), 20_000)).toBe(2_000);
});

test('a sequence number carries the time: a counter that is new, restored or behind goes on from now', async () => {
  const team = randomUUID();
  const Key = { jobId: `team#${team}`, part: 'sequence' };
  const set = (sequence: number) =>
    documents.send(new PutCommand({ TableName: tables.jobs, Item: { ...Key, sequence } }));
  // As the release before counted.
  await set(7);
  expect(await store.nextSequence(team, 1_800_000_000_000)).toBe(180_000_000_000);
  await set(180_000_000_000 - 500);
  expect(await store.nextSequence(team, 1_800_000_000_010)).toBe(180_000_000_001);
  // A function whose clock is behind.
  expect(await store.nextSequence(team, 1_799_999_998_000)).toBe(180_000_000_002);
});

test('a range of sequence numbers is after all taken before, and before all taken after', async () => {
  const team = randomUUID();
  const now = 1_800_000_000_000;
  const present = now / SEQUENCE_UNIT_MS;
  expect(await store.nextSequence(team, now, 20)).toBe(present);
  expect(await store.nextSequence(team, now, 20)).toBe(present + 20);
  // Fifteen units later twenty would reach back into the range before.
  expect(await store.nextSequence(team, now + 350, 20)).toBe(present + 40);
  expect(await store.nextSequence(team, now + 1_000, 20)).toBe(present + 100);
  expect(await store.nextSequence(team, now + 1_000)).toBe(present + 101);
});

test('the first cancellation counts, however often it is asked for', async () => {
  const job = aStoredJob();
  const { id } = job;
  await store.create(job);
  await store.markStopped(id, cancelled(100));
  await store.markStopped(id, cancelled(200));
  expect((await store.find(id))?.stopped).toEqual(cancelled(100));
});

test('results of processes with long ids are logged in as many items as it takes', async () => {
  const job = aStoredJob();
  const { id } = job;
  await store.create(job);
  const results = Array.from({ length: 500 }, (_, index) => ({
    index,
    result: { outcome: 'APPLIED' as const },
    attempts: 1,
    processId: String(index).padStart(2048, 'x'),
  }));
  await store.appendResults(id, { startedAt: 1, completedAt: 2, results });
  const { log = [] } = (await store.readWhole(id)) ?? {};
  expect(log.length).toBeGreaterThan(1);
  expect(log.flatMap((batch) => batch.results).toSorted((a, b) => a.index - b.index)).toEqual(results);
});

test('a job comes back as it was created, queued and cancelled', async () => {
  const { queuedAt: _queuedAt, ...job } = aStoredJob();
  await store.create(job);
  expect(await store.find(job.id)).toEqual(job);
  await store.markQueued(job.id, 123, [2]);
  await store.markStopped(job.id, cancelled(456));
  expect(await store.find(job.id)).toEqual({
    ...job,
    queuedAt: 123,
    notQueued: [2],
    stopped: cancelled(456),
  });
  expect(await store.find(randomUUID())).toBeUndefined();
});

test('a job that does not exist cannot be cancelled into being', async () => {
  const id = randomUUID();
  await store.markStopped(id, cancelled(1));
  expect(await store.find(id)).toBeUndefined();
});

test('what stopped a job first counts, also when the release before jobs had thresholds noted it', async () => {
  const threshold = { at: 100, why: 'threshold' as const, failed: 1, processed: 2 };
  const job = aStoredJob();
  await store.create(job);
  await store.markStopped(job.id, threshold);
  await store.markStopped(job.id, cancelled(200));
  expect((await store.find(job.id))?.stopped).toEqual(threshold);

  const { id, ...old } = aStoredJob();
  const Item = { jobId: id, part: 'header', ...old, cancelledAt: 50 };
  await documents.send(new PutCommand({ TableName: tables.jobs, Item }));
  await store.markStopped(id, threshold);
  expect((await store.find(id))?.stopped).toEqual(cancelled(50));
});

test('a release goes only forward, and not after a stop', async () => {
  const job = aStoredJob();
  const { id } = job;
  await store.create(job);
  expect(await store.markReleased(id, 7, 100)).toBe(true);
  expect(await store.markReleased(id, 5, 200)).toBe(false);
  expect(await store.find(id)).toMatchObject({ releasedTo: 7, releasedAt: 100 });
  await store.markQueuedTo(id, 7);
  await store.markQueuedTo(id, 6);
  expect(await store.markReleased(id, 9, 300)).toBe(true);
  await store.markStopped(id, cancelled(400));
  expect(await store.markReleased(id, 12, 500)).toBe(false);
  expect(await store.find(id)).toMatchObject({ releasedTo: 9, releasedAt: 300, queuedTo: 7 });
});

test('held updates are read back, and are not among what a job is read with', async () => {
  const job = aStoredJob();
  await store.create(job);
  const writer = new HeldUpdatesWriter();
  const update = { index: 3, target: { id: 'a' }, update: { data: { city: 'Köln' } } };
  writer.addStep([update]);
  await heldUpdates.store(job.id, writer.chunks, Date.now());
  expect(await heldUpdates.readChunk(job.id, 0)).toEqual([update]);
  await expect(heldUpdates.readChunk(job.id, 1)).rejects.toThrow('is missing');
  expect(await store.readWhole(job.id)).toEqual({ job, log: [] });
});

test('a submission of incompressible items fits the table, and is read back', async () => {
  const jobId = randomUUID();
  const writer = new SubmissionWriter();
  const items = Array.from({ length: 5 }, () => ({ id: randomBytes(230_000).toString('base64') }));
  for (const item of items) writer.add({ item });
  writer.end();
  expect(writer.chunks.length).toBe(5);
  await submissions.store(jobId, writer.chunks, Date.now());
  const chunks = await Promise.all(writer.chunks.map((_, number) => submissions.readChunk(jobId, number)));
  expect(chunks.flat().map(({ item }) => item)).toEqual(items);
});

test('a submission keeps to what a partition takes: each chunk has a key of its own', async () => {
  const jobId = randomUUID();
  const chunks = ['first', 'second', 'third'].map((id) => {
    const writer = new SubmissionWriter();
    writer.add({ item: { id } });
    writer.end();
    return writer.chunks[0] as Uint8Array;
  });
  await submissions.store(jobId, chunks, Date.now());
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: tables.jobs,
      KeyConditionExpression: '#jobId = :jobId',
      ExpressionAttributeNames: { '#jobId': 'jobId' },
      ExpressionAttributeValues: { ':jobId': jobId },
    }),
  );
  expect(Items.map(({ part }) => part)).toEqual(['submission#00000']);
  expect(await submissions.readChunk(jobId, 2)).toEqual([{ item: { id: 'third' } }]);
  await expect(submissions.readChunk(jobId, 3)).rejects.toThrow(`Chunk 3 of job ${jobId} is missing`);
});

test('results are appended, kept per job, and fold whatever is recorded twice', async () => {
  const job = aStoredJob();
  await store.create(job);
  await store.appendResults(job.id, aBatch(0, { error: 'PROCESSING_FAILED' }));
  await store.appendResults(job.id, aBatch(0, { outcome: 'APPLIED' }, { completedAt: 30 }));
  await store.appendResults(job.id, aBatch(1, { error: 'PROCESS_DELETED' }));
  await store.appendResults(job.id, aBatch(1, { error: 'PROCESS_DELETED' }));
  await store.appendResults(job.id, aBatch(2, { cancelled: true }));
  await store.appendResults(randomUUID(), aBatch(7, { outcome: 'APPLIED' }));
  const folded = foldResults((await store.readWhole(job.id))?.log ?? []);
  expect([...folded.values()].map(({ result }) => result)).toEqual(
    expect.arrayContaining([{ outcome: 'APPLIED' }, { error: 'PROCESS_DELETED' }, { cancelled: true }]),
  );
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
  const job = aStoredJob({ total: 10_000, invalid: 0 });
  await store.create(job);
  const results = (start: number) =>
    Array.from({ length: 2_500 }, (_, i) => ({
      index: start + i,
      result: { outcome: 'APPLIED' as const },
      attempts: 1,
      processId: randomUUID() + 'x'.repeat(80),
    }));
  for (let start = 0; start < 10_000; start += 2_500) {
    await store.appendResults(job.id, { startedAt: 1, completedAt: 2, results: results(start) });
  }
  expect(foldResults((await store.read(job.id))?.log ?? []).size).toBe(10_000);
});

test('of a job whose end was counted the log is left unread, until something came late', async () => {
  const job = aStoredJob();
  await store.create(job);
  await store.appendResults(job.id, aBatch(1, { error: 'PROCESSING_FAILED' }));
  await store.close(job.id, END);
  expect((await store.read(job.id))?.log).toHaveLength(1);
  await store.markCounted(job.id, END, 300);
  expect(await store.read(job.id)).toEqual({ job: { ...job, end: END, countedAt: 300 }, log: [] });
  await store.appendResults(job.id, aBatch(1, { outcome: 'APPLIED' }, { isLate: true }));
  expect((await store.read(job.id))?.log).toHaveLength(2);
});

test('of two ends the first is noted, and none once it is announced', async () => {
  const job = aStoredJob();
  await store.create(job);
  const ends = Array.from({ length: 10 }, (_, i) => ({ ...END, completedAt: i }));
  const tries = await Promise.all(ends.map((end) => store.close(job.id, end)));
  expect(tries.filter(Boolean)).toHaveLength(1);
  const noted = ends[tries.indexOf(true)] as typeof END;
  expect((await store.find(job.id))?.end).toEqual(noted);
  // Whoever noted it has died, or has not announced it yet.
  expect(await store.close(job.id, noted)).toBe(true);
  await store.markAnnounced(job.id, 250);
  expect(await store.close(job.id, noted)).toBe(false);
});

test('a closed job is not cancelled any more', async () => {
  const job = aStoredJob();
  await store.create(job);
  await store.close(job.id, END);
  await store.markStopped(job.id, cancelled(3));
  expect((await store.find(job.id))?.stopped).toBeUndefined();
});

test("a team's jobs are listed newest first, page by page", async () => {
  const team = randomUUID();
  const created = [1, 2, 3, 4, 5].map((sequence) => aStoredJob({ team, sequence }));
  for (const job of created) await store.create(job);
  await store.create(aStoredJob());
  const page = (before: number | undefined, limit: number, isOver = () => false) =>
    store.list(team, { ...ALL, before, limit, lookedAt: limit, isOver }, ({ job }) =>
      job.sequence === 4 ? undefined : job.sequence,
    );
  expect(await page(undefined, 3)).toEqual({ jobs: [5, 3], before: 3 });
  expect(await page(3, 3)).toEqual({ jobs: [2, 1], before: undefined });
  // Without time, a job at a time.
  expect(await page(undefined, 3, () => true)).toEqual({ jobs: [5], before: 5 });
  expect(await page(2, 3, () => true)).toEqual({ jobs: [1], before: undefined });
});

test('a page of some jobs looks at a bounded number, reads no results of others, and goes on where it ended', async () => {
  const team = randomUUID();
  const created = Array.from({ length: 30 }, (_, i) =>
    aStoredJob({ team, sequence: 30 - i, name: i % 10 === 9 ? 'wanted' : 'other' }),
  );
  for (const job of created) await store.create(job);
  const viewed: number[] = [];
  const page = (before: number | undefined, limit: number, lookedAt: number) =>
    store.list(
      team,
      { ...ALL, before, limit, lookedAt, mayBelong: ({ name }) => name === 'wanted' },
      ({ job }) => {
        viewed.push(job.sequence);
        return job.sequence;
      },
    );
  expect(await page(undefined, 10, 8)).toEqual({ jobs: [], before: 23 });
  expect(await page(23, 10, 8)).toEqual({ jobs: [21], before: 15 });
  expect(await page(undefined, 10, 100)).toEqual({ jobs: [21, 11, 1], before: undefined });
  expect(await page(undefined, 1, 100)).toEqual({ jobs: [21], before: 21 });
  expect(await page(21, 2, 100)).toEqual({ jobs: [11, 1], before: undefined });
  expect(new Set(viewed)).toEqual(new Set([21, 11, 1]));
});

test('a job that an earlier release counted is read with its results if they tell what a retry sends', async () => {
  const { retryable: _retryable, ...old } = END;
  const job = aStoredJob();
  await store.create(job);
  await store.appendResults(job.id, aBatch(0, { error: 'PROCESSING_FAILED' }));
  await store.markCounted(job.id, old, 300);
  expect((await store.read(job.id))?.log).toHaveLength(1);
  await store.markCounted(job.id, { ...old, retryable: 1 }, 400);
  expect((await store.read(job.id))?.log).toEqual([]);
});

test('a page of jobs that takes long ends with what was read in time', async () => {
  const team = randomUUID();
  const sequences = Array.from({ length: 40 }, (_, index) => 40 - index);
  for (const sequence of sequences) await store.create(aStoredJob({ team, sequence }));
  const listed: number[] = [];
  let pages = 0;
  for (let before: number | undefined; pages === 0 || before !== undefined; pages++) {
    let viewed = 0;
    const query = { ...ALL, before, isOver: () => viewed >= 10 };
    const page = await store.list(team, query, ({ job }) => {
      viewed += 1;
      return job.sequence;
    });
    listed.push(...page.jobs);
    before = page.before;
  }
  expect(listed).toEqual(sequences);
  expect(pages).toBeGreaterThan(1);
});

test('of claims to one key that race, one wins, and the others see whose it is', async () => {
  const claim = (jobId: string) => ({
    team: randomKey,
    key: 'key',
    fingerprint: 'f',
    jobId,
    acceptingUntil: 5,
  });
  const randomKey = randomUUID();
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((jobId) => idempotencyRecords.take(claim(jobId), 1_000)),
  );
  expect(answers.filter((response) => response === undefined)).toHaveLength(1);
  const [standing] = answers.filter((response) => response !== undefined);
  expect(standing).toMatchObject({ fingerprint: 'f', acceptingUntil: 5 });

  const day = 24 * 60 * 60 * 1000;
  expect(await idempotencyRecords.take(claim('d'), day)).toBeDefined();
  expect(await idempotencyRecords.take(claim('d'), 1_000 + day)).toBeUndefined();
  await idempotencyRecords.release(claim('somebody else'));
  expect(await idempotencyRecords.take(claim('e'), 2_000 + day)).toMatchObject({ jobId: 'd' });
  expect(await idempotencyRecords.take(claim('e'), 2_000 + day, 'somebody else')).toBeDefined();
  expect(await idempotencyRecords.take(claim('e'), 2_000 + day, 'd')).toBeUndefined();
  await idempotencyRecords.release(claim('e'));
  expect(await idempotencyRecords.take(claim('f'), 3_000 + day)).toBeUndefined();
});
