import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { LOCAL_ACCOUNT } from '../../../lib/local/template.ts';
import { localParts } from '../../support/local.ts';
import { FakeQueues } from '../simulation/fake-queues.ts';
import { CALM } from '../simulation/plan.ts';
import { World } from '../simulation/world.ts';

/** Queues to test: `work`, whose messages go to `dead` when they were received twice. */
interface Queues {
  send: (command: unknown) => Promise<unknown>;
  work: string;
  dead: string;
  /** Lets a second pass, where receiving does not wait itself. */
  waitASecond: () => void;
}

const VISIBILITY_SECONDS = 2;
const MAX_RECEIVE_COUNT = 2;

const { sqs } = localParts();

async function emulatedQueues(): Promise<Queues> {
  const client = new SQSClient();
  const name = `conformance-${process.hrtime.bigint()}`;
  const dead = `${name}-dead`;
  await client.send(new CreateQueueCommand({ QueueName: dead }));
  const redrive = {
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:${LOCAL_ACCOUNT}:${dead}`,
    maxReceiveCount: MAX_RECEIVE_COUNT,
  };
  await client.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        VisibilityTimeout: String(VISIBILITY_SECONDS),
        RedrivePolicy: JSON.stringify(redrive),
      },
    }),
  );
  const urlOf = (queue: string) => `${sqs}/${LOCAL_ACCOUNT}/${queue}`;
  return {
    send: (command) => client.send(command as never),
    work: urlOf(name),
    dead: urlOf(dead),
    waitASecond: () => {},
  };
}

async function simulatedQueues(): Promise<Queues> {
  const world = new World(1);
  const timing = { visibilityTimeoutMs: VISIBILITY_SECONDS * 1000, retentionMs: 60_000 };
  const redrive = { to: 'dead', maxReceiveCount: MAX_RECEIVE_COUNT };
  const queues = new FakeQueues(world, { work: { ...timing, redrive }, dead: timing }, () => CALM);
  const waitASecond = () => {
    world.now += 1000;
  };
  return { send: async (command) => queues.perform(command), work: 'work', dead: 'dead', waitASecond };
}

describe.each([
  { name: 'the SQS emulator', create: emulatedQueues },
  { name: 'the simulated queues', create: simulatedQueues },
])('with $name', ({ create }) => {
  let queues: Queues;

  beforeEach(async () => {
    queues = await create();
  });

  test('each message of a batch arrives as it was sent, for the first time', async () => {
    const Entries = Array.from({ length: 10 }, (_, i) => ({
      Id: String(i),
      MessageBody: `body ${i}`,
      MessageGroupId: `team-${i % 2}`,
    }));
    await queues.send(new SendMessageBatchCommand({ QueueUrl: queues.work, Entries }));
    const messages = await receiveAll(10);
    expect(messages.map(shown).toSorted()).toEqual(Entries.map((_, i) => `body ${i} 1`));
  });

  test('no more messages are received than asked for', async () => {
    for (let i = 0; i < 5; i++) await send(`body ${i}`);
    expect(await receive(queues.work, 3)).toHaveLength(3);
  });

  test('a message that is not removed arrives again after the visibility timeout, and its count tells', async () => {
    await send('body');
    const [first] = await receiveAll(1);
    const [second] = await receiveAll(1);
    expect([first, second].map((message) => message && shown(message))).toEqual(['body 1', 'body 2']);
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test.each([
    {
      how: 'alone',
      removal: (QueueUrl: string, [first]: Message[]) =>
        new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }),
    },
    {
      how: 'in a batch',
      removal: (QueueUrl: string, messages: Message[]) =>
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
        }),
    },
  ])('a message removed $how does not arrive again', async ({ removal }) => {
    await send('removed');
    await queues.send(removal(queues.work, await receiveAll(1)));
    await send('next');
    const [next] = await receiveAll(1);
    // The visibility timeout of both is the same: when this one comes again, the other would have come.
    const again = await receiveAll(1);
    expect([next?.Body, ...again.map(({ Body }) => Body)]).toEqual(['next', 'next']);
  });

  test('a message made visible arrives at once', async () => {
    await send('body');
    await makeVisible(await receiveAll(1));
    expect(await receive(queues.work)).toHaveLength(1);
  });

  test('a message kept invisible for longer arrives later', async () => {
    await send('kept');
    await changeVisibility(await receiveAll(1), 2 * VISIBILITY_SECONDS);
    await send('other');
    const bodies = [...(await receiveAll(1)), ...(await receiveAll(1)), ...(await receiveAll(1))];
    expect(bodies.map(({ Body }) => Body)).toContain('kept');
    expect(bodies.slice(0, 2).map(({ Body }) => Body)).toEqual(['other', 'other']);
  });

  test('a delayed message arrives after those sent later without delay', async () => {
    await queues.send(
      new SendMessageCommand({ QueueUrl: queues.work, MessageBody: 'delayed', DelaySeconds: 1 }),
    );
    await send('at once');
    expect((await receive(queues.work)).map(({ Body }) => Body)).toEqual(['at once']);
    expect((await receiveAll(1)).map(({ Body }) => Body)).toEqual(['delayed']);
  });

  test('a message received too often goes to the dead-letter queue instead', async () => {
    await send('body');
    for (let i = 0; i < MAX_RECEIVE_COUNT; i++) await makeVisible(await receiveAll(1));
    expect(await receive(queues.work)).toEqual([]);
    expect((await receiveAll(1, queues.dead)).map(({ Body }) => Body)).toEqual(['body']);
  });

  function send(MessageBody: string): Promise<unknown> {
    return queues.send(new SendMessageCommand({ QueueUrl: queues.work, MessageBody }));
  }

  async function receive(
    QueueUrl: string,
    MaxNumberOfMessages = 10,
    WaitTimeSeconds = 0,
  ): Promise<Message[]> {
    const MessageSystemAttributeNames = ['All' as const];
    const { Messages = [] } = (await queues.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages,
        WaitTimeSeconds,
        MessageSystemAttributeNames,
      }),
    )) as { Messages?: Message[] };
    return Messages;
  }

  /** Receives until that many have come. */
  async function receiveAll(count: number, queue = queues.work): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) {
      const received = await receive(queue, 10, 1);
      messages.push(...received);
      if (received.length === 0) queues.waitASecond();
    }
    return messages;
  }

  function changeVisibility(messages: Message[], VisibilityTimeout: number): Promise<unknown> {
    const Entries = messages.map(({ ReceiptHandle }, i) => ({
      Id: String(i),
      ReceiptHandle,
      VisibilityTimeout,
    }));
    return queues.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queues.work, Entries }));
  }

  function makeVisible(messages: Message[]): Promise<unknown> {
    return changeVisibility(messages, 0);
  }
});

/** Without its group, which the emulator does not give back for a standard queue, and SQS does. */
function shown({ Body, Attributes }: Message): string {
  return `${Body} ${Attributes?.ApproximateReceiveCount}`;
}
