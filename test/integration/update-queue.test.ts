import { setTimeout } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SendMessageBatchCommandInput,
  type SendMessageBatchCommandOutput,
} from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from 'vitest';
import { createQueueClient } from '../../lambdas/adapters/queue-consumer.ts';
import { SqsUpdateQueue } from '../../lambdas/adapters/update-queue.ts';
import { parseMessage, type UpdateMessage } from '../../lambdas/domain/update-message.ts';
import { localParts } from '../support/local.ts';

const { sqs } = localParts();
let queueUrl: string;

beforeEach(async () => {
  const name = `test-${crypto.randomUUID()}`;
  await createQueueClient().send(new CreateQueueCommand({ QueueName: name }));
  queueUrl = `${sqs}/000000000000/${name}`;
});

const messages = (count: number, city = 'Goa'): UpdateMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    jobId: 'job',
    index,
    team: 'Team 1 / ü',
    procedure: 'lead',
    order: index,
    target: { id: `p${index}` },
    update: { data: { city } },
  }));

async function drain(): Promise<UpdateMessage[]> {
  const client = createQueueClient();
  const received: UpdateMessage[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return received.toSorted((a, b) => a.index - b.index);
    received.push(...Messages.map(({ Body = '' }) => parseMessage(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

interface Call {
  input: SendMessageBatchCommandInput;
}

/** A client whose calls are changed on their way: what SQS does on a bad day. */
function disturbedClient(disturb: (call: Call, number: number) => { refuse: string[] } | 'fail' | undefined) {
  const client = createQueueClient();
  const calls: number[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as SendMessageBatchCommandInput;
      calls.push(input.Entries?.length ?? 0);
      const trouble = disturb({ input }, calls.length);
      if (trouble === 'fail') throw new Error('No connection');
      const refuse = new Set(trouble?.refuse);
      const accepted = input.Entries?.filter(({ Id }) => !refuse.has(Id ?? '')) ?? [];
      const response = await next({ ...args, input: { ...input, Entries: accepted } });
      const output = response.output as SendMessageBatchCommandOutput;
      output.Failed = [...refuse].map((Id) => ({ Id, Code: 'InternalError', SenderFault: false }));
      return response;
    },
    { step: 'initialize', name: 'disturb' },
  );
  return { client, calls };
}

const never = () => false;
const ignore = () => {};

test('sends in tens, and all arrive as they were', async () => {
  const { client, calls } = disturbedClient(() => undefined);
  const sent = messages(1_005, 'Zürich 🏔️ \uffff \u0000');
  expect(await new SqsUpdateQueue(client, queueUrl, setTimeout, ignore).send(sent, never)).toEqual([]);
  expect(calls).toHaveLength(101);
  expect(await drain()).toEqual(sent);
});

test('large messages are packed by bytes', async () => {
  const { client, calls } = disturbedClient(() => undefined);
  await new SqsUpdateQueue(client, queueUrl, setTimeout, ignore).send(
    messages(12, 'x'.repeat(300_000)),
    never,
  );
  expect(calls).toEqual([3, 3, 3, 3]);
  expect(await drain()).toHaveLength(12);
});

test('what is refused is sent again, and only that', async () => {
  const { client, calls } = disturbedClient((_, number) =>
    number === 1 ? { refuse: ['2', '5'] } : undefined,
  );
  expect(await new SqsUpdateQueue(client, queueUrl, setTimeout, ignore).send(messages(10), never)).toEqual(
    [],
  );
  expect(calls).toEqual([10, 2]);
  expect(await drain()).toHaveLength(10);
});

test('a failed call is repeated; what never gets through is told', async () => {
  const passing = disturbedClient((_, number) => (number === 1 ? 'fail' : undefined));
  expect(
    await new SqsUpdateQueue(passing.client, queueUrl, setTimeout, ignore).send(messages(3), never),
  ).toEqual([]);
  expect(await drain()).toHaveLength(3);

  const errors: unknown[] = [];
  const lasting = disturbedClient(({ input: { Entries = [] } }) => ({
    refuse: Entries.flatMap(({ Id, MessageBody }) => (MessageBody?.includes('"index":1,') ? (Id ?? '') : [])),
  }));
  const queue = new SqsUpdateQueue(lasting.client, queueUrl, setTimeout, (error) => errors.push(error));
  expect((await queue.send(messages(3), never)).map(({ index }) => index)).toEqual([1]);
  expect(errors.length).toBeGreaterThan(0);
  expect(await drain()).toHaveLength(2);
});

test('nothing more is sent when the time is over', async () => {
  const { client, calls } = disturbedClient(() => undefined);
  const queue = new SqsUpdateQueue(client, queueUrl, setTimeout, ignore);
  expect(await queue.send(messages(30), () => true)).toHaveLength(30);
  expect(calls).toEqual([]);
});
