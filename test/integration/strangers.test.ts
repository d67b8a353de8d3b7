import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { clientSettings } from '../../lib/local/credentials.ts';
import { localParts } from '../support/local.ts';
import { stack } from '../support/stack.ts';

const { sqs, events, s3, dynamoDb, credentials } = localParts();
const isOwnDatabase = process.env.DYNAMODB_ENDPOINT === undefined;

/** The machine's address on its network, if it has one. */
const [neighbour] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');

async function post(url: string, headers: OutgoingHttpHeaders, body: string) {
  const sent = request(url, { method: 'POST', headers }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: await text(response) };
}

const authorization = (id: string) =>
  `AWS4-HMAC-SHA256 Credential=${id}/20250101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=x`;
const ENTRY = { Source: 'forged', DetailType: 'Forged', Detail: '{"id":"forged"}' };
const HELPERS = {
  events: {
    url: events,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
    body: JSON.stringify({ Entries: [ENTRY] }),
  },
  queues: {
    url: sqs,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({ QueueUrl: `${sqs}/000000000000/None`, MessageBody: 'forged' }),
  },
};

describe.for(Object.entries(HELPERS))('the local %s', ([, { url, headers, body }]) => {
  const own = { ...headers, authorization: authorization(credentials.AWS_ACCESS_KEY_ID) };

  test('answer to programs of the stack', async () => {
    expect((await post(url, own, body)).text).not.toContain('AccessDenied');
  });

  test.for([
    ['without a key id', { authorization: '' }],
    ['with a guessed key id', { authorization: authorization('local') }],
    [
      'with a part of the key id',
      { authorization: authorization(credentials.AWS_ACCESS_KEY_ID.slice(0, -1)) },
    ],
    ['of a page', { origin: 'http://evil.example' }],
    ['of a page without an origin', { origin: 'null' }],
    ['of a page of this machine', { origin: 'http://localhost:8080' }],
    ['of a page that lets its name resolve to this machine', { host: 'evil.example' }],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of a form for files', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['of a form as text', { 'content-type': 'text/plain' }],
    ['of a script as text', { 'content-type': 'text/plain; application/x-amz-json-1.1' }],
  ] as const)('refuse a request %s', async ([name, other], { skip }) => {
    if (name === 'with a guessed key id' && !isOwnDatabase) skip();
    expect(await post(url, { ...own, ...other }, body)).toEqual({
      status: 403,
      text: '{"__type":"AccessDeniedException"}',
    });
  });

  test.for(['/health', '/_fauxqs/queues', '/bucket/key'])(
    'refuse a link or a picture at %s',
    async (path) => {
      expect((await fetch(url + path)).status).toBe(403);
    },
  );
});

test.for([
  '',
  '{',
  'null',
  '{}',
  '{"Entries":1}',
  '{"Entries":[null]}',
  '{"Entries":[{"Source":"a","DetailType":"b","Detail":"{"}]}',
  '{"Entries":[{"Source":"a","DetailType":"b"}]}',
])('events of the bad body %j are refused, and the stack goes on', async (body) => {
  const { url, headers, body: good } = HELPERS.events;
  const own = { ...headers, authorization: authorization(credentials.AWS_ACCESS_KEY_ID) };
  expect((await post(url, own, body)).status).toBe(400);
  expect((await post(url, own, good)).status).toBe(200);
});

test('a body that breaks off does not end the stack', async () => {
  const { url, headers, body } = HELPERS.events;
  const own = { ...headers, authorization: authorization(credentials.AWS_ACCESS_KEY_ID) };
  const fields = Object.entries({ ...own, host: 'localhost', 'content-length': 99 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`POST / HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{`);
  await once(socket, 'connect');
  socket.resetAndDestroy();
  expect((await post(url, own, body)).status).toBe(200);
  expect((await fetch(`${stack.baseUrl}/docs`)).status).toBe(200);
});

describe.skipIf(neighbour === undefined)('to a neighbour on the network', () => {
  const seen = (url: string) => {
    const { port } = new URL(url);
    return `http://${neighbour?.address}:${port}`;
  };

  test.for([
    ['gateway', stack.baseUrl],
    ['queues', sqs],
    ['events', events],
    ['files', s3],
  ] as const)('the %s are not there', async ([, url]) => {
    await expect(fetch(seen(url))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe.skipIf(!isOwnDatabase)('the database, which Java lets the network reach,', () => {
  const tablesFor = async (id: string) => {
    const client = new DynamoDBClient(clientSettings(dynamoDb, { ...credentials, AWS_ACCESS_KEY_ID: id }));
    const { TableNames } = await client.send(new ListTablesCommand({}));
    client.destroy();
    return TableNames;
  };

  test.for(['local', 'test', 'fakeMyKeyId', 'a'])('has no tables for the key id %s', async (id) => {
    expect(await tablesFor(id)).toEqual([]);
    expect(await tablesFor(credentials.AWS_ACCESS_KEY_ID)).toHaveLength(4);
  });

  test('is nothing that a page may ask', async () => {
    const response = await fetch(dynamoDb, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-amz-target',
      },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});
