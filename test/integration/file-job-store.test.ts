import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { FileJobStore } from '../../lambdas/adapters/file-job-store.ts';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import type { FileJob } from '../../lambdas/domain/file-header.ts';
import { type ChunkCounts, NO_COUNTS, nothingRead, type StoredChunk } from '../../lambdas/domain/file-job.ts';
import type { StoredJob } from '../../lambdas/domain/job.ts';
import type { ChunkReport, ReadSoFar } from '../../lambdas/domain/ports.ts';
import { aJob, cancelled } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
let now = 1_000;
const store = new FileJobStore(documents, tables.jobs, () => now);
const jobs = new JobStore(documents, tables.jobs);

const FRAME: FileJob = { format: 'csv', compression: null, size: 1_000, options: {}, uploadId: 'upload-1' };
const accepted = { at: 3_000, sequence: 7, etag: '"whole"' };

const aFileJob = (changes: Partial<StoredJob> = {}) =>
  aJob({
    ...{ id: randomUUID(), team: randomUUID(), createdAt: Date.now(), total: 0, invalid: 0 },
    fileJob: FRAME,
    ...changes,
  });

/** A job whose progress is begun. */
async function begun(): Promise<StoredJob> {
  const job = aFileJob();
  await store.begin(job.id, job.createdAt);
  return job;
}

/** The chunks of a file are ten rows of a hundred bytes each. */
const at = (number: number) => ({ byte: number * 100, row: number * 10, line: number * 10 });
const aChunk = (number: number): StoredChunk => ({ row: number * 10, rows: 10, number, from: at(number) });
const readTo = (number: number): ReadSoFar => ({
  position: at(number),
  bytesRead: number * 100,
  isTotalFinal: false,
});

async function withChunks(count: number): Promise<StoredJob> {
  const job = await begun();
  for (let number = 0; number < count; number++)
    expect(await store.addChunk(job, aChunk(number), readTo(number + 1))).toBe(true);
  return job;
}

const counts = (changes: Partial<ChunkCounts>): ChunkCounts => ({ ...NO_COUNTS, ...changes });
const aReport = (changes: Partial<ChunkReport> = {}): ChunkReport => ({
  counts: counts({ SUCCESS: 7, ERROR: 3, APPLIED: 7 }),
  ...{ retryable: 2, startedAt: 50, lastAt: 90 },
  ...changes,
});

async function chunkOf({ id }: StoredJob, number: number): Promise<StoredChunk> {
  const [chunk] = await store.chunksFrom(id, number * 10, 1);
  if (chunk === undefined) throw new Error(`There is no chunk ${number}`);
  return chunk;
}

test('a job begins with nothing read, and begun again it stays as far as it is', async () => {
  const job = await begun();
  expect(await store.find(job.id)).toEqual(nothingRead());
  await store.addChunk(job, aChunk(0), readTo(1));
  await store.begin(job.id, job.createdAt);
  expect(await store.find(job.id)).toMatchObject({ chunks: 1, position: at(1) });
  expect(await store.find(randomUUID())).toBeUndefined();
});

test('a file is accepted once, and none of a job that is stopped', async () => {
  const job = aFileJob();
  await jobs.create(job);
  expect(await store.markAccepted(job, accepted)).toBe(true);
  expect(await store.markAccepted(job, { ...accepted, sequence: 8 })).toBe(false);
  expect((await jobs.find(job.id))?.fileJob?.accepted).toEqual(accepted);
  const stopped = aFileJob();
  await jobs.create(stopped);
  await jobs.markStopped(stopped.id, cancelled(2_000));
  expect(await store.markAccepted(stopped, accepted)).toBe(false);
  expect((await jobs.find(stopped.id))?.fileJob?.accepted).toBeUndefined();
});

test('a chunk counts once, though two read the file', async () => {
  const job = await begun();
  const added = await Promise.all([1, 2, 3].map(() => store.addChunk(job, aChunk(0), readTo(1))));
  expect(added.filter((isAdded) => isAdded)).toHaveLength(1);
  expect(await store.addChunk(job, aChunk(1), readTo(2))).toBe(true);
  // Who is behind changes nothing.
  expect(await store.addChunk(job, aChunk(0), readTo(1))).toBe(false);
  expect(await store.find(job.id)).toMatchObject({ chunks: 2, position: at(2), bytesRead: 200 });
  expect(await store.chunksFrom(job.id, 0, 10)).toEqual([aChunk(0), aChunk(1)]);
});

