import { randomUUID } from 'node:crypto';
import { DeleteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { createQueueClient } from '../../lambdas/adapters/queue-consumer.ts';
import { SubmissionStore } from '../../lambdas/adapters/submission-store.ts';
import { RETENTION_MS, type StoredJob } from '../../lambdas/domain/job.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { aJob } from '../support/builders.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
Object.assign(process.env, {
  JOBS_TABLE: tables.jobs,
  WAITING_REQUESTS: '10',
  PROCEDURES_TABLE: 'none',
  PROCESSES_TABLE: 'none',
  PRIMARY_KEY_INDEX: 'none',
  UPDATE_QUEUE_URL: 'none',
  JOB_CHECK_QUEUE_URL: 'none',
  FILE_STEPS_QUEUE_URL: 'none',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});
// Another file of this worker may have loaded them, with other variables.
vi.resetModules();
const readJob = await import('../../lambdas/read-job.ts');
const readEntries = await import('../../lambdas/read-entries.ts');
const controlJob = await import('../../lambdas/control-job.ts');
const undoJob = await import('../../lambdas/undo-job.ts');

const DAY_MS = 24 * 60 * 60 * 1000;
const CONTEXT = { getRemainingTimeInMillis: () => 28_000 } as Context;
const store = new JobStore(documents, tables.jobs);
const submissions = new SubmissionStore(documents, tables.jobs);

/** A job of two entries, one of them done. */
async function aStoredJob(createdAt: number) {
  const writer = new SubmissionWriter();
  for (const id of ['a', 'b']) writer.add({ item: { id, state: 'NEW' } });
  writer.end();
  const job = aJob({
    ...{ id: randomUUID(), team: randomUUID(), createdAt, queuedAt: createdAt },
    ...{ acceptingUntil: createdAt, total: 2, invalid: 0 },
  });
  await submissions.store(job.id, writer.chunks, createdAt);
  await store.create(job);
  const results = [{ index: 0, result: { outcome: 'APPLIED' as const }, attempts: 1 }];
  await store.appendResults(job.id, { startedAt: createdAt, completedAt: createdAt, results });
  return job;
}

async function itemsOf(jobId: string) {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tables.jobs,
      KeyConditionExpression: 'jobId = :jobId',
      ExpressionAttributeValues: { ':jobId': jobId },
      ConsistentRead: true,
    },
  );
  return (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items);
}

const services = (now: number) => ({
  ...{ documents, queues: createQueueClient() },
  ...{ now: () => now, pause: async () => {} },
});
const event = (id: string | null, team: string, resource = '') =>
  ({
    ...{ httpMethod: 'GET', resource, path: '', headers: {}, pathParameters: id === null ? null : { id } },
    requestContext: { requestId: 'request', authorizer: { team } },
  }) as unknown as APIGatewayProxyEvent;

/** What each route that reads a job answers at a time. */
const ROUTES = {
  job: (now: number, { id, team }: StoredJob) =>
    readJob.createHandler(services(now))(event(id, team), CONTEXT),
  entries: (now: number, { id, team }: StoredJob) =>
    readEntries.createHandler(services(now))(event(id, team), CONTEXT),
  cancel: (now: number, { id, team }: StoredJob) =>
    controlJob.createHandler(services(now))(event(id, team, '/{id}/cancel'), CONTEXT),
  retry: (now: number, { id, team }: StoredJob) =>
    controlJob.createHandler(services(now))(event(id, team, '/{id}/retry'), CONTEXT),
  undo: (now: number, { id, team }: StoredJob) =>
    undoJob.createHandler(services(now))(event(id, team, '/{id}/undo'), CONTEXT),
  list: (now: number, { team }: StoredJob) =>
    readJob.createHandler(services(now))(event(null, team), CONTEXT),
};

async function respondAt(now: number, job: StoredJob, route: keyof typeof ROUTES): Promise<string> {
  const { statusCode, body } = await ROUTES[route](now, job);
  const { _data, _errors } = JSON.parse(body);
  return `${statusCode} ${_errors[0]?.code ?? (Array.isArray(_data) ? _data.length : _data.id)}`;
}

async function expectGone(now: number, job: StoredJob): Promise<void> {
  for (const route of ['job', 'entries', 'cancel', 'retry', 'undo'] as const) {
    expect(await respondAt(now, job, route)).toBe('404 JOB_NOT_FOUND');
  }
  expect(await respondAt(now, job, 'list')).toBe('200 0');
}

test('after 30 days there is no such job, whatever the TTL has left of it', async () => {
  const createdAt = Date.now();
  const job = await aStoredJob(createdAt);
  const after = createdAt + RETENTION_MS + 1;
  await expectGone(after, job);
  const others = (await itemsOf(job.id)).filter(({ part }) => part !== 'header');
  expect(others).toHaveLength(2);
  for (const { jobId, part } of others) {
    await documents.send(new DeleteCommand({ TableName: tables.jobs, Key: { jobId, part } }));
    await expectGone(after, job);
  }
  await documents.send(new DeleteCommand({ TableName: tables.jobs, Key: { jobId: job.id, part: 'header' } }));
  await expectGone(after, job);
});

test('until the end of the 30 days nothing of a job expires, and its header first', async () => {
  // Not at a full second, in which the TTL counts.
  const createdAt = Math.floor(Date.now() / 1000) * 1000 + 999;
  const job = await aStoredJob(createdAt);
  const last = createdAt + RETENTION_MS;
  expect(await respondAt(last, job, 'job')).toBe(`200 ${job.id}`);
  expect(await respondAt(last, job, 'entries')).toBe('200 2');
  expect(await respondAt(last, job, 'list')).toBe('200 1');
  const items = await itemsOf(job.id);
  const [header, ...others] = items.toSorted((a, b) => a.expiresAt - b.expiresAt);
  expect(header?.part).toBe('header');
  expect(header?.expiresAt * 1000).toBeGreaterThanOrEqual(last);
  expect(others).toHaveLength(2);
  for (const { expiresAt } of others) expect(expiresAt * 1000).toBeGreaterThanOrEqual(last + DAY_MS);
});

test('a chunk that is missing before that is a fault, and told as one', async () => {
  const createdAt = Date.now();
  const job = await aStoredJob(createdAt);
  const Key = { jobId: job.id, part: 'submission#00000' };
  await documents.send(new DeleteCommand({ TableName: tables.jobs, Key }));
  expect(await respondAt(createdAt + 1, job, 'entries')).toBe('500 INTERNAL_ERROR');
});
