import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { beforeEach, expect, test, vi } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { WaitingPlaces } from '../../lambdas/adapters/waiting-places.ts';
import type { StoredJob } from '../../lambdas/domain/job.ts';
import { aJob } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
Object.assign(process.env, {
  JOBS_TABLE: tables.jobs,
  WAITING_REQUESTS: '1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});
// Another file of this worker may have loaded it, with other variables.
vi.resetModules();
const { createHandler } = await import('../../lambdas/read-job.ts');

const store = new JobStore(documents, tables.jobs);
const CONTEXT = { getRemainingTimeInMillis: () => 28_000 } as Context;
const WAIT_MS = 20_000;

/** Later than any place that another test has left taken. */
let now = Date.now() + 24 * 60 * 60 * 1000;
beforeEach(() => {
  now += 60 * 60 * 1000;
});

async function aRunningJob(): Promise<StoredJob> {
  const job = aJob({
    id: randomUUID(),
    team: randomUUID(),
    createdAt: now,
    total: 1,
    invalid: 0,
    queuedAt: now,
  });
  await store.create(job);
  return job;
}

const end = (job: StoredJob) =>
  store.appendResults(job.id, {
    startedAt: now,
    completedAt: now,
    results: [{ index: 0, result: { outcome: 'APPLIED' }, attempts: 1 }],
  });

/** Asks for a job with `prefer: wait=20`; each pause of the function does what is given. */
async function wait({ id, team }: StoredJob, pause: () => Promise<unknown>) {
  const handler = createHandler({
    documents,
    now: () => now,
    pause: async (ms) => {
      await pause();
      now += ms;
    },
  });
  const event = {
    ...{ httpMethod: 'GET', resource: '', path: '', headers: { prefer: 'wait=20' }, pathParameters: { id } },
    requestContext: { requestId: 'request', authorizer: { team } },
  } as unknown as APIGatewayProxyEvent;
  const { headers, body } = await handler(event, CONTEXT);
  return {
    applied: headers?.['preference-applied'],
    status: JSON.parse(body)._data.completionStatus,
    headers,
  };
}

const unused = async () => {
  throw new Error('It waited');
};

test('a request beyond those that may wait is answered at once, and told when to ask again', async () => {
  const [first, second] = [await aRunningJob(), await aRunningJob()];
  const waited = await wait(first, async () => {
    const beyond = await wait(second, unused);
    expect([beyond.applied, beyond.status]).toEqual([undefined, 'IN_PROGRESS']);
    expect(beyond.headers?.['retry-after']).toMatch(/^\d+$/);
    await end(first);
  });
  expect([waited.applied, waited.status]).toEqual(['wait=20', 'COMPLETED']);
  // The place is free again.
  const after = await wait(second, () => end(second));
  expect([after.applied, after.status]).toEqual(['wait=20', 'COMPLETED']);
});

test('a job that has ended needs no place', async () => {
  const [first, ended] = [await aRunningJob(), await aRunningJob()];
  await end(ended);
  await wait(first, async () => {
    const response = await wait(ended, unused);
    expect([response.applied, response.status]).toEqual(['wait=20', 'COMPLETED']);
    await end(first);
  });
});

test('a place is given back when the function fails, too', async () => {
  const job = await aRunningJob();
  const failing = await wait(job, () => Promise.reject(new Error('broken'))).catch(() => undefined);
  expect(failing?.applied).toBeUndefined();
  expect((await wait(job, () => end(job))).applied).toBe('wait=20');
});

test('places are bounded, end by themselves, and are not taken from their next holder', async () => {
  const places = new WaitingPlaces(documents, tables.jobs, 2);
  const held = [await places.take(now, WAIT_MS), await places.take(now, WAIT_MS)];
  expect(new Set(held.map((place) => place?.jobId)).size).toBe(2);
  expect(await places.take(now, WAIT_MS)).toBeUndefined();
  // Both functions were killed, and their time is over.
  const later = now + 2 * WAIT_MS;
  const next = [await places.take(later, WAIT_MS), await places.take(later, WAIT_MS)];
  expect(next).not.toContain(undefined);
  for (const place of held) if (place !== undefined) await places.leave(place);
  expect(await places.take(later, WAIT_MS)).toBeUndefined();
  for (const place of next) if (place !== undefined) await places.leave(place);
  const again = await places.take(later, WAIT_MS);
  const { Item } = await documents.send(
    new GetCommand({
      TableName: tables.jobs,
      Key: { jobId: again?.jobId, part: 'place' },
      ConsistentRead: true,
    }),
  );
  // The TTL counts in seconds.
  expect(Item?.expiresAt).toBe(Math.ceil((again?.until ?? 0) / 1000));
});

test('without places nobody waits', async () => {
  expect(await new WaitingPlaces(documents, tables.jobs, 0).take(now, WAIT_MS)).toBeUndefined();
});
