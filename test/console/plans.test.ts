import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { finished, KEYS, lead, patch, sampleLeads, update } from '../support/api.ts';
import { sharedBrowser, visit } from '../support/browser.ts';

const nextLead = sampleLeads(1_000);
/** What no other run has sent, since what was sent before is not sent twice. */
const run = randomUUID().slice(0, 8);

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
const bodyRows = (page: Page) => page.locator('.scroller tbody tr').allInnerTexts();
const badge = (page: Page, text: string) => page.locator('.heading .badge', { hasText: text }).waitFor();

/** Chooses a file, and goes on to its check. */
async function check(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) });
  await button(page, 'Continue').click();
  if (name.endsWith('.csv')) await button(page, /^Check/).click();
}

/** Saves items as a plan, over HTTP. @returns its id */
async function planned(items: unknown[], name: string): Promise<string> {
  const { status, body } = await patch({ processes: items, options: { plan: true, name } });
  expect(status).toBe(202);
  return body._data.id;
}

describe('a plan', () => {
  test('shows before and after, is approved as it was seen, and leaves what has changed since', async () => {
    const [first = '', second = '', third = ''] = [nextLead(), nextLead(), nextLead()];
    await update([first, second].map((lead_id) => ({ lead_id, data: { city: `Old ${run}` } })));
    await update([{ lead_id: third, data: { city: `New ${run}` } }]);
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const csv = `lead_id,city\n${first},New ${run}\n${second},New ${run}\n${third},New ${run}\n`;
    await check(page, `plan-${run}.csv`, csv);
    await page.getByRole('heading', { name: 'All 3 rows would be applied' }).waitFor();
    expect((await bodyRows(page))[0]).toMatch(new RegExp(`Will change.*city: Old ${run}.*New ${run}`, 's'));
    await page.getByLabel('Save as a plan').check();
    await button(page, 'Save 3 rows as a plan').click();

    await page.getByRole('heading', { name: `plan-${run}.csv Plan of lead` }).waitFor();
    await badge(page, 'Plan, not approved');
    await page.getByText('The plan can be approved until').waitFor();
    await button(page, /1 Already so/).click();
    expect(await bodyRows(page)).toEqual([expect.stringMatching(`^4.*${third}`)]);
    await button(page, /2 Will change/).click();
    await page.getByLabel('Id or primary key contains').fill(second.toLowerCase());
    await expect
      .poll(() => bodyRows(page))
      .toEqual([expect.stringMatching(`city: Old ${run}[^]*New ${run}`)]);
    expect((await lead(first)).data.city).toBe(`Old ${run}`);

    await update([{ lead_id: second, data: { city: `Other ${run}` } }]);
    // As if another plan had been looked at.
    await page.route('**/approve', (route) =>
      route.continue({ headers: { ...route.request().headers(), 'if-match': '"another"' } }),
    );
    await button(page, 'Approve').click();
    await page.getByText('2 records will be changed, as the plan shows.').waitFor();
    await confirm(page, 'Change 2 records');
    await page.getByText('The plan has changed').waitFor();
    await page.unroute('**/approve');
    expect((await lead(first)).data.city).toBe(`Old ${run}`);

    await button(page, 'Approve').click();
    const approval = page.waitForRequest('**/approve');
    await confirm(page, 'Change 2 records');
    expect((await approval).headers()['if-match']).toMatch(/^".+"$/);
    await badge(page, 'Completed, 1 not applied');
    const why = page.getByRole('row', { name: new RegExp(`${second}.*has changed since the plan`) });
    await why.getByText('PRECONDITION_FAILED').waitFor();
    await why.getByRole('button').click();
    await page.getByRole('dialog', { name: second }).getByText('What was planned').waitFor();
    const cities = [first, second, third].map(async (leadId) => (await lead(leadId)).data.city);
    expect(await Promise.all(cities)).toEqual([`New ${run}`, `Other ${run}`, `New ${run}`]);
  });

  test('leads to its approval, and rows without key or change beside it are corrected', async () => {
    const [first, second, third] = [nextLead(), nextLead(), nextLead()];
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const csv = `lead_id,city\n${first},One ${run}\n,Two ${run}\n${third},\n`;
    await check(page, `beside-${run}.csv`, csv);
    await page.getByRole('heading', { name: '2 of 3 rows would not be applied' }).waitFor();
    await page.getByLabel('Save as a plan').check();
    await button(page, 'Save 1 row as a plan').click();
    await page.getByRole('heading', { name: '1 row saved as a plan' }).waitFor();
    const link = page.getByRole('link', { name: 'Look at it and approve it' });
    expect(await link.getAttribute('href')).toMatch(/^#\/jobs\//);
    await page.getByText('Correct them here').waitFor();
    await button(page, 'Correct 2 rows').click();
    await page.getByLabel('lead_id, line 3').fill(second);
    await page.getByLabel('city, line 4').fill(`Three ${run}`);
    await button(page, 'Check 2 corrected rows').click();
    await page.getByRole('heading', { name: 'All 2 rows would be applied' }).waitFor();
  });

  test('is saved and discarded with a key for plans, only looked at with one that reads, and then approved by nobody', async () => {
    const leadId = nextLead();
    await using visited = await visit(browser, { key: KEYS.plan });
    const { page } = visited;
    await check(page, `scope-${run}.csv`, `lead_id,city\n${leadId},Scope ${run}\n`);
    await page.getByText('Your API key may save rows as a plan, but not apply them.').waitFor();
    expect(await page.getByLabel('Apply at once').count()).toBe(0);
    await button(page, 'Save 1 row as a plan').click();
    await page.getByText('Your API key may discard this plan, but not approve it.').waitFor();
    expect(await button(page, 'Approve').count()).toBe(0);
    const path = new URL(page.url()).hash;

    await using reading = await visit(browser, { key: KEYS.read, path: '/#/jobs' });
    const link = reading.page.locator(`a[href="${path}"]`);
    expect(await link.innerText()).toMatch(/Plan, not approved\s+1 of 1 would be applied/);
    await link.click();
    await reading.page.getByText('Your API key only reads.').waitFor();
    await reading.page.getByRole('row', { name: leadId }).waitFor();
    expect(await button(reading.page, /^(Approve|Discard)/).count()).toBe(0);

    await using writing = await visit(browser, { key: KEYS.local, path: `/${path}` });
    await button(writing.page, 'Approve').click();
    await writing.page.getByText('1 record will be changed').waitFor();
    await button(page, 'Discard').click();
    await page.getByText('1 record will not be changed.').waitFor();
    await confirm(page, 'Discard the plan');
    await page.getByText('The plan was discarded.').waitFor();
    await confirm(writing.page, 'Change 1 record');
    await badge(writing.page, 'Cancelled');
    await writing.page.getByText('The plan was discarded.').waitFor();
    expect((await lead(leadId)).data.city).not.toBe(`Scope ${run}`);

    // What was discarded is planned anew.
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await check(page, `scope-${run}.csv`, `lead_id,city\n${leadId},Scope ${run}\n`);
    await button(page, 'Save 1 row as a plan').click();
    await badge(page, 'Plan, not approved');
    expect(new URL(page.url()).hash).not.toBe(path);
  });
});

describe('several plans', () => {
  test('of one file are found from each other, and approved together in their order', async () => {
    const leads = [nextLead(), nextLead()];
    const name = `parts-${run}.csv`;
    const ids: string[] = [];
    for (const lead_id of leads) ids.push(await planned([{ lead_id, data: { city: `Parts ${run}` } }], name));
    await using visited = await visit(browser, { key: KEYS.local, path: `/#/jobs/${ids[1]}` });
    const { page } = visited;
    await page.getByText('2 plans of this name wait for approval').waitFor();
    await page.getByRole('link', { name: 'Look at them together' }).click();
    await page.getByRole('heading', { name: `Plans of ${name}` }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/plans/${ids.join(',')}`);
    await button(page, 'Approve 2 plans').click();
    await page.getByText('Up to 2 records will be changed').waitFor();
    const approvals: string[] = [];
    page.on('request', (sent) =>
      approvals.push(
        ...sent
          .url()
          .matchAll(/[^/]+(?=\/approve$)/g)
          .map(String),
      ),
    );
    await confirm(page, 'Approve 2 plans');
    await page.getByText('None of these plans waits for its approval any more.').waitFor();
    expect(approvals).toEqual(ids);
    for (const id of ids) expect((await finished(id)).status).toBe('COMPLETED');
    await expect.poll(() => page.getByText('1 of 1 applied').count(), { timeout: 20_000 }).toBe(2);
    for (const each of leads) expect((await lead(each)).data.city).toBe(`Parts ${run}`);
  });

  test('are made of a file that is larger than a request', async () => {
    const leadId = nextLead();
    const before = (await lead(leadId)).data.score;
    const rows = Array.from({ length: 10_001 }, (_, i) => `{"lead_id":"${leadId}","data":{"score":${i}}}`);
    await using visited = await visit(browser, { key: KEYS.plan });
    const { page } = visited;
    await check(page, `large-${run}.ndjson`, rows.join('\n'));
    await button(page, 'Save 10,001 rows as a plan').click();
    await page.getByRole('heading', { name: `Plans of large-${run}.ndjson` }).waitFor();
    expect(await page.locator('.job-link').count()).toBe(2);
    await page.getByText('Plan 2 of 2').waitFor();
    await page.getByRole('link', { name: /Plan 1 of 2/ }).click();
    await page.getByText('10,000 of 10,000 would be applied', { exact: true }).waitFor();
    await page.goBack();
    await button(page, 'Discard 2 plans').click();
    await confirm(page, 'Discard 2 plans');
    await page.getByText('None of these plans waits for its approval any more.').waitFor();
    expect((await lead(leadId)).data.score).toBe(before);
  });
});
