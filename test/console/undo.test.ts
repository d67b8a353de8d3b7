import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { finished, KEYS, lead, patch, sampleLeads, update } from '../support/api.ts';
import { sharedBrowser, visit } from '../support/browser.ts';

const nextLead = sampleLeads(3_100);
const run = randomUUID().slice(0, 8);

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const lines = (page: Page) => page.locator('.undo-line > :last-child').allInnerTexts();
const bodyRows = (page: Page) => page.locator('.scroller tbody tr').allInnerTexts();
const addressOf = (page: Page) => new URL(page.url()).hash;

/** Has items applied, as a job with a name. @returns its id */
async function applied(processes: unknown[], name: string): Promise<string> {
  const { body } = await patch({ processes, options: { name } });
  await finished(body._data.id);
  return body._data.id;
}

const cityOf = async (leadId: string) => (await lead(leadId)).data.city;
const toCity = (city: string) => (lead_id: string) => ({ lead_id, data: { city } });

test('an undo is looked at before it is done, keeps what has changed meanwhile, and can be undone itself', async () => {
  const [back, partly, kept, same] = [nextLead(), nextLead(), nextLead(), nextLead()];
  const name = `undo-${run}.csv`;
  await update([...[back, partly, kept].map(toCity('Old')), toCity('New')(same)]);
  const items = [back, partly, kept].map((lead_id) => ({ lead_id, data: { city: 'New', score: 7 } }));
  const id = await applied([...items, toCity('New')(same)], name);
  await update([toCity('Other')(partly), { lead_id: kept, data: { city: 'Other', score: 8 } }]);

  await using visited = await visit(browser, { key: KEYS.local, path: `/#/jobs/${id}` });
  const { page } = visited;
  await button(page, 'Undo …').click();
  await page.getByRole('heading', { name: `Undo ${name}?` }).waitFor();
  await says(page, '2 of 4 records would go back');
  expect(await lines(page)).toEqual([
    '1 record goes back to what it was before the job.',
    '1 record goes back in part. Newer updates or other systems have changed the rest, which stays: city (1 record).',
    '1 record stays as it is: it has changed since the job.',
    '1 record had nothing to undo: the job had not changed it.',
  ]);
  expect(await bodyRows(page)).toEqual([
    expect.stringMatching(`${back}[^]*Goes back[^]*city: New[^]*Old`),
    expect.stringMatching(`${partly}[^]*Goes back in part[^]*score: 7[^]*Stays[^]*city`),
    expect.stringMatching(`${kept}[^]*Stays as it is`),
    expect.stringMatching(`${same}[^]*Nothing to undo`),
  ]);
  await button(page, /1 Goes back in part/).click();
  await expect.poll(() => bodyRows(page)).toEqual([expect.stringContaining(partly)]);
  expect(await cityOf(back)).toBe('New');

  // It changes after the look.
  await update([toCity('Later')(back)]);
  await button(page, 'Undo 2 records').click();
  await says(page, '2 records get back the values from before the job, as shown.');
  await confirm(page, 'Undo 2 records');
  await page.getByRole('heading', { name: `Undo of ${name}` }).waitFor();
  await says(page, 'This job undoes');
  await says(page, /2 records are partly as before\..*city \(2 records\)/);
  await page.getByRole('row', { name: new RegExp(`${partly}.*Partly as before.*but for`) }).waitFor();
  expect(await Promise.all([back, partly, kept, same].map(cityOf))).toEqual([
    'Later',
    'Other',
    'Other',
    'New',
  ]);
  expect((await lead(back)).data.score).not.toBe(7);
  const undo = addressOf(page);

  await page.getByRole('link', { name, exact: true }).click();
  await says(page, `Undone by Undo of ${name}`);
  expect(await button(page, /^(Undo|Retry)/).count()).toBe(0);
  await page.goto(`${page.url()}/undo`);
  await says(page, `Undone by Undo of ${name}`);
  await page.getByRole('link', { name: `Undo of ${name}` }).click();
  expect(addressOf(page)).toBe(undo);

  await button(page, 'Undo this undo …').click();
  await page.getByRole('heading', { name: `Undo the undo of ${name}?` }).waitFor();
  await button(page, 'Undo 2 records').click();
  await confirm(page, 'Undo 2 records');
  await says(page, '2 records are as before the undo: deleted if the undo brought them back.');
  expect((await Promise.all([back, partly].map(lead))).map(({ data }) => data.score)).toEqual([7, 7]);

  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  const notes = async () => (await page.locator('.job-note').allInnerTexts()).slice(0, 4);
  await expect
    .poll(notes)
    .toEqual([
      expect.stringMatching(`^Undoes Undo of ${name},`),
      expect.stringMatching(`^Undoes ${name},`),
      expect.stringMatching(`^Undone by Undo of ${name},`),
      expect.stringMatching(`^Its undo was undone itself: Undo of ${name},`),
    ]);
  const link = page.locator('.job-note a').nth(1);
  expect(await link.innerText()).toMatch(`${name},`);
  await link.click();
  expect(addressOf(page)).toBe(`#/jobs/${id}`);
  await says(page, 'You can undo this job again.');
  await button(page, 'Undo …').waitFor();
});

test('a key for plans looks at an undo, one that reads does not, and neither undoes', async () => {
  const leadId = nextLead();
  const id = await applied([toCity(`Scope ${run}`)(leadId)], `scope-${run}.csv`);
  await using visited = await visit(browser, { key: KEYS.plan, path: `/#/jobs/${id}` });
  const { page } = visited;
  await button(page, 'Undo …').click();
  await says(page, '1 of 1 record would go back');
  await says(page, 'Your API key may look at an undo, but not undo a job.');
  await page.getByRole('row', { name: leadId }).waitFor();
  expect(await button(page, 'Undo 1 record').count()).toBe(0);

  await using reading = await visit(browser, { key: KEYS.read, path: `/#/jobs/${id}` });
  await says(reading.page, '1 of 1 applied');
  expect(await button(reading.page, /^Undo/).count()).toBe(0);
  await reading.page.goto(page.url());
  await says(reading.page, 'Your API key only reads.');
  expect(await cityOf(leadId)).toBe(`Scope ${run}`);
});

test('what is too large to be shown can be undone all the same', async () => {
  const leadId = nextLead();
  await update([toCity('Old')(leadId)]);
  const id = await applied([toCity('New')(leadId)], `large-${run}.csv`);
  await using visited = await visit(browser, { key: KEYS.local, path: '/#/jobs' });
  const { page } = visited;
  const error = { code: 'ANSWER_TOO_LARGE', message: 'The response of this dry run would be too large.' };
  await page.route('**/undo?dryRun=true', (route) =>
    route.fulfill({ status: 413, json: { _data: null, _meta: {}, _errors: [error] } }),
  );
  await page.goto(`${new URL('/', page.url())}#/jobs/${id}/undo`);
  await says(page, 'This undo is too large to be shown.');
  await button(page, 'Undo this job').click();
  await says(page, 'Up to 1 entry gets back the values from before the job. You have not seen which.');
  await confirm(page, 'Undo this job');
  await says(page, '1 record is as before the job: deleted if the job created it.');
  expect(await cityOf(leadId)).toBe('Old');
});
