import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { KEYS, lead, readProcess, sampleLeads, update } from '../support/api.ts';
import { sharedBrowser, visit } from '../support/browser.ts';

const nextLead = sampleLeads(3_150);
const run = randomUUID().slice(0, 8);

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const bodyRows = (page: Page) => page.locator('.scroller tbody tr').allInnerTexts();

/** Chooses a file, and goes on to its check. */
async function check(page: Page, csv: string): Promise<void> {
  const name = `create-${run}.csv`;
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(csv) });
  await button(page, 'Continue').click();
  await button(page, /^Check/).click();
}

test('a file updates what exists, creates the rest, and is undone', async () => {
  const [existing, created] = [nextLead(), `NEW-${run}`];
  await update([{ lead_id: existing, data: { city: `Old ${run}` } }]);
  const csv = `lead_id,city\n${existing},New ${run}\n${created},New ${run}\n`;
  await using visited = await visit(browser, { key: KEYS.local });
  const { page } = visited;
  await check(page, csv);
  await says(page, '1 row names a record that does not exist.');
  await button(page, 'Create this record').click();
  await says(page, '1 row would update a record, 1 would create one.');
  await page.getByRole('heading', { name: 'All 2 rows would be applied' }).waitFor();
  expect(await page.getByLabel('What the rows do').inputValue()).toBe('missing');
  expect(await bodyRows(page)).toEqual([
    expect.stringMatching(`${existing}[^]*Will change[^]*city: Old ${run}[^]*New ${run}`),
    expect.stringMatching(`${created}[^]*Will be created[^]*city: New ${run}`),
  ]);
  await button(page, /1 Will be created/).click();
  await expect.poll(() => bodyRows(page)).toEqual([expect.stringContaining(created)]);
  await button(page, 'Send 2 rows').click();

  await page.locator('.heading .badge', { hasText: 'Completed' }).waitFor();
  const entry = page.getByRole('row', { name: created });
  expect(await entry.innerText()).toMatch(/Created\s+Created the process\./);
  await page.getByLabel('Outcome').selectOption('Created');
  await expect.poll(() => bodyRows(page)).toEqual([expect.stringContaining(created)]);
  expect((await lead(existing)).data.city).toBe(`New ${run}`);
  expect((await lead(created)).data).toEqual({ lead_id: created, city: `New ${run}` });

  await page.getByRole('link', { name: 'Send', exact: true }).click();
  await page.getByLabel('Create new records only').check();
  await check(page, csv);
  await button(page, /2 Exists already/).waitFor();
  await says(page, 'belongs to a process already');
  await page.goBack();

  await button(page, 'Undo …').click();
  await says(page, '1 record is deleted: the job created it, and nobody has changed it since.');
  await page.getByRole('row', { name: new RegExp(`${created}.*Will be deleted`) }).waitFor();
  await button(page, 'Undo 2 records').click();
  await says(page, '1 record gets back the values from before the job, and 1 record is deleted, as shown.');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo 2 records' }).click();
  await page.locator('.heading .badge', { hasText: 'Completed' }).waitFor();
  expect((await readProcess(`lead_id/${created}`)).status).toBe(404);
  expect((await lead(existing)).data.city).toBe(`Old ${run}`);
});
