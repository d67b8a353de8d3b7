import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Envelope } from '../support/api.ts';
import { stack } from '../support/stack.ts';

const { hostname, port } = new URL(stack.baseUrl);

interface RawResponse {
  status: number;
  headers: string;
  body: Envelope<unknown>;
}

/** Sends a text as it is, which no HTTP client would, and reads until the gateway closes the connection. */
function send(text: string): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [headers = ''] = received.split('\r\n\r\n');
      // Chunked or not: the body is one line of JSON.
      const body = /\{.*\}/.exec(received)?.[0] ?? '{}';
      resolve({ status: Number(headers.split(' ')[1]), headers, body: JSON.parse(body) });
    });
  });
}

const request = (line: string, fields = '', body = '') =>
  send(
    `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer local-key\r\nconnection: close\r\n${fields}\r\n${body}`,
  );

function expectEnvelope({ headers, body }: RawResponse): void {
  expect(Object.keys(body)).toEqual(['_data', '_meta', '_errors']);
  expect(body._errors).toHaveLength(1);
  expect(headers).toMatch(/^x-request-id: \S+/m);
}

test.for([
  '//',
  '//a:99999/',
  '//x/v1/ext/background-job',
  'http://[/',
  'http://x/v1/ext/background-job',
  '*',
  '/v1\\ext\\background-job',
  '/v1/ext/../ext/background-job',
  '/v1/ext/./background-job',
  '/v1/ext/procedure/lead/%2e%2e',
  '/v1/ext//background-job',
  '/v1/ext/background-job/',
])('the target %s is no path of the API', async (target) => {
  const response = await request(`GET ${target}`);
  expect([response.status, response.body._errors[0]?.code]).toEqual([404, 'NOT_FOUND']);
  expectEnvelope(response);
});

test('a slash at the end is told, and nothing is written', async () => {
  const body = '{"processes":[{"id":"LEAD-001","data":{"score":7}}]}';
  const fields = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  const response = await request('PATCH /v1/ext/procedure/lead/process/', fields, body);
  expect([response.status, response.body._errors]).toEqual([
    404,
    [{ code: 'NOT_FOUND', message: 'The path ends with a slash. Remove the slash.' }],
  ]);
  const other = await request('PUT /v1/ext/procedure/lead/process/');
  expect(other.status).toBe(405);
});

test('a path is at most as long as the ARN of a method may be', async () => {
  const pathOf = (length: number) => `GET /v1/ext/procedure/lead/process/lead_id/${'x'.repeat(length)}`;
  expect(await request(pathOf(1_400))).toMatchObject({ status: 404 });
  const response = await request(pathOf(1_600));
  expect([response.status, response.body._errors[0]?.code]).toEqual([414, 'BAD_REQUEST']);
  expectEnvelope(response);
});

test('a segment is a parameter as it was sent, which the function decodes', async () => {
  const dots = await request('GET /v1/ext/procedure/%2e%2e');
  expect([dots.status, dots.body._errors[0]]).toMatchObject([404, { code: 'PROCEDURE_NOT_FOUND' }]);
  expect(dots.body._errors[0]?.message).toContain('".."');
  const process = await request('GET /v1/ext/procedure/lead/process/lead_id/LEAD%2D910');
  expect(process.status).toBe(200);
});

test('a header given twice reaches the function as both', async () => {
  const body = '{"processes":[{"id":"LEAD-001","data":{"score":7}}]}';
  const keys = 'idempotency-key: a\r\nIdempotency-Key: b\r\n';
  const response = await request(
    'PATCH /v1/ext/procedure/lead/process',
    `${keys}content-type: application/json\r\ncontent-length: ${body.length}\r\n`,
    body,
  );
  expect([response.status, response.body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
});

test.for([
  [': Bearer local-key\r\nAuthorization: Bearer other-key', 400, 'BAD_REQUEST'],
  [': Bearer local-key\r\nAuthorization: Bearer local-key', 400, 'BAD_REQUEST'],
  [': Bearer local-key, Bearer local-key', 401, 'UNAUTHORIZED'],
  [': Bearer  local-key', 401, 'UNAUTHORIZED'],
  [': Bearer\tlocal-key', 401, 'UNAUTHORIZED'],
  [': Bearer\u00a0local-key', 401, 'UNAUTHORIZED'],
  [': Bearer local-key\u00a0', 401, 'UNAUTHORIZED'],
  [': Bearer local-key x', 401, 'UNAUTHORIZED'],
  [': Bearer Local-Key', 401, 'UNAUTHORIZED'],
  [': local-key', 401, 'UNAUTHORIZED'],
  [': bEARER local-key', 200, undefined],
  [':\t  Bearer local-key \t', 200, undefined],
] as const)('a key has one spelling: authorization%j is %d', async ([field, status, code]) => {
  const response = await send(
    `GET /v1/ext/background-job HTTP/1.1\r\nhost: localhost\r\nauthorization${field}\r\nconnection: close\r\n\r\n`,
  );
  expect([response.status, response.body._errors[0]?.code]).toEqual([status, code]);
});

const hosts = [
  'evil.example',
  `evil.example:${port}`,
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example`,
  '0.0.0.0',
  'localhost@evil.example',
  '127.0.0.1:',
  '',
];
test.for(
  hosts.flatMap((host) =>
    ['/', '/docs', '/v1/ext/background-job', '//'].map((path) => [host, path] as const),
  ),
)('a page that lets its name "%s" resolve to this machine gets nothing at %s', async ([host, path]) => {
  const response = await send(
    `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer local-key\r\n\r\n`,
  );
  expect([response.status, response.body._errors[0]?.code]).toEqual([421, 'BAD_REQUEST']);
  expect(response.body._errors[0]?.message).toContain('localhost and 127.0.0.1');
  expectEnvelope(response);
});

test.for(['localhost', 'LOCALHOST:1', `127.0.0.1:${port}`, '[::1]'])(
  'this machine is also %s',
  async (host) => {
    const response = await send(`GET /docs HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect(response.status).toBe(200);
  },
);

test.for([
  ['too many headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(11_000)}\r\n\r\n`, 431],
  ['endless headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(2_000_000)}\r\n\r\n`, 431],
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', 400],
  [
    'a chunk that is none',
    'PATCH /v1/ext/procedure/lead/process HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    400,
  ],
  ['an expectation', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n\r\n', 417],
  ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
] as const)('what never becomes a request is answered like the rest: %s', async ([, text, status]) => {
  const response = await send(text);
  expect(response.status).toBe(status);
  expectEnvelope(response);
});
