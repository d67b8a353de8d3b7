import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { createQueueClient } from '../../lambdas/adapters/update-queue.ts';
import { foldResults, type Job, progressOf } from '../../lambdas/domain/job.ts';
import { type UpdateMessage, writeMessage } from '../../lambdas/domain/update-message.ts';
import { EventSource } from '../../lib/local/event-source.ts';
import { FunctionHost } from '../../lib/local/functions.ts';
import { type LocalQueues, startQueues } from '../../lib/local/queues.ts';
import { Template } from '../../lib/local/template.ts';
import { startHangingProxy } from '../support/hanging-proxy.ts';
import { localParts } from '../support/local.ts';

/** A process whose update never ends: its function is killed each time. */
const POISON = 'poison';
const MAX_RECEIVES = 5;

const { documents, dynamoDb, tables } = localParts();
const jobs = new JobStore(documents, tables.jobs);
let template: Template;
let queues: LocalQueues;
let functions: FunctionHost;
let proxy: Awaited<ReturnType<typeof startHangingProxy>>;
let source: EventSource;
let updates: string;
let deadLetters: string;
let kills = 0;

beforeAll(async () => {
  template = await Template.synthesize();
  queues = await startQueues(template, undefined);
  const ids = template.ofType('AWS::SQS::Queue').map(([id]) => id);
  updates = queues.urlOf(ids.find((id) => id.includes('Updates')) ?? '');
  deadLetters = queues.urlOf(ids.find((id) => id.includes('DeadLetters')) ?? '');
  const [[applyId] = ['']] = template
    .ofType('AWS::Lambda::Function')
    .filter(([id]) => id.startsWith('Apply'));
  proxy = await startHangingProxy(dynamoDb, (operation, body) => {
    if (!operation.endsWith('UpdateItem') || !body.includes(`"id":{"S":"${POISON}"}`)) return false;
    kills += 1;
    for (const process of functions.processesOf(applyId)) process.kill('SIGKILL');
    return true;
  });
  functions = new FunctionHost(template, {
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
  });
  // The real visibility timeout is three minutes; nothing else about the queue changes.
  await queueClient().send(
    new SetQueueAttributesCommand({ QueueUrl: updates, Attributes: { VisibilityTimeout: '1' } }),
  );
  source = new EventSource({
    endpoint: queues.endpoint,
    queueUrl: updates,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:updates',
    batchSize: 10,
    reportsBatchItemFailures: true,
    invoke: (event) => functions.invoke(applyId, event, crypto.randomUUID()),
  });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  source.start();
});

afterAll(async () => {
  await source.stop();
  await functions.stop();
  await proxy.stop();
  await queues.stop();
  await template.remove();
});

function queueClient() {
  Object.assign(process.env, { AWS_ENDPOINT_URL_SQS: queues.endpoint });
  return createQueueClient();
}

async function count(queueUrl: string): Promise<number> {
  const { Attributes = {} } = await queueClient().send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

test('a message that kills the function each time ends in the dead-letter queue, its entry as PROCESSING_FAILED', async () => {
  const now = Date.now();
  const job: Job = {
    id: crypto.randomUUID(),
    team: 'dead',
    procedure: 'lead',
    sequence: 1,
    createdAt: now,
    total: 3,
    invalid: 0,
    chunkStarts: [0],
    acceptingUntil: now,
    queuedAt: now,
  };
  await jobs.create(job, { chunks: [] });
  const ids = ['innocent-1', POISON, 'innocent-2'];
  for (const id of ids) {
    const Item = { id, team: 'dead', procedure: 'lead', data: {}, clocks: {} };
    await documents.send(new PutCommand({ TableName: tables.processes, Item }));
  }
  const Entries = ids.map((id, index) => {
    const message: UpdateMessage = {
      jobId: job.id,
      index,
      team: 'dead',
      procedure: 'lead',
      order: 10 + index,
      target: { id },
      update: { state: 'NEW' },
    };
    return { Id: String(index), MessageBody: writeMessage(message) };
  });
  await queueClient().send(new SendMessageBatchCommand({ QueueUrl: updates, Entries }));

  await vi.waitFor(async () => expect([await count(updates), await count(deadLetters)]).toEqual([0, 1]), {
    timeout: 60_000,
    interval: 200,
  });
  expect(kills).toBe(MAX_RECEIVES);

  const log = await jobs.readResults(job.id);
  // Until the last attempt has certainly ended, nobody may call it failed.
  const before = progressOf(job, foldResults(log, now), now);
  expect(before.counts).toMatchObject({ SUCCESS: 2, ERROR: 0, NOT_STARTED: 1 });
  const later = Date.now() + 60_000;
  const after = foldResults(log, later);
  expect(after.get(1)).toMatchObject({ result: { error: 'PROCESSING_FAILED' }, attempts: MAX_RECEIVES });
  expect(progressOf(job, after, later)).toMatchObject({
    status: 'COMPLETED',
    counts: { INVALID: 0, NOT_STARTED: 0, SUCCESS: 2, ERROR: 1, CANCELLED: 0 },
  });
});

test('the table that the template describes is what the stack created', async () => {
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: tables.processes }));
  expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({
    IndexName: 'byPrimaryKey',
    KeySchema: [
      { AttributeName: 'team', KeyType: 'HASH' },
      { AttributeName: 'procedure', KeyType: 'HASH' },
      { AttributeName: 'primaryKey', KeyType: 'HASH' },
    ],
  });
});
