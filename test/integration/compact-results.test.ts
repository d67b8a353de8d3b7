import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { findChunk } from '../../lambdas/adapters/chunk-items.ts';
import { CompactResultsStore } from '../../lambdas/adapters/compact-results-store.ts';
import { createDocumentClient } from '../../lambdas/adapters/document-client.ts';
import { compactKey, submissionKey } from '../../lambdas/adapters/job-items.ts';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { PlanStore } from '../../lambdas/adapters/plan-store.ts';
import { SubmissionStore } from '../../lambdas/adapters/submission-store.ts';
import { compactResults } from '../../lambdas/domain/compact-results.ts';
import { COUNT_AGAIN_MS, type JobEnd } from '../../lambdas/domain/job.ts';
import { type EntriesFilter, entriesWith, listEntries } from '../../lambdas/domain/list-entries.ts';
import type { JobState } from '../../lambdas/domain/ports.ts';
import { endOf, progressOfState } from '../../lambdas/domain/progress.ts';
import { foldResults, type Result } from '../../lambdas/domain/results.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { aJob, aPage } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { tables } = localParts();
const documents = createDocumentClient();
const jobs = new JobStore(documents, tables.jobs);
const stores = {
  submissions: new SubmissionStore(documents, tables.jobs),
  plans: new PlanStore(documents, tables.jobs),
  compactResults: new CompactResultsStore(documents, tables.jobs),
};

let counted = { requests: 0, units: 0 };
documents.middlewareStack.add(
  (next) => async (args) => {
    Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
    const result = await next(args);
    const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
    counted.requests += 1;
    counted.units += ConsumedCapacity?.CapacityUnits ?? 0;
    return result;
  },
  { step: 'initialize' },
);

async function costOf(work: () => Promise<unknown>): Promise<typeof counted> {
  counted = { requests: 0, units: 0 };
  await work();
  return counted;
}

const TOTAL = 3_000;
/** The only entry that failed. */
const FAILED = 2_345;

/** A job of entries by primary key, ended, with a result each in batches of ten; not counted again. */
async function anEndedJob(): Promise<string> {
  const createdAt = Date.now();
  const writer = new SubmissionWriter();
  for (let i = 0; i < TOTAL; i++) {
    const data = { city: `City ${Math.random()}`, score: i, first_name: 'Ada' };
    writer.add({ item: { lead_id: `LEAD-${i}`, update: { data, state: 'NEW' } }, key: `LEAD-${i}` });
  }
  writer.end();
  const job = aJob({
    ...{ id: randomUUID(), team: randomUUID(), createdAt, total: TOTAL, invalid: 0 },
    chunkStarts: writer.chunkStarts,
  });
  await stores.submissions.store(job.id, writer.chunks, createdAt);
  await jobs.create(job);
  for (let start = 0; start < TOTAL; start += 10) {
    const results = Array.from({ length: 10 }, (_, i) => {
      const result: Result = start + i === FAILED ? { error: 'PROCESSING_FAILED' } : { outcome: 'APPLIED' };
      return { index: start + i, result, attempts: 1, processId: randomUUID() };
    });
    await jobs.appendResults(job.id, { startedAt: createdAt, completedAt: createdAt + start, results });
  }
  return job.id;
}

/** As the job check does it. */
async function countAgain(id: string): Promise<void> {
  const state = await jobs.read(id);
  if (state === undefined) throw new Error('There is no such job');
  const end = endOf(progressOfState(state)) as JobEnd;
  const compacted = await compactResults(state, stores.compactResults);
  await jobs.markCounted(id, end, Date.now() + COUNT_AGAIN_MS, compacted);
}

async function page(id: string, filter: EntriesFilter = {}, from = 0) {
  const state = await jobs.readByChunk(id);
  if (state === undefined) throw new Error('There is no such job');
  const { listed, next } = await listEntries(state, aPage({ filter, from, limit: 100 }), stores);
  return { entries: listed.map(({ entry }) => entry), next, total: entriesWith(state, filter) };
}

const late = (index: number) => ({
  ...{ startedAt: Date.now(), completedAt: Date.now(), isLate: true },
  results: [{ index, result: { outcome: 'APPLIED' as const }, attempts: 2 }],
});

let id: string;
const FILTERS: EntriesFilter[] = [
  {},
  { completionStatus: 'ERROR' },
  { outcome: 'APPLIED' },
  { identifier: 'LEAD-1234' },
  { completionStatus: 'CANCELLED' },
];
let before: unknown[];
const pages = (jobId = id) => Promise.all(FILTERS.map((filter) => page(jobId, filter, 500)));

