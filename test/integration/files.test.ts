import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createFilesClient, FileStore } from '../../lambdas/adapters/file-store.ts';
import type { LocalFiles } from '../../lib/local/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { localParts } from '../support/local.ts';
import { CREDENTIALS, startLocalFiles } from '../support/local-files.ts';
import { stack } from '../support/stack.ts';

const BUCKET = 'files';
/** Of the template, with what the local stack puts in for the ids of stack and account. */
const FILES_BUCKET = 'bulk-update-files-00000000-000000000000-000000000000';
const PAGE = 'http://localhost:3000';
const MIB = 1024 * 1024;

let local: LocalFiles;
let files: FileStore;

beforeAll(async () => {
  local = await startLocalFiles(BUCKET);
  local.allowPagesOf(PAGE);
  files = storeAt(local.endpoint);
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_S3;
  await local.stop();
});

function storeAt(endpoint: string): FileStore {
  Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL_S3: endpoint });
  return new FileStore(createFilesClient(), BUCKET);
}

async function partUrl(now = Date.now(), ttlMs = 60_000): Promise<string> {
  const uploadId = await files.beginUpload('uploads/a');
  const { parts } = await files.signParts('uploads/a', uploadId, 1, now, ttlMs);
  return parts[0]?.url ?? '';
}

/** With headers that fetch sends only as it likes. */
async function ask(url: string, method: string, headers: Record<string, string>) {
  const sent = request(url, { method, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

const preflight = (url: string, origin: string, method = 'PUT', headers = 'content-type') =>
  ask(url, 'OPTIONS', {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': headers,
  });

describe('a page of the console', () => {
  test('asks beforehand, PUTs a part and reads its ETag', async () => {
    const url = await partUrl();
    const before = await preflight(url, PAGE);
    expect(before.status).toBe(200);
    expect(before.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'PUT, GET',
      'access-control-allow-headers': 'content-type, content-md5',
    });
    const put = await fetch(url, {
      method: 'PUT',
      body: Buffer.alloc(16 * MIB),
      headers: { origin: PAGE, 'content-type': 'text/csv' },
    });
    expect(put.status).toBe(200);
    expect(put.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(put.headers.get('access-control-expose-headers')).toBe('ETag');
    expect(put.headers.get('etag')).toMatch(/^"\w{32}"$/);
  });

  test.each([
    ['of another origin', 'http://evil.example', 'PUT', 'content-type'],
    ['of another port', 'http://localhost:3001', 'PUT', 'content-type'],
    ['that would delete', PAGE, 'DELETE', ''],
    ['with a header that the bucket does not allow', PAGE, 'PUT', 'x-amz-acl'],
  ])('%s is refused', async (_what, origin, method, headers) => {
    const refused = await preflight(await partUrl(), origin, method, headers);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('<Code>AccessForbidden</Code>');
    expect(refused.headers).not.toHaveProperty('access-control-allow-methods');
  });
});

describe('a signed URL', () => {
  test('is refused after its time, as S3 says it', async () => {
    const response = await fetch(await partUrl(Date.now() - 61_000), { method: 'PUT', body: 'a' });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch('application/xml');
    expect(await response.text()).toMatch(
      /<Error><Code>AccessDenied<\/Code><Message>Request has expired<\/Message><X-Amz-Expires>60</,
    );
  });

  test.each([
    ['another key', (url: string) => url.replace('uploads/a', 'uploads/b')],
    ['another part', (url: string) => url.replace('partNumber=1', 'partNumber=2')],
    ['a longer time', (url: string) => url.replace('Expires=60', 'Expires=6000')],
  ])('is not good for %s', async (_what, change) => {
    const url = await partUrl();
    expect(change(url)).not.toBe(url);
    const response = await fetch(change(url), { method: 'PUT', body: 'a' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  test('is not good for another method, or of another key id', async () => {
    const url = await partUrl();
    expect((await fetch(url)).status).toBe(403);
    const other = await fetch(url.replace(CREDENTIALS.AWS_ACCESS_KEY_ID, 'local'), { method: 'PUT' });
    expect(await other.text()).toContain('<Code>InvalidAccessKeyId</Code>');
  });

  test('downloads under the name that it says', async () => {
    await files.put('results/a b+c.csv', Buffer.from('a'), 'text/csv');
    const response = await fetch(await files.signGet('results/a b+c.csv', 'leads (1)+.csv', 60_000));
    expect(await response.text()).toBe('a');
    expect(response.headers.get('content-disposition')).toContain('filename="leads (1)+.csv"');
  });

  test('is what curl sends a form to, as any bytes', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(await partUrl(), { method: 'PUT', body: 'a=1', headers });
    expect(response.headers.get('etag')).toBe('"3872c9ae3f427af0be0ead09d07ae2cf"');
  });
});

test.each([
  ['without a signature', '/files?list-type=2', {}],
  ['of a page', '/files/uploads/a', { origin: PAGE }],
  ['with a guessed key id', '/files/uploads/a', { authorization: 'AWS4-HMAC-SHA256 Credential=local/' }],
  [
    'of a page that lets its name resolve to this machine',
    '/files',
    { host: 'evil.example', authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.AWS_ACCESS_KEY_ID}/` },
  ],
  ['of another part of the emulator', '/_fauxqs/queues', {}],
])('a request %s is refused', async (_what, path, headers) => {
  expect((await ask(local.endpoint + path, 'GET', headers)).status).toBe(403);
});

test('the functions of the stack have the bucket of the template', async () => {
  const { s3, credentials } = localParts();
  const store = new FileStore(createFilesClient(), FILES_BUCKET);
  await store.put('chunks/own', Buffer.from('rows'), 'text/plain');
  expect(await store.find('chunks/own')).toMatchObject({ size: 4 });
  const url = new URL(await store.signGet('chunks/own', 'own.csv', 60_000));
  expect(url.origin).toBe(s3);
  expect(url.searchParams.get('X-Amz-Credential')).toContain(credentials.AWS_ACCESS_KEY_ID);
  const page = await preflight(url.href, stack.baseUrl, 'GET', '');
  expect(page.headers['access-control-allow-origin']).toBe(stack.baseUrl);
});

test('a folder keeps files and unfinished uploads over a restart', async () => {
  const folder = temporaryFolder();
  const first = await startLocalFiles(BUCKET, folder);
  const before = storeAt(first.endpoint);
  await before.put('chunks/1', Buffer.from('rows'), 'text/plain');
  const uploadId = await before.beginUpload('uploads/kept');
  const { parts } = await before.signParts('uploads/kept', uploadId, 1, Date.now());
  const put = await fetch(parts[0]?.url ?? '', { method: 'PUT', body: 'a,b\n' });
  await first.stop();

  const second = await startLocalFiles(BUCKET, folder);
  onTestFinished(second.stop);
  const after = storeAt(second.endpoint);
  expect(Buffer.from((await after.readWhole('chunks/1')) ?? []).toString()).toBe('rows');
  const etag = put.headers.get('etag') ?? '';
  expect(await after.completeUpload('uploads/kept', uploadId, [{ partNumber: 1, etag }])).toMatchObject({
    status: 'COMPLETED',
    size: 4,
  });
  expect(Buffer.from((await after.readWhole('uploads/kept')) ?? []).toString()).toBe('a,b\n');
});
