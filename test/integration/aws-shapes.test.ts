import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { EventBus } from '../../lambdas/adapters/event-bus.ts';
import { clientSettings } from '../../lib/local/credentials.ts';
import { EventSource } from '../../lib/local/event-source.ts';
import { tokenEvent } from '../../lib/local/proxy-event.ts';
import { LOCAL_ACCOUNT } from '../../lib/local/template.ts';
import PUT_EVENTS from '../fixtures/aws/put-events-response.json' with { type: 'json' };
import SQS_EVENT from '../fixtures/aws/sqs-event.json' with { type: 'json' };
import TOKEN_EVENT from '../fixtures/aws/token-authorizer-event.json' with { type: 'json' };
import { localParts } from '../support/local.ts';

const { sqs, events, dynamoDb, credentials, tables } = localParts();

/** The type of each member, in place of its value. */
function typesOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, typesOf(member)]));
}

test('a function is given messages in the form that Lambda gives them', async () => {
  const client = new SQSClient(clientSettings(sqs, credentials));
  const name = `shapes-${crypto.randomUUID()}`;
  const { QueueUrl: queueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }));
  const sent = await client.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'Message Body', MessageGroupId: 'team' }),
  );
  const event = await new Promise<SQSEvent>((resolve) => {
    const source = new EventSource({
      ...{ endpoint: sqs, credentials, queueUrl, batchSize: 10, reportsBatchItemFailures: true },
      queueArn: `arn:aws:sqs:us-east-1:${LOCAL_ACCOUNT}:${name}`,
      invoke: async (records) => resolve(records),
    });
    source.start();
    onTestFinished(() => source.stop());
  });
  const [record] = event.Records;
  const [captured] = SQS_EVENT.Records;
  // The emulator forgets the group of a message in a standard queue, and no function asks for it.
  const { MessageGroupId: _group, ...attributes } = captured?.attributes ?? {};
  expect(typesOf(record)).toEqual(typesOf({ ...captured, attributes }));
  expect(record).toMatchObject({
    messageId: sent.MessageId,
    body: captured?.body,
    // The example's is not that of its body.
    md5OfBody: createHash('md5').update('Message Body').digest('hex'),
    eventSource: 'aws:sqs',
  });
  expect(record?.attributes).toMatchObject({ ApproximateReceiveCount: '1' });
  expect(Number(record?.attributes.SentTimestamp)).toBeCloseTo(Date.now(), -5);
});

test('the event bus answers each entry, and an entry that it refuses is an error', async () => {
  const bus = new EventBridgeClient(clientSettings(events, credentials));
  const entry = { Source: 'test', DetailType: 'Test', Detail: '{}' };
  const { FailedEntryCount, Entries } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount).toBe(0);
  expect(typesOf(Entries?.[0])).toEqual(typesOf(PUT_EVENTS.Entries[0]));
  // Nothing here refuses one.
  const refusing = { send: async () => ({ ...PUT_EVENTS, Entries: PUT_EVENTS.Entries.slice(1) }) };
  const published = new EventBus(refusing as unknown as EventBridgeClient).publish({} as never);
  await expect(published).rejects.toThrow('InternalFailure Internal Service Failure');
});

test('the authorizer is given the event that API Gateway gives a token authorizer', () => {
  const event = tokenEvent('Bearer local-key', 'GET', '/v1/ext/procedure/slash%2Fvalue', 'live');
  expect(typesOf(event)).toEqual(typesOf(TOKEN_EVENT));
  expect(event.methodArn.split(':').slice(0, 3)).toEqual(TOKEN_EVENT.methodArn.split(':').slice(0, 3));
  expect(event.methodArn).toMatch(/:local\/live\/GET\/v1\/ext\/procedure\/slash%2Fvalue$/);
});

test('a condition that fails tells what is stored, when that is asked for', async () => {
  const client = new DynamoDBClient(clientSettings(dynamoDb, credentials));
  const Item = { id: { S: crypto.randomUUID() }, team: { S: 'shapes' } };
  const put = () =>
    client.send(
      new PutItemCommand({
        TableName: tables.processes,
        Item,
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  await put();
  const error = await put().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect((error as ConditionalCheckFailedException).Item).toEqual(Item);
  expect(error).toHaveProperty('$metadata');
});
