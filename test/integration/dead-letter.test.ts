import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { createQueueClient } from '../../lambdas/adapters/queue-consumer.ts';
import { progressOfState } from '../../lambdas/domain/progress.ts';
import { parseMessage, writeMessage } from '../../lambdas/domain/update-message.ts';
import { EventSource } from '../../lib/local/event-source.ts';
import { FunctionHost } from '../../lib/local/functions.ts';
import { type LocalQueues, queueUrl, startQueues } from '../../lib/local/queues.ts';
import { Template } from '../../lib/local/template.ts';
import { redrive } from '../../lib/operations/redrive.ts';
import { aJob, aMessage } from '../support/builders.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import { localParts } from '../support/local.ts';

/** A process whose update never ends: its function is killed each time. */
const POISON = 'poison';
const MAX_RECEIVES = 10;

const { documents, dynamoDb, tables, credentials } = localParts();
const jobs = new JobStore(documents, tables.jobs);
let template: Template;
let queues: LocalQueues;
let functions: FunctionHost;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>>;
let sources: EventSource[];
let updates: string;
let exhausted: string;
let deadLetters: string;
let isPoisoned = true;
let kills = 0;

beforeAll(async () => {
  template = await Template.synthesize();
  queues = await startQueues(template, credentials, undefined);
  updates = queueUrl(template, queues, 'Updates');
  exhausted = queueUrl(template, queues, 'Exhausted');
  deadLetters = queueUrl(template, queues, 'DeadLetters');
  const [[applyId] = ['']] = template
    .ofType('AWS::Lambda::Function')
    .filter(([id]) => id.startsWith('Apply'));
  proxy = await startFaultyProxy(dynamoDb, (operation, body) => {
    if (!isPoisoned || operation !== 'UpdateItem' || !body.includes(`"id":{"S":"${POISON}"}`))
      return undefined;
    kills += 1;
    for (const process of functions.processesOf(applyId)) process.kill('SIGKILL');
    return 'HANG';
  });
  functions = new FunctionHost(template, {
    ...credentials,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
  });
  // The real visibility timeout is three minutes; nothing else about the queue changes.
  await queueClient().send(
    new SetQueueAttributesCommand({ QueueUrl: updates, Attributes: { VisibilityTimeout: '1' } }),
  );
  const [[buryId] = ['']] = template
    .ofType('AWS::Lambda::Function')
    .filter(([id]) => id.startsWith('DeadLetter'));
  sources = [
    [updates, applyId],
    [exhausted, buryId],
  ].map(
    ([queueUrl = '', functionId = '']) =>
      new EventSource({
        endpoint: queues.endpoint,
        credentials,
        queueUrl,
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
        batchSize: 10,
        reportsBatchItemFailures: true,
        invoke: (event) => functions.invoke(functionId, event, crypto.randomUUID()),
      }),
  );
  vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const source of sources) source.start();
});

afterAll(async () => {
  await Promise.all(sources.map((source) => source.stop()));
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

test('a message that kills the function each time ends in the dead-letter queue, its entry as PROCESSING_FAILED, until it is redriven', async () => {
  const now = Date.now();
  const team = 'dead';
  const times = { createdAt: now, acceptingUntil: now, queuedAt: now };
  const job = aJob({ id: crypto.randomUUID(), team, total: 3, invalid: 0, ...times });
  await jobs.create(job);
  const ids = ['innocent-1', POISON, 'innocent-2'];
  for (const id of ids) {
    const Item = { id, team, procedure: 'lead', data: {}, clocks: {} };
    await documents.send(new PutCommand({ TableName: tables.processes, Item }));
  }
  const Entries = ids.map((id, index) => {
    const message = aMessage({ jobId: job.id, index, team, order: 10 + index, target: { id } });
    return { Id: String(index), MessageBody: writeMessage(message) };
  });
  await queueClient().send(new SendMessageBatchCommand({ QueueUrl: updates, Entries }));

  await vi.waitFor(
    async () => {
      const counts = await Promise.all([updates, exhausted, deadLetters].map(count));
      expect(counts).toEqual([0, 0, 1]);
    },
    { timeout: 60_000, interval: 200 },
  );
  // One kill may end two deliveries: while a process starts, its message may come again.
  expect(kills).toBeGreaterThan(1);

  const state = await jobs.readWhole(job.id);
  expect(progressOfState(state ?? { job, log: [] })).toMatchObject({
    status: 'COMPLETED',
    counts: { INVALID: 0, NOT_STARTED: 0, SUCCESS: 2, ERROR: 1, CANCELLED: 0 },
  });
  const dead = state?.log.flatMap(({ results }) => results).filter(({ index }) => index === 1);
  expect(dead).toEqual([{ index: 1, result: { error: 'PROCESSING_FAILED' }, attempts: MAX_RECEIVES }]);

  const { Messages = [] } = await queueClient().send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters, VisibilityTimeout: 0 }),
  );
  const [letter] = Messages.map(({ Body = '' }) => parseMessage(Body));
  expect(letter).toMatchObject({ jobId: job.id, index: 1, buried: true, update: { data: { city: 'Pune' } } });

  isPoisoned = false;
  expect(await redrive(new SQSClient(), { from: deadLetters, to: updates })).toBe(1);
  await vi.waitFor(
    async () => {
      const redriven = await jobs.readWhole(job.id);
      expect(progressOfState(redriven ?? { job, log: [] }).counts).toMatchObject({
        SUCCESS: 3,
        ERROR: 0,
      });
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(await count(deadLetters)).toBe(0);
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