test('who is behind ends no file, and what is read to its end is not read on', async () => {
  const job = await withChunks(2);
  const end = { position: at(2), bytesRead: 1_000, isTotalFinal: true };
  const fault = { at: 5, message: 'Line 3 has a cell too many.' };
  expect(await store.markRead(job.id, 1, end)).toBe(false);
  expect(await store.markRead(job.id, 2, { ...end, fault })).toBe(true);
  expect(await store.markRead(job.id, 2, end)).toBe(false);
  expect(await store.addChunk(job, aChunk(2), readTo(3))).toBe(false);
  expect(await store.find(job.id)).toMatchObject({ ...end, fault, chunks: 2 });
});

test('chunks are found by any of their rows, in their order', async () => {
  const job = await withChunks(12);
  const rowsOf = async (row: number, limit: number) =>
    (await store.chunksFrom(job.id, row, limit)).map((chunk) => chunk.row);
  expect(await rowsOf(0, 2)).toEqual([0, 10]);
  expect(await rowsOf(19, 1)).toEqual([10]);
  expect(await rowsOf(20, 1)).toEqual([20]);
  // As texts, 100 would come before 20.
  expect(await rowsOf(85, 10)).toEqual([80, 90, 100, 110]);
  expect(await store.chunksFrom(randomUUID(), 0, 10)).toEqual([]);
});

test('a chunk has a job of its own once', async () => {
  const job = await withChunks(2);
  await store.markReleased(job.id, aChunk(0), 9);
  expect(await store.find(job.id)).toMatchObject({ released: 10, open: [0], canary: 9 });
  await store.report(job.id, await chunkOf(job, 0), aReport());
  // By one that is behind.
  await store.markReleased(job.id, aChunk(0), 9);
  expect(await store.find(job.id)).toMatchObject({ released: 10, open: [] });
  await store.markReleased(job.id, aChunk(1), undefined);
  expect(await store.find(job.id)).toMatchObject({ released: 20, open: [10], canary: 9 });
});

test('a report is added to the sum once, though two report at once', async () => {
  const job = await withChunks(2);
  for (const number of [0, 1]) await store.markReleased(job.id, aChunk(number), undefined);
  const chunk = await chunkOf(job, 0);
  const reported = await Promise.allSettled([1, 2].map(() => store.report(job.id, chunk, aReport())));
  expect(reported.filter((each) => each.status === 'fulfilled' && each.value)).toHaveLength(1);
  expect(await store.report(job.id, chunk, aReport())).toBe(false);
  const second = aReport({
    counts: counts({ INVALID: 1, SUCCESS: 9, UNCHANGED: 9 }),
    startedAt: 40,
    lastAt: 80,
  });
  expect(await store.report(job.id, await chunkOf(job, 1), second)).toBe(true);
  expect(await store.find(job.id)).toMatchObject({
    counts: counts({ INVALID: 1, SUCCESS: 16, ERROR: 3, APPLIED: 7, UNCHANGED: 9 }),
    ...{ retryable: 4, surplus: 0, open: [], startedAt: 40, lastAt: 90 },
  });
  expect(await chunkOf(job, 0)).toMatchObject({ counts: aReport().counts, retryable: 2 });
});

test('a late result replaces what was reported, and who did not know that adds nothing', async () => {
  const job = await withChunks(1);
  await store.markReleased(job.id, aChunk(0), undefined);
  await store.report(job.id, await chunkOf(job, 0), aReport());
  const known = await chunkOf(job, 0);
  const late = aReport({ counts: counts({ SUCCESS: 8, ERROR: 4, APPLIED: 8 }), retryable: 1 });
  expect(await store.report(job.id, known, late)).toBe(true);
  expect(await store.report(job.id, known, late)).toBe(false);
  expect(await store.find(job.id)).toMatchObject({ counts: late.counts, retryable: 1, surplus: 2 });
  // Of the same counts, less may be retried.
  const again = await chunkOf(job, 0);
  expect(await store.report(job.id, again, { ...late, retryable: 0 })).toBe(true);
  expect(await store.report(job.id, again, { ...late, retryable: 0 })).toBe(false);
  expect(await store.find(job.id)).toMatchObject({ counts: late.counts, retryable: 0, surplus: 2 });
});

