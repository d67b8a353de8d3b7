import { randomBytes, randomUUID } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { ImageStore } from '../../lambdas/adapters/image-store.ts';
import type { Images } from '../../lambdas/adapters/image-text.ts';
import { imagesPartition } from '../../lambdas/adapters/job-items.ts';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new ImageStore(documents, tables.jobs);
const expiresAt = Math.ceil(Date.now() / 1000) + 3_600;

const imagesOf = (...values: unknown[]): Images =>
  new Map(
    values.map((before, index) => [
      index,
      new Map([['data.city' as const, { before, of: 5, written: 'mark' }]]),
    ]),
  );
const itemsOf = async (partition: string) => {
  const query = new QueryCommand({
    TableName: tables.jobs,
    KeyConditionExpression: 'jobId = :jobId',
    ExpressionAttributeValues: { ':jobId': partition },
  });
  return (await documents.send(query)).Items ?? [];
};

/** Stores images as with the results that lie in an item. @returns that item */
async function stored(images: Images) {
  const place = { jobId: randomUUID(), part: 'result#1' };
  const beside = await store.store(place.jobId, place.part, images, expiresAt);
  await documents.send(new PutCommand({ TableName: tables.jobs, Item: { ...place, ...beside } }));
  return { ...place, beside };
}

test('small images lie beside their results, with the types that their values have in the table', async () => {
  const images = imagesOf('Goa', new Set(['a']), null, undefined, new Uint8Array([1, 2]));
  const { jobId, part, beside } = await stored(images);
  expect(beside.images?.length).toBeLessThan(1_500);
  expect(await store.read(jobId, part)).toEqual(images);
  expect(await itemsOf(imagesPartition(jobId, part))).toEqual([]);
});

test('images that no item holds lie in pieces that expire with the job', async () => {
  const images = imagesOf(randomBytes(300_000).toString('base64'), randomBytes(300_000).toString('base64'));
  const { jobId, part, beside } = await stored(images);
  expect(beside).toEqual({});
  const pieces = await itemsOf(imagesPartition(jobId, part));
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.map((piece) => piece.expiresAt)).toEqual(pieces.map(() => expiresAt));
  expect(await store.read(jobId, part)).toEqual(images);
});

test('without images there is nothing to store, and what is lost is told as none', async () => {
  const { jobId, part, beside } = await stored(imagesOf());
  expect(beside).toEqual({});
  expect(await store.read(jobId, part)).toEqual(new Map());
});

test('results name their entries that have an image', async () => {
  const jobs = new JobStore(documents, tables.jobs);
  const jobId = randomUUID();
  const [image] = imagesOf('Goa').values();
  const result = { outcome: 'APPLIED' } as const;
  await jobs.appendResults(jobId, {
    ...{ startedAt: 1, completedAt: Date.now() },
    results: [
      { index: 3, result, attempts: 1, ...(image && { image }) },
      { index: 4, result: { outcome: 'UNCHANGED' }, attempts: 1 },
    ],
  });
  const [item] = await itemsOf(jobId);
  expect(item).toMatchObject({ imaged: [3], images: expect.any(Uint8Array) });
  expect(await store.read(jobId, item?.part)).toEqual(new Map([[3, image]]));
});
