import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { sharedBrowser } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

/** A site whose every answer has these headers. @returns its origin */
async function site(headers: Record<string, string>): Promise<string> {
  const server = createServer((_, response) => response.writeHead(200, headers).end('here'));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a page gets that asks another site. */
async function asked(from: string, to: string): Promise<unknown> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(from);
  return page.evaluate(`fetch('${to}').then((answer) => answer.text(), (error) => error.name)`);
}

// With --disable-web-security, which some packages of Chromium propose, the other tests of the console would show little.
test('the browser of these tests keeps a page to its origin and its policy', async () => {
  const open = { 'access-control-allow-origin': '*' };
  const page = { 'content-type': 'text/html' };
  expect(await asked(await site(page), await site(open))).toBe('here');
  expect(await asked(await site(page), await site({}))).toBe('TypeError');
  const strict = { ...page, 'content-security-policy': "connect-src 'self'" };
  expect(await asked(await site(strict), await site(open))).toBe('TypeError');
});