test('a chunk that was not processed has no times, and leaves those of the others', async () => {
  const job = await withChunks(2);
  await store.markReleased(job.id, aChunk(0), undefined);
  await store.report(job.id, await chunkOf(job, 0), aReport());
  const givenUp = {
    counts: counts({ CANCELLED: 10 }),
    retryable: 0,
    startedAt: 0,
    lastAt: 0,
    isGivenUp: true,
  };
  expect(await store.report(job.id, await chunkOf(job, 1), givenUp)).toBe(true);
  expect(await store.find(job.id)).toMatchObject({
    counts: counts({ SUCCESS: 7, ERROR: 3, CANCELLED: 10, APPLIED: 7 }),
    ...{ released: 20, open: [], surplus: 0, startedAt: 50, lastAt: 90 },
  });
});

test('a chunk either has a job of its own or is given up', async () => {
  const job = await withChunks(3);
  const givenUp = {
    counts: counts({ CANCELLED: 10 }),
    retryable: 0,
    startedAt: 0,
    lastAt: 0,
    isGivenUp: true,
  };
  await store.markReleased(job.id, aChunk(0), undefined);
  expect(await store.report(job.id, await chunkOf(job, 0), givenUp)).toBe(false);
  // Nor before the one ahead of it.
  expect(await store.report(job.id, await chunkOf(job, 2), givenUp)).toBe(false);
  for (const number of [0, 2]) expect((await chunkOf(job, number)).counts).toBeUndefined();
  expect(await store.report(job.id, await chunkOf(job, 1), givenUp)).toBe(true);
  await store.markReleased(job.id, aChunk(1), undefined);
  expect(await store.find(job.id)).toMatchObject({ released: 20, open: [0], counts: givenUp.counts });
});

test('a job reads with how far it is, and with what is counted again and waits', async () => {
  const job = await withChunks(1);
  await jobs.create(job);
  await store.markRecounted(job.id, 10);
  await store.markWaiting(job.id, true);
  const state = await jobs.read(job.id);
  expect(state?.file).toEqual({ progress: await store.find(job.id), open: [] });
  expect(state?.file?.progress).toMatchObject({ recounted: 10, isWaiting: true, chunks: 1 });
});

test('whatever moves a job is noted with its time, unless it waits for others', async () => {
  const job = await begun();
  expect(await store.movedAt(job.id)).toBeUndefined();
  for (const move of [
    () => store.addChunk(job, aChunk(0), readTo(1)),
    () => store.markReleased(job.id, aChunk(0), undefined),
    async () => store.report(job.id, await chunkOf(job, 0), aReport()),
    () => store.markWaiting(job.id, false),
  ]) {
    now += 1_000;
    await move();
    expect(await store.movedAt(job.id)).toBe(now);
  }
  await store.markWaiting(job.id, true);
  expect(await store.movedAt(job.id)).toBeUndefined();
});

test('places are taken in the order of acceptance, each team for itself', async () => {
  const team = randomUUID();
  const waiting = [9, 10, 100].map((sequence) =>
    aFileJob({ team, fileJob: { ...FRAME, accepted: { ...accepted, sequence } } }),
  );
  const [first, second, third] = waiting as [StoredJob, StoredJob, StoredJob];
  const stranger = aFileJob({ fileJob: { ...FRAME, accepted: { ...accepted, sequence: 11 } } });
  // In any order, and as often as it is tried.
  for (const job of [third, stranger, first, second, third, second]) await store.queue(job);
  const turns = (count: number) => Promise.all(waiting.map((job) => store.isAmongFirst(job, count)));
  expect(await turns(2)).toEqual([true, true, false]);
  expect(await turns(1)).toEqual([true, false, false]);
  expect(await store.isAmongFirst(stranger, 1)).toBe(true);
  await store.leave(first);
  await store.leave(first);
  expect(await turns(2)).toEqual([false, true, true]);
});

test('a team has so many turns, each of one job until it leaves', async () => {
  // What the turns are kept in expires.
  const turns = new FileJobStore(documents, tables.jobs);
  const team = randomUUID();
  const [one, two, three] = [1, 2, 3].map(() => aFileJob({ team })) as [StoredJob, StoredJob, StoredJob];
  expect([await turns.takeTurn(one, 2), await turns.takeTurn(two, 2)]).toEqual([true, true]);
  expect([await turns.takeTurn(three, 2), await turns.takeTurn(two, 2)]).toEqual([false, true]);
  expect(await turns.takeTurn(aFileJob(), 2)).toBe(true);
  // One without a turn gives none up.
  await turns.leave(three);
  expect(await turns.takeTurn(three, 2)).toBe(false);
  await turns.leave(one);
  expect([await turns.takeTurn(three, 2), await turns.takeTurn(one, 2)]).toEqual([true, false]);
});
