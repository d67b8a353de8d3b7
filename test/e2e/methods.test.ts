import { expect, test } from 'vitest';
import { OPERATIONS } from '../../lib/openapi/operations.ts';
import { ALLOWED_METHODS } from '../../lib/openapi/routes.ts';
import { call, KEYS, patch, send } from '../support/api.ts';
import { stack } from '../support/stack.ts';

/** Methods that a path may take; a client cannot send others that API Gateway knows. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const filled = (path: string) => path.replace(/\{.*?\}/g, 'lead');

const refused = [...ALLOWED_METHODS].flatMap(([path, allowed]) =>
  METHODS.filter((method) => !allowed.includes(method)).map(
    (method) => [method, filled(path), allowed.join(', ')] as const,
  ),
);

test.for(refused)('%s %s is 405 without an API key, and allowed is %s', async ([method, path, allowed]) => {
  const { status, headers, text } = await fetch(stack.baseUrl + path, { method }).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  }));
  expect([status, headers.get('allow')]).toEqual([405, allowed]);
  expect(headers.get('x-request-id')).toBeTruthy();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  if (method === 'HEAD') {
    expect(text).toBe('');
    return;
  }
  const { _data, _errors } = JSON.parse(text);
  expect([_data, _errors[0].code]).toEqual([null, 'METHOD_NOT_ALLOWED']);
  expect(_errors[0].message).toContain(allowed.replace(', ', ' or '));
});

test.for([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'],
  ['a text', {}, 'text'],
  ['JSON with a charset', { 'content-type': 'application/json; charset=utf-8' }, '{'],
  ['bytes', { 'content-type': 'application/octet-stream' }, '\u0000\u00ff'],
  ['5 MB', { 'content-type': 'application/json' }, 'x'.repeat(5e6)],
] as const)('a method that a path does not take is 405 with %s as well', async ([, headers, body]) => {
  const { status } = await call('/v1/ext/background-job', { method: 'POST', key: '', headers, body });
  expect(status).toBe(405);
});

test('with a content type that is not foreseen it is 415, since API Gateway looks at that first', async () => {
  const response = await fetch(`${stack.baseUrl}/v1/ext/background-job`, {
    method: 'POST',
    headers: { 'content-type': 'application/soap+xml' },
    body: '<a/>',
  });
  const { _errors } = (await response.json()) as { _errors: { code: string }[] };
  expect([response.status, _errors[0]?.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
});

test('an unknown path stays 404, whatever the method and key', async () => {
  for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
    for (const path of ['/v1', '/v1/ext', '/v2/nothing']) {
      const { status, body } = await call(path, { method, key: '' });
      expect([path, status, body._errors[0]?.code]).toEqual([path, 404, 'NOT_FOUND']);
    }
  }
});

const { body: accepted } = await patch({ processes: [{ id: 'LEAD-001', data: { score: 7 } }] });
const job = `/v1/ext/background-job/${accepted._data.id}`;
const read = [
  ['/v1/ext/background-job?limit=1', KEYS.local],
  [job, KEYS.local],
  [`${job}/entries`, KEYS.local],
  [`${job}/entries?limit=x`, KEYS.local],
  ['/v1/ext/background-job/none', KEYS.local],
  ['/v1/ext/background-job/none', 'nobody'],
  ['/v1/ext/background-job?nope=1', KEYS.local],
  ['/v1/ext/procedure', KEYS.local],
  ['/v1/ext/procedure?limit=1', KEYS.local],
  ['/v1/ext/api-key', KEYS.local],
  ['/v1/ext/procedure/lead', KEYS.local],
  ['/v1/ext/procedure/contact', KEYS.leadOnly],
  ['/v1/ext/procedure/lead/process/LEAD-150', KEYS.local],
  ['/v1/ext/procedure/lead/process/lead_id/LEAD-150', KEYS.local],
] as const;

test.for(read)('HEAD %s is answered as GET, without the body', async ([path, key]) => {
  // Not while the job is in progress: its counts change.
  await call(job, { headers: { prefer: 'wait=20' } });
  const get = await send(path, { key });
  const head = await send(path, { key, method: 'HEAD' });
  expect([head.status, head.text]).toEqual([get.status, '']);
  // Those of a connection are the client's doing.
  const own = ['x-request-id', 'date', 'connection', 'keep-alive'];
  const comparable = ({ headers }: typeof get) => [...headers].filter(([name]) => !own.includes(name));
  expect(comparable(head)).toEqual(comparable(get));
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(get.text)));
});

test.for(['/docs', '/openapi.json', '/docs/start.js'])('HEAD %s needs no API key either', async (path) => {
  const response = await fetch(stack.baseUrl + path, { method: 'HEAD' });
  expect([response.status, await response.text()]).toEqual([200, '']);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
});

test('HEAD with the etag of the job is 304', async () => {
  const { headers } = await send(job, { headers: { prefer: 'wait=20' } });
  const again = { 'if-none-match': headers.get('etag') ?? '' };
  expect((await send(job, { method: 'HEAD', headers: again })).status).toBe(304);
});

test('the description lists what the routes take', () => {
  const described = Object.keys(OPERATIONS);
  const taken = [...ALLOWED_METHODS]
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
    );
  expect(described.toSorted()).toEqual(taken.toSorted());
});
