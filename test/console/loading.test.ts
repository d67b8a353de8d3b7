import { gzipSync } from 'node:zlib';
import type { Browser, Page, Response } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedBrowser, signIn, visit } from '../support/browser.ts';
import { KEYS } from '../support/keys.ts';
import { stack } from '../support/stack.ts';
import { textRow, workbookWith } from '../support/workbooks.ts';

/** Compressed. */
const MAX_BYTES = 60_000;

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

/** Counts the compressed bytes of all files of the page that it loads. */
function loaded(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  const sizeOf = async (response: Response) => gzipSync(await response.body()).length;
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.startsWith('/v1/')) sizes.push(sizeOf(response));
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.getByLabel('Or paste text').fill(text);
  await page.getByRole('button', { name: 'Continue' }).click();
}

describe('the page', () => {
  test('loads at most 60 KB before and after signing in, until a file is chosen', async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    const bytes = loaded(page);
    await page.reload({ waitUntil: 'networkidle' });
    const signInPage = await bytes();
    expect(signInPage).toBeGreaterThan(10_000);
    expect(signInPage).toBeLessThanOrEqual(MAX_BYTES);
    await signIn(page, KEYS.local);
    await page.waitForLoadState('networkidle');
    expect(await bytes()).toBeLessThanOrEqual(MAX_BYTES);
  });
});

describe('a part that the browser cannot get', () => {
  test('of signing in leaves the key in its field, and is there after a reload', async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.getByLabel('API key').fill(KEYS.local);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This page could not be loaded completely.').waitFor();
    expect(await page.getByLabel('API key').inputValue()).toBe(KEYS.local);
    await page.unroute('**/assets/*.js');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await signIn(page, KEYS.local);
  });

  test('of another page is told in its place, and is there after a reload', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByText('This page could not be loaded completely.').waitFor();
    await page.unroute('**/assets/*.js');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    expect(page.url()).toBe(`${stack.baseUrl}/#/jobs`);
  });

  test('of the next step is told before there is work to lose', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await page.route('**/assets/*.js', (route) => route.abort());
    await paste(page, 'lead_id,city\nLEAD-1,Goa');
    await page.getByText('This page could not be loaded completely.').waitFor();
    await page.unroute('**/assets/*.js');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await paste(page, 'lead_id,city\nLEAD-1,Goa');
    await page.getByRole('heading', { name: 'Map the columns' }).waitFor();
  });
});

test.for([
  { name: 'failed.csv', content: () => Buffer.from('lead_id,state\nnobody,NEW\n') },
  {
    name: 'failed.xlsx',
    content: () =>
      workbookWith({ sheets: { Leads: textRow(1, 'lead_id', 'state') + textRow(2, 'nobody', 'NEW') } }),
  },
])('rows that failed are saved as $name without a connection', async ({ name, content }) => {
  await using visited = await visit(browser, { key: KEYS.local });
  const { page, context } = visited;
  const buffer = Buffer.from(await content());
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Check 1 row' }).click();
  await page.getByRole('heading', { name: '1 of 1 row would not be applied' }).waitFor();
  await context.setOffline(true);
  await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download 1 row with errors' }).click(),
  ]);
});
