import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { localParts } from '../support/local.ts';
import { stack } from '../support/stack.ts';

const { s3 } = localParts();

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    `connect-src 'self' ${s3}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Asks for a path as it stands, which `fetch` would put right first. */
async function ask(
  path: string,
  method = 'GET',
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; text: string }> {
  const sent = request(stack.baseUrl, { path, method, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

describe('the page', () => {
  let page: Awaited<ReturnType<typeof ask>>;
  let assets: string[];

  beforeAll(async () => {
    page = await ask('/');
    assets = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  });

  test('is at the root, with a policy that lets it load only its own, and is asked for each time', () => {
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      ...SECURITY_HEADERS,
      'content-type': 'text/html;charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(page.headers).not.toHaveProperty('strict-transport-security');
  });

  test('has nothing that its policy refuses', () => {
    expect(page.text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|(?:src|href)="(?:\w+:)?\/\//);
  });

  test('names assets that are kept for good', async () => {
    expect(assets).not.toEqual([]);
    for (const path of assets) {
      expect(path).toMatch(/-[\w-]{8}\.\w+$/);
      const { status, headers } = await ask(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        ...SECURITY_HEADERS,
        'content-type': expect.stringMatching(/^text\/(javascript|css)$|^image\//),
        'cache-control': 'public, max-age=31536000, immutable',
      });
    }
  });

  test('is answered to HEAD without its body, and not again to who has it', async () => {
    const head = await ask('/', 'HEAD');
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(page.headers['content-length']);
    const again = await ask('/', 'GET', { 'if-none-match': String(page.headers.etag) });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test.for(['bytes=5-2', 'bytes=0-3', 'bytes=x'])('is sent whole to who asks for %s', async (range) => {
    expect(await ask('/', 'GET', { range })).toMatchObject({ status: 200, text: page.text });
  });

  test.for(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is not there for %s', async (method) => {
    const { status, text } = await ask('/', method);
    expect([status, JSON.parse(text)._errors]).toMatchObject([404, [{ code: 'NOT_FOUND' }]]);
  });
});

test.for([
  '/nope',
  '/assets',
  '/assets/',
  '/assets/nope.js',
  '/../package.json',
  '/assets/../../package.json',
  '/%2e%2e/package.json',
  '/%2e%2e%2fpackage.json',
  '/..%5cpackage.json',
  '//etc/passwd',
  '/__proto__',
  '/constructor',
])('%s is no file of the page, and answered by the API', async (path) => {
  const { status, headers, text } = await ask(path);
  expect([status, JSON.parse(text)]).toMatchObject([404, { _data: null, _errors: [{ code: 'NOT_FOUND' }] }]);
  expect(headers['x-request-id']).toBeTruthy();
});
