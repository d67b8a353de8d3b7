import axe, { type AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { expect, inject } from 'vitest';
import { contentSecurityPolicy } from '../../lib/infrastructure/console-headers.ts';
import { KEYS } from './keys.ts';
import { stack } from './stack.ts';

/** A variable of this module would not last: some test files have all modules loaded anew. */
const worker: { browser?: Promise<Browser> } & typeof globalThis = globalThis;

/** The browser of all test files that this worker runs. It ends with the worker. */
export function sharedBrowser(): Promise<Browser> {
  worker.browser ??= chromium.launch(inject('browser'));
  return worker.browser;
}

export interface Visit extends AsyncDisposable {
  context: BrowserContext;
  page: Page;
}

/**
 * A browser profile of its own with the console open. When it is disposed of, nothing may have broken the policy, failed
 * in the page, or been asked of another origin.
 * @param options - `key` signs in with it before
 */
export async function visit(
  browser: Browser,
  { key, path = '/', ...options }: BrowserContextOptions & { key?: string; path?: string } = {},
): Promise<Visit> {
  const origin = stack.baseUrl;
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.origin !== origin) faults.push(`asked ${url.href}`);
  });
  const response = await page.goto(`${origin}${path}`);
  const policy = response?.headers()['content-security-policy'] ?? '';
  const [, filesOrigin = ''] = /connect-src 'self' (\S+);/.exec(policy) ?? [];
  expect(policy).toBe(contentSecurityPolicy(filesOrigin));
  if (key !== undefined) await signIn(page, key);
  return {
    context,
    page,
    [Symbol.asyncDispose]: async () => {
      const found = [...faults];
      await context.close();
      expect(found).toEqual([]);
    },
  };
}

export async function signIn(page: Page, key: string = KEYS.local): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** What axe finds wrong with the page as it is, in these colours. */
export async function accessibilityFaults(
  page: Page,
  schemes: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<string[]> {
  // It runs in the page, for all states of it.
  if (!(await page.evaluate<boolean>("'axe' in self"))) await page.evaluate(axe.source);
  const faults: string[] = [];
  for (const [position, colorScheme] of schemes.entries()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Of all rules, only this one depends on the colours.
    const rules = position === 0 ? {} : { runOnly: { type: 'rule', values: ['color-contrast'] } };
    const options = JSON.stringify({ ...rules, resultTypes: ['violations'] });
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
    for (const { id, nodes } of violations) {
      for (const { target, failureSummary } of nodes)
        faults.push(`${colorScheme} ${id} ${target} ${failureSummary}`);
    }
  }
  return faults;
}

/** How far the page can be scrolled sideways, in px. */
export function overflow(page: Page): Promise<number> {
  // It runs in the page.
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
