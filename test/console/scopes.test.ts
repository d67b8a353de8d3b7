import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults, sharedBrowser, visit } from '../support/browser.ts';
import { API_KEY, ConsoleApi, CSV, jobId, PARTLY, RUNNING, type Script } from '../support/console-api.ts';
import { KEYS } from '../support/keys.ts';
import { stack } from '../support/stack.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const facts = (page: Page) => page.getByRole('list', { name: 'API key' });

/** Opens a page with a key, and tells what the API is asked to write. */
async function opened(page: Page, path: string, script: Script) {
  const api = new ConsoleApi();
  api.script = script;
  await api.answer(page);
  const written: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !request.url().includes('dryRun=true')) written.push(request.url());
  });
  await page.goto('about:blank');
  await page.goto(`${stack.baseUrl}/${path}`);
  return { api, written };
}

async function choose(page: Page) {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.getByLabel('Or paste text').fill(CSV);
  // It may be disabled.
  await button(page, 'Continue').click({ force: true });
}

const keyWith = (scope: 'read' | 'plan' | 'write') => ({ 'api key': { data: { ...API_KEY, scope } } });

test('a key that only reads is told so, and can neither go on to the check nor send', async () => {
  await using visited = await visit(browser, { key: KEYS.local });
  const { page } = visited;
  const { api, written } = await opened(page, '#/', keyWith('read'));
  await facts(page).getByText('Scope read').waitFor();
  await choose(page);
  await page.getByText('Your API key only reads.').waitFor();
  expect(await button(page, 'Continue').getAttribute('aria-disabled')).toBe('true');
  expect(await page.getByText('What kind of records?').isVisible()).toBe(true);
  expect([await accessibilityFaults(page, ['light']), api.faults, written]).toEqual([[], [], []]);
});

test('a key of the scope plan checks rows, and only saves them as a plan', async () => {
  await using visited = await visit(browser, { key: KEYS.local });
  const { page } = visited;
  const { api, written } = await opened(page, '#/', keyWith('plan'));
  await facts(page).getByText('Scope plan').waitFor();
  await choose(page);
  await button(page, /^Check/).click();
  await page.getByText('Your API key may save rows as a plan, but not apply them.').waitFor();
  expect([await page.getByLabel('Apply at once').count(), await button(page, /^Send \d/).count()]).toEqual([
    0, 0,
  ]);
  expect([await accessibilityFaults(page, ['light']), api.faults, written]).toEqual([[], [], []]);
  const request = page.waitForRequest((sent) => sent.method() === 'PATCH');
  await button(page, 'Save 3 rows as a plan').click();
  expect((await request).postDataJSON().options).toMatchObject({ plan: true });
});

test.for([
  ['cancel', RUNNING, /^Cancel/, 'Your API key may not cancel jobs.'],
  ['retry', PARTLY, /^Retry/, 'Your API key may not retry entries.'],
] as const)(
  'a key that may not write is not offered to %s, and one that may is',
  async ([, job, name, said]) => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    for (const scope of ['read', 'plan'] as const) {
      const { api } = await opened(page, `#/jobs/${jobId(1)}`, { ...keyWith(scope), job });
      await page.getByText(said).waitFor();
      expect([await button(page, name).count(), api.faults]).toEqual([0, []]);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    await opened(page, `#/jobs/${jobId(1)}`, { ...keyWith('write'), job });
    await button(page, name).waitFor();
    expect([await page.getByText(said).count(), await facts(page).getByText('Scope').count()]).toEqual([
      0, 0,
    ]);
  },
);
