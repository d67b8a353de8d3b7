import { expect, test } from 'vitest';
import { createDocument } from '../../lib/openapi/document.ts';
import { stack } from '../support/stack.ts';

const page = `${stack.baseUrl}/docs`;

test('the description of the API is answered without a key', async () => {
  const response = await fetch(new URL('openapi.json', page));
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual(createDocument());
});

test('the page to read it loads only what stands beside it', async () => {
  const response = await fetch(page);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
  expect(policy).not.toContain('unsafe');
  const html = await response.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)| style=| on\w+=/);
  const linked = [...html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(linked).toEqual(['docs/swagger-ui.css', 'docs/swagger-ui-bundle.js', 'docs/start.js']);
  for (const path of linked) {
    const { status, headers } = await fetch(new URL(path, page));
    expect([status, headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/(css|javascript);/),
    ]);
  }
});

test.for(['docs/nothing', 'docs/constructor', 'docs/index.mjs', 'docs/..%2Findex.mjs'])(
  '%s is no file of the documentation',
  async (path) => {
    const response = await fetch(new URL(path, page));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ _data: null, _errors: [{ code: 'NOT_FOUND' }] });
  },
);
