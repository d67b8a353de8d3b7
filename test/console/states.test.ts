import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults, overflow, sharedBrowser, signIn, visit } from '../support/browser.ts';
import { ConsoleApi, refused } from '../support/console-api.ts';
import { CREATE_STATES } from '../support/console-create-states.ts';
import { PLAN_STATES } from '../support/console-plan-states.ts';
import { CONSOLE_STATES } from '../support/console-states.ts';
import { UNDO_STATES } from '../support/console-undo-states.ts';
import { KEYS } from '../support/keys.ts';
import { IS_LONG } from '../support/long.ts';
import { stack } from '../support/stack.ts';

const WIDE = { width: 1180, height: 820 };
/** What is left of 1,280 px when everything is twice as large. */
const ZOOMED = { width: 640, height: 410 };
const PHONE = { width: 360, height: 740 };

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

/** Each page with the states that follow from what is done there. */
const PAGES = [CONSOLE_STATES, PLAN_STATES, UNDO_STATES, CREATE_STATES].flatMap((states) => {
  const starts = states.flatMap(({ at }, index) => (at === undefined ? [] : index));
  return starts.map((start, number) => states.slice(start, starts[number + 1]));
});

/**
 * What is wrong with the page as it is: in light, in dark, at twice the size and on a phone. The last two have the same
 * layout, which axe judges where there is less room.
 * @param turn - number of the state
 */
async function faultsOfPage(page: Page, turn: number): Promise<string[]> {
  // All states in all ways take minutes.
  const isTurn = (way: number) => IS_LONG || turn % 3 === way;
  const schemes = (['light', 'dark'] as const).filter((_, way) => isTurn(way));
  const faults = await accessibilityFaults(page, schemes);
  for (const viewport of [ZOOMED, PHONE]) {
    await page.setViewportSize(viewport);
    const found = viewport === PHONE && isTurn(2) ? await accessibilityFaults(page, ['light']) : [];
    if ((await overflow(page)) > 0) found.push('it is wider than the screen');
    faults.push(...found.map((fault) => `${viewport.width} px: ${fault}`));
  }
  await page.setViewportSize(WIDE);
  return faults;
}

test('everyone can use the states of the console, in light and dark, at twice the size and on a phone', async () => {
  await using visited = await visit(browser, { viewport: WIDE, reducedMotion: 'reduce' });
  const { page } = visited;
  const faults: string[] = [];
  let looked = 0;
  const look = async (name: string, shows: string | RegExp) => {
    // While a part of the page is loaded, it says "Loading …", too.
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.getByText(shows).first().waitFor();
    for (const fault of await faultsOfPage(page, looked++)) faults.push(`${name}: ${fault}`);
  };
  const api = new ConsoleApi();
  await api.answer(page);

  const tryKey = async () => {
    await page.getByLabel('API key').fill('nobody');
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await look('sign in', 'The key stays in this tab');
  api.script = { 'api key': 'never' };
  await tryKey();
  await look('sign in, in progress', 'Signing in …');
  await page.reload();
  api.script = { 'api key': refused(401, 'UNAUTHORIZED', 'The API key is unknown.') };
  await tryKey();
  await look('sign in, refused', 'This key is unknown, expired or revoked.');
  api.script = { 'api key': refused(403, 'FORBIDDEN', 'The gateway refuses the request.') };
  await tryKey();
  await look('sign in, refused by the gateway', 'The API refused the request.');
  await page.reload();
  await page.route('**/assets/*.js', (route) => route.abort());
  api.script = {};
  await tryKey();
  await look('sign in, a part is missing', 'This page could not be loaded completely.');
  await page.unroute('**/assets/*.js');
  await page.reload();
  await signIn(page, KEYS.local);

  for (const state of PAGES.filter((_, number) => IS_LONG || number % 3 === 0).flat()) {
    api.script = state.at === undefined ? { ...api.script, ...state.api } : { ...state.api };
    if (state.at !== undefined) {
      await page.goto('about:blank');
      await page.goto(`${stack.baseUrl}/${state.at}`);
    }
    await state.act?.(page);
    await look(state.name, state.shows);
  }
  expect([...faults, ...api.faults]).toEqual([]);
}, 600_000);
