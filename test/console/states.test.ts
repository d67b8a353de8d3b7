import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults, launchBrowser, overflow, signIn, visit } from '../support/browser.ts';
import { ConsoleApi, refused } from '../support/console-api.ts';
import { CONSOLE_STATES } from '../support/console-states.ts';
import { temporaryFolder } from '../support/folder.ts';
import { KEYS } from '../support/keys.ts';
import { stack } from '../support/stack.ts';

const WIDE = { width: 1180, height: 820 };
/** What is left of 1,280 px when everything is twice as large. */
const ZOOMED = { width: 640, height: 410 };
const PHONE = { width: 360, height: 740 };

const folder = temporaryFolder();
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser(folder);
  return () => browser.close();
});

/** What is wrong with the page as it is: in light, in dark, at twice the size and on a phone. */
async function faultsOfPage(page: Page): Promise<string[]> {
  const faults = await accessibilityFaults(page, ['light', 'dark']);
  for (const viewport of [ZOOMED, PHONE]) {
    await page.setViewportSize(viewport);
    if ((await overflow(page)) > 0) faults.push(`wider than ${viewport.width} px`);
  }
  faults.push(...(await accessibilityFaults(page, ['light'])));
  await page.setViewportSize(WIDE);
  return faults;
}

test('everyone can use each state of the console, in light and dark, at twice the size and on a phone', async () => {
  await using visited = await visit(browser, { viewport: WIDE, reducedMotion: 'reduce' });
  const { page } = visited;
  const faults: string[] = [];
  const look = async (name: string, shows: string | RegExp) => {
    await page.getByText(shows).first().waitFor();
    for (const fault of await faultsOfPage(page)) faults.push(`${name}: ${fault}`);
  };
  const api = new ConsoleApi();
  await api.answer(page);

  await look('sign in', 'The key stays in this tab');
  api.script = { 'api key': refused(401, 'UNAUTHORIZED', 'The API key is unknown.') };
  await page.getByLabel('API key').fill('nobody');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await look('sign in, refused', 'This key is unknown, expired or revoked.');
  api.script = {};
  await signIn(page, KEYS.local);

  for (const state of CONSOLE_STATES) {
    api.script = state.at === undefined ? { ...api.script, ...state.api } : { ...state.api };
    if (state.at !== undefined) {
      await page.goto('about:blank');
      await page.goto(`${stack.baseUrl}/${state.at}`);
    }
    await state.act?.(page);
    await look(state.name, state.shows);
  }
  expect([...faults, ...api.faults]).toEqual([]);
  // 35 states, and axe three times in each.
}, 300_000);
