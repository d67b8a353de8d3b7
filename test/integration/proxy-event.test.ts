import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProxyRequest, proxyEvent, referenceOf } from '../../lib/local/proxy-event.ts';
import PATHS from '../fixtures/aws/rest-paths.json' with { type: 'json' };
import CAPTURED from '../fixtures/aws/rest-proxy-event.json' with { type: 'json' };

const server = createServer((_request, response) => response.end());

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** A request as the server reads it when a client sends this text, and the event made of it. */
async function eventOf(text: string, body = '', given: Partial<ProxyRequest> = {}) {
  const received = once(server, 'request') as Promise<[IncomingMessage]>;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.end(text));
  const [request] = await received;
  const target = referenceOf(request.url ?? '');
  return proxyEvent({
    request,
    target,
    route: { path: '/capture/{name}', resourceId: 'al6gqb' },
    parameters: { name: target.path.split('/').at(-1) ?? '' },
    body: Buffer.from(body),
    isBinary: false,
    authorizer: undefined,
    requestId: 'request',
    stage: 'live',
    time: new Date(CAPTURED.requestContext.requestTimeEpoch),
    ...given,
  });
}

/** What the captured client sent, by its event and the probe's description. */
const SENT = `POST /capture/space%20value?repeat=one&repeat=two&empty=&literalPlus=a+b&encodedPlus=a%2Bb&redirect=https%3A%2F%2Fexample.com%2Fa%2Fb HTTP/1.1\r
host: ${CAPTURED.headers.Host}\r
user-agent: curl/8.7.1\r
accept: */*\r
content-type: application/json\r
cookie: session=abc123; theme=dark\r
x-voker-probe: first\r
x-voker-probe: second\r
content-length: ${Buffer.byteLength(CAPTURED.body)}\r
connection: close\r
\r
${CAPTURED.body}`;

test('the event of a request has the members of the one that AWS made, in the same forms', async () => {
  const event = await eventOf(SENT, CAPTURED.body);
  const { requestContext, headers, multiValueHeaders, ...rest } = CAPTURED;
  const own = { resource: '/capture/{name}', pathParameters: { name: 'space%20value' } };
  expect(event).toMatchObject({ ...rest, ...own });
  expect(Object.keys(event).toSorted()).toEqual(Object.keys(CAPTURED).toSorted());

  expect(Object.keys(event.headers).toSorted()).toEqual(Object.keys(headers).toSorted());
  expect(Object.keys(event.multiValueHeaders).toSorted()).toEqual(Object.keys(multiValueHeaders).toSorted());
  for (const name of ['Host', 'User-Agent', 'accept', 'content-type', 'cookie', 'x-voker-probe'] as const) {
    expect(event.headers[name]).toBe(headers[name]);
    expect(event.multiValueHeaders[name]).toEqual(multiValueHeaders[name]);
  }
  expect(event.headers['X-Amzn-Trace-Id']).toMatch(/^Root=1-6a5145a8-[0-9a-f]{24}$/);

  // What the capture's logger wrote for "none".
  const { authorizer, ...members } = requestContext;
  expect(authorizer).toBeNull();
  expect(Object.keys(event.requestContext).toSorted()).toEqual(Object.keys(members).toSorted());
  expect(Object.keys(event.requestContext.identity)).toEqual(Object.keys(requestContext.identity));
  expect(event.requestContext).toMatchObject({
    domainName: requestContext.domainName,
    domainPrefix: requestContext.domainPrefix,
    httpMethod: 'POST',
    path: '/live/capture/space%20value',
    protocol: 'HTTP/1.1',
    requestTime: requestContext.requestTime,
    requestTimeEpoch: requestContext.requestTimeEpoch,
    stage: 'live',
  });
});

test.each(PATHS)('the path %s arrives as it was sent', async (path) => {
  const event = await eventOf(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  expect([event.path, event.requestContext.path]).toEqual([path, `/live${path}`]);
  expect(event.pathParameters).toEqual({ name: path.split('/').at(-1) });
});

test('what is not there is null, and bodies that the API takes as binary are in base64', async () => {
  const bare = await eventOf('GET /docs HTTP/1.1\r\nhost: x\r\n\r\n', '', { parameters: {} });
  expect(bare).toMatchObject({
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
  });
  const bytes = Buffer.from([0x1f, 0x8b, 0x08, 0xff]);
  const binary = await eventOf('PATCH /docs HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n', '', {
    body: bytes,
    isBinary: true,
  });
  expect(binary).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
});

test('a name is written as it was sent first, and repeated headers are one however they are written', async () => {
  const { headers, multiValueHeaders } = await eventOf(
    'GET /docs HTTP/1.1\r\nhost: x\r\nIdempotency-Key: a\r\nidempotency-key: b\r\n\r\n',
  );
  expect(headers).toMatchObject({ 'Idempotency-Key': 'b', Host: 'x' });
  expect(multiValueHeaders).toMatchObject({ 'Idempotency-Key': ['a', 'b'] });
});