beforeAll(async () => {
  id = await anEndedJob();
  before = await pages();
  await countAgain(id);
}, 60_000);

test('a page of an ended job costs three requests and eight units at most, with a filter, too', async () => {
  expect(await pages()).toEqual(before);
  const cost = await costOf(() => page(id, {}, 500));
  expect(cost.requests).toBe(3);
  expect(cost.units).toBeLessThanOrEqual(8);
  const applied = await costOf(() => page(id, { outcome: 'APPLIED' }, 500));
  expect(applied).toEqual(cost);
  // Of the submission only the chunk that has the one.
  const failed = await costOf(() => page(id, { completionStatus: 'ERROR' }));
  expect(failed.requests).toBe(1 + 3 + 1);
  const uncompacted = await anEndedJob();
  const fromLog = await costOf(() => page(uncompacted, {}, 500));
  expect(fromLog.units).toBeGreaterThan(3 * cost.units);
});

test('compacting takes a request for each chunk of the submission, and with random ids of processes 2 % of what applying took', async () => {
  const state = (await jobs.read(await anEndedJob())) as JobState;
  const cost = await costOf(() => compactResults(state, stores.compactResults));
  expect(cost.requests).toBe(3);
  expect(cost.units).toBeLessThan(0.02 * 1.127 * TOTAL);
});

test('who reads the whole job reads the same, for less', async () => {
  const other = await anEndedJob();
  const log = await costOf(() => jobs.readWhole(other));
  const asLogged = foldResults((await jobs.readWhole(other))?.log ?? []);
  await countAgain(other);
  const compact = await costOf(() => jobs.readWhole(other));
  expect(foldResults((await jobs.readWhole(other))?.log ?? [])).toEqual(asLogged);
  expect(compact.units).toBeLessThan(log.units / 2);
});

test('a late result stands, whether it comes before the end is counted again or after', async () => {
  for (const isBefore of [true, false]) {
    const other = await anEndedJob();
    if (isBefore) await jobs.appendResults(other, late(FAILED));
    await countAgain(other);
    if (!isBefore) await jobs.appendResults(other, late(FAILED));
    const { entries, total } = await page(other, {}, FAILED);
    expect(entries[0]).toMatchObject({ index: FAILED, outcome: 'APPLIED', attempts: 2 });
    expect(total).toBe(TOTAL);
    expect(await page(other, { completionStatus: 'ERROR' })).toEqual({
      entries: [],
      next: undefined,
      total: 0,
    });
    expect((await page(other, { outcome: 'APPLIED' })).total).toBe(TOTAL);
    const state = await jobs.read(other);
    expect(state && progressOfState(state).counts).toMatchObject({ SUCCESS: TOTAL, ERROR: 0 });
  }
}, 60_000);

test('a job that an earlier release counted, in one chunk and without compact results, reads the same', async () => {
  const other = await anEndedJob();
  const asNow = await pages(other);
  const keys = [0, 1, 2].map((number) => submissionKey(other, number));
  const chunks = await Promise.all(keys.map((key) => findChunk(documents, tables.jobs, key)));
  const text = chunks.map((chunk) => gunzipSync(chunk ?? Buffer.of()).toString()).join('\n');
  await stores.submissions.store(other, [gzipSync(text)], Date.now());
  const Key = { jobId: other, part: 'header' };
  const UpdateExpression = 'SET chunkStarts = :starts';
  const ExpressionAttributeValues = { ':starts': [0] };
  await documents.send(
    new UpdateCommand({ TableName: tables.jobs, Key, UpdateExpression, ExpressionAttributeValues }),
  );
  const state = (await jobs.read(other)) as JobState;
  await jobs.markCounted(other, endOf(progressOfState(state)) as JobEnd, Date.now());
  expect(await jobs.find(other)).not.toHaveProperty('compacted');
  expect(await pages(other)).toEqual(asNow);
});

test('results that are missing are a fault, and none of an entry', async () => {
  const other = await anEndedJob();
  await countAgain(other);
  await documents.send(new DeleteCommand({ TableName: tables.jobs, Key: compactKey(other, 1, 0) }));
  expect((await page(other)).entries).toHaveLength(100);
  await expect(page(other, {}, 1_500)).rejects.toThrow('Results of chunk 1');
});
