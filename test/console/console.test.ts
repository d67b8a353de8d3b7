import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Browser, Download, Page } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { finished, KEYS, lead, patch, sampleLeads, update } from '../support/api.ts';
import { sharedBrowser, signIn, visit } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';

const nextLead = sampleLeads(900);
/** What no other run has sent, since what was sent before is not sent twice. */
const run = randomUUID().slice(0, 8);

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

describe('signing in', () => {
  test('takes a key that the API knows, keeps it for the tab, and forgets one that is refused later', async () => {
    await using visited = await visit(browser);
    const { page } = visited;
    await page.getByLabel('API key').fill('nobody');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is unknown, expired or revoked').waitFor();
    expect(await page.getByLabel('API key').getAttribute('aria-invalid')).toBe('true');

    await signIn(page);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);

    await page.evaluate("sessionStorage.setItem('bulk-update.key', 'revoked')");
    await page.goto(`${page.url()}#/jobs`);
    await page.reload();
    await page.getByText('has expired or was revoked').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('a late refusal of the key before does not sign out who has signed in with another', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const refusal = Promise.withResolvers<void>();
    await page.route('**/v1/ext/procedure/*', async (route) => {
      await refusal.promise;
      await route.fulfill({ status: 401, body: '{"_data":null,"_meta":{},"_errors":[]}' });
    });
    const asked = page.waitForRequest('**/v1/ext/procedure/*');
    await choose(page, 'leads.csv', 'lead_id,city\nLEAD-1,Goa');
    await asked;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, KEYS.other);
    const answered = page.waitForResponse('**/v1/ext/procedure/*');
    refusal.resolve();
    await (await answered).finished();
    // What it would do is done before the page is shown anew.
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    expect(await page.evaluate("sessionStorage.getItem('bulk-update.key')")).toBe(KEYS.other);
  });
});

describe('safeguards', () => {
  test('that are chosen at the check are sent with the rows', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(
      page,
      'canary.csv',
      `lead_id,city\n${nextLead()},Canary ${run}\n${nextLead()},Canary ${run}`,
    );
    await page.getByRole('button', { name: 'Check 2 rows' }).click();
    await page.getByText('Stop when rows fail').click();
    await page.getByLabel('Number of rows to start with').fill('0');
    await page.getByText('Give a number up to 10,000.').waitFor();
    expect(await page.getByRole('button', { name: 'Send 2 rows' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByLabel('Number of rows to start with').fill('1');
    await page.getByLabel('Stop when more than').check();
    const request = page.waitForRequest(
      (sent) => sent.method() === 'PATCH' && !sent.url().includes('dryRun'),
    );
    await page.getByRole('button', { name: 'Send 2 rows' }).click();
    const headers = (await request).headers();
    const body = (await request).postDataBuffer() ?? Buffer.alloc(0);
    const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString();
    expect(JSON.parse(text).options).toMatchObject({ canary: 1, abortOn: { errorPercent: 5 } });
    await page.getByText('Completed', { exact: true }).first().waitFor();
  });

  test('that have stopped a job are told by its page', async () => {
    const processes = [
      { id: `nobody-${run}`, state: 'NEW' },
      { lead_id: nextLead(), state: 'NEW' },
    ];
    const { body } = await patch({ processes, options: { canary: 1 } });
    await finished(body._data.id);
    await using visited = await visit(browser, { key: KEYS.local, path: `/#/jobs/${body._data.id}` });
    const { page } = visited;
    await page.getByText('Stopped, too many failed').first().waitFor();
    await page.getByText('Stopped: 1 of 1 processed entries failed (100 %); the threshold is 0 %.').waitFor();
  });
});

describe('a file', () => {
  test('that was changed since it was chosen is to be chosen again', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const path = join(temporaryFolder(), 'leads.csv');
    writeFileSync(path, 'lead_id,city\nLEAD-1,Goa\n');
    await page.getByLabel('Procedure', { exact: true }).fill('lead');
    await page.locator('#file').setInputFiles(path);
    await page.getByText('leads.csv').waitFor();
    appendFileSync(path, 'LEAD-2,Pune\n');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('choose it again').waitFor();
  });

  test('of CSV is dropped, mapped, checked, sent and applied; what failed is downloaded, corrected and sent', async () => {
    const leads = Array.from({ length: 3 }, nextLead);
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await page.getByLabel('Procedure', { exact: true }).fill('lead');
    const csv = [
      'Lead ID;Citty;score;remark',
      `${leads[0]};Osaka ${run};1;"two; words"`,
      `${leads[1]};Kyoto;many;`,
      `${leads[2]};\\N;3;`,
    ].join('\n');
    await drop(page, 'leads.csv', csv);
    await page.getByText('leads.csv').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByRole('heading', { name: 'Map the columns' }).waitFor();
    const chosen = ['Lead ID', 'Citty', 'score', 'remark'].map((column) =>
      page.getByLabel(column, { exact: true }).inputValue(),
    );
    expect(await Promise.all(chosen)).toEqual(['lead_id', 'city', 'score', '']);
    expect(await page.getByText('Guessed from its name').count()).toBe(1);

    await page.getByRole('button', { name: 'Check 3 rows' }).click();
    await page.getByRole('heading', { name: '1 of 3 rows would not be applied' }).waitFor();
    await page.getByRole('button', { name: /Needs correction/ }).click();
    expect(await bodyRows(page)).toEqual([
      expect.stringMatching(/^3.*Needs correction.*INVALID_VALUE.*whole number/s),
    ]);
    expect((await lead(leads[0] ?? '')).data.city).not.toBe(`Osaka ${run}`);

    await page.getByRole('button', { name: 'Send 2 rows' }).click();
    await page.getByText('1 row with errors was not sent').waitFor();
    const failed = await textOf(page, () =>
      page.getByRole('button', { name: 'Download 1 row with errors' }).click(),
    );
    expect(failed.split('\n')).toEqual([
      'Lead ID;Citty;score;remark;_error_code;_error_message',
      expect.stringMatching(`^${leads[1]};Kyoto;many;;INVALID_VALUE;".*whole number`),
      '',
    ]);
    await page.getByRole('button', { name: 'Correct 1 row' }).click();
    await page.getByLabel('score, line 3').fill('2');
    await page.getByRole('button', { name: 'Check 1 corrected row' }).click();
    await page.getByRole('heading', { name: 'The row would be applied' }).waitFor();
    await page.getByRole('button', { name: 'Send 1 row' }).click();
    await page.getByRole('heading', { name: 'Job of lead' }).waitFor();
    await ended(page, 'Completed');
    expect((await lead(leads[0] ?? '')).data).toMatchObject({ city: `Osaka ${run}`, score: 1 });
    expect((await lead(leads[1] ?? '')).data).toMatchObject({ city: 'Kyoto', score: 2 });
    expect((await lead(leads[2] ?? '')).data).not.toHaveProperty('city');
  });

  test('of CSV as people write it is read as they confirm it, and mapped so the next time', async () => {
    const [first, second] = [nextLead(), nextLead()];
    await using visited = await visit(browser, { key: KEYS.local, timezoneId: 'Europe/Berlin' });
    const { page } = visited;
    const csv = [
      `Lead;Umsatz;Termin;Aktiv;Status ${run}`,
      `${first};1.234,50 €;03.04.2026;Ja;new`,
      `${second};viele;12.05.2026 14:30;Nein;Kunde`,
    ].join('\n');
    const choices = {
      Umsatz: 'budget',
      Termin: 'nextActionAt',
      Aktiv: 'newsletter',
      [`Status ${run}`]: 'state',
    };
    await choose(page, 'leads.csv', csv);
    for (const [column, name] of Object.entries(choices)) {
      await page.getByLabel(column, { exact: true }).selectOption(name);
    }
    await page.getByText('5 of 5 columns are sent.').waitFor();
    await page.getByText('“03.04.2026” has several meanings').waitFor();
    await page.getByRole('button', { name: 'Read 3 columns as proposed' }).click();
    await page.getByText('1 cell cannot be read and stays as it is: “viele”').waitFor();
    expect(await page.getByRole('button', { name: 'Check 2 rows' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByLabel('How “Termin” is read').selectOption({ label: 'Day first: 24.11.2026' });
    await page.getByLabel('What “Kunde” means').selectOption('CONVERTED');
    const mapping = await textOf(page, () => page.getByRole('button', { name: 'Download mapping' }).click());
    expect(JSON.parse(mapping).columns).toMatchObject({
      Umsatz: { name: 'budget', number: '1.234,50' },
      Termin: { name: 'nextActionAt', date: 'dmy', timeZone: 'Europe/Berlin' },
      Aktiv: { name: 'newsletter', ignoreCase: true, values: { ja: true, nein: false } },
      [`Status ${run}`]: { name: 'state', ignoreCase: true, values: { Kunde: 'CONVERTED' } },
    });
    await page.getByRole('button', { name: 'Check 2 rows' }).click();
    await page.getByRole('heading', { name: '1 of 2 rows would not be applied' }).waitFor();
    await page.getByText('5 of 5 columns are sent.').waitFor();
    await page.getByRole('button', { name: 'Send 1 row' }).click();
    await page.getByText('1 row with errors was not sent').waitFor();
    await expect
      .poll(async () => (await lead(first)).data)
      .toMatchObject({ budget: 1234.5, newsletter: true });
    expect(await lead(first)).toMatchObject({ state: 'NEW', nextActionAt: Date.UTC(2026, 3, 2, 22) });

    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.reload();
    await page.getByText('Team local').waitFor();
    await choose(page, 'leads.csv', csv);
    await page.getByText('Mapped as last time').waitFor();
    expect(await page.getByLabel('Umsatz', { exact: true }).inputValue()).toBe('budget');
    await page.getByRole('button', { name: 'Forget that mapping' }).click();
    await page.getByText('Mapped as last time').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Umsatz', { exact: true }).inputValue()).toBe('');
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  test('of CSV is corrected at once in all rows of a cause, and only those rows are checked again', async () => {
    const leads = Array.from({ length: 3 }, nextLead);
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const csv = `lead_id,state,score\n${leads[0]},NEW,many\n${leads[1]},NEW,many\nnobody,NEW,3\n`;
    await choose(page, 'leads.csv', csv);
    await page.getByRole('button', { name: 'Check 3 rows' }).click();
    await page.getByRole('button', { name: 'score: "many" is not a whole number 2 rows' }).click();
    expect(await bodyRows(page)).toHaveLength(2);
    const send = page.getByRole('button', { name: 'Send 0 rows' });
    expect(await send.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Replace "many" in 2 rows by').fill('7');
    const checked = page.waitForRequest('**/*dryRun*');
    await page.getByRole('button', { name: 'Replace and check' }).click();
    expect((await checked).postDataJSON().processes).toHaveLength(2);
    await page.getByRole('button', { name: 'Send 2 rows' }).waitFor();

    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('Your 2 corrections stay').waitFor();
    await page.getByRole('button', { name: 'Check 3 rows' }).click();
    await page.getByRole('button', { name: /Not found/ }).click();
    expect(await bodyRows(page)).toEqual([expect.stringMatching(/^4.*nobody.*PROCESS_NOT_FOUND/s)]);
    await page.getByRole('button', { name: 'Send 2 rows' }).waitFor();
  });

  test('of CSV that names a process twice tells which row is replaced by the later one', async () => {
    const lead = nextLead();
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'leads.csv', `lead_id,score\n${lead},900001\n${lead},900002\n`);
    await page.getByRole('button', { name: 'Check 2 rows' }).click();
    await page.getByRole('button', { name: /Named twice/ }).click();
    expect(await bodyRows(page)).toEqual([
      expect.stringMatching(/^2.*Replaced.*A later row sets the same fields/s),
      expect.stringMatching(/^3.*Will change/s),
    ]);
  });

  test('of CSV that a spreadsheet saved keeps its mark, its delimiter and its cells, and no empty text clears', async () => {
    const leads = Array.from({ length: 2 }, nextLead);
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const csv = `\uFEFFsep=;\r\nlead_id;Ort, Land;score;;\r\n${leads[0]} ;=1+1;many;;\r\n${leads[1]};São Paulo;many;;\r\n`;
    await choose(page, 'leads.csv', csv);
    await page.getByRole('heading', { name: 'Map the columns' }).waitFor();
    await page.getByText('2 rows, 3 columns').waitFor();
    await page.getByLabel('Ort, Land').selectOption('city');
    await page.getByLabel('Cell that clears a field').fill('');
    await page.getByText('An empty cell leaves the field unchanged. Enter another text').waitFor();
    expect(await page.getByRole('button', { name: 'Check 2 rows' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByLabel('Cell that clears a field').fill('-');
    await page.getByRole('button', { name: 'Check 2 rows' }).click();
    await page.getByText('keys with spaces around them').waitFor();
    const wrong = await textOf(page, () =>
      page.getByRole('button', { name: 'Download 2 rows with errors' }).click(),
    );
    expect(wrong).toMatch(/^\uFEFFsep=;\nlead_id;Ort, Land;score;;;_error_code;_error_message\n/);
    expect(wrong).toContain(`\n${leads[0]} ;=1+1;many;;;INVALID_VALUE;`);
  });

  test('of what failed in a job is downloaded as CSV, unless a CSV would change it', async () => {
    const leads = Array.from({ length: 2 }, nextLead);
    const wrong = { score: 'many' };
    const job = await update([{ lead_id: leads[0], data: { ...wrong, city: 'Kyoto' } }]);
    await using visited = await visit(browser, { key: KEYS.local, path: `/#/jobs/${job.data.id}` });
    const { page } = visited;
    const failed = await textOf(page, () =>
      page.getByRole('button', { name: 'Download 1 failed row (CSV)' }).click(),
    );
    expect(failed.split('\n')).toEqual([
      'lead_id,score,city,_error_code,_error_message',
      expect.stringMatching(`^${leads[0]},many,Kyoto,INVALID_VALUE,".*whole number`),
      '',
    ]);
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await choose(page, 'failed.csv', failed.replace('many', '2'));
    await page.getByRole('button', { name: 'Check 1 row' }).click();
    await page.getByRole('heading', { name: 'The row would be applied' }).waitFor();

    const formula = await update([{ lead_id: leads[1], data: { ...wrong, city: '=1+1' } }]);
    await page.evaluate(`location.hash = '#/jobs/${formula.data.id}'`);
    await page.getByRole('button', { name: 'Download 1 failed row (CSV)' }).click();
    await page.getByText('A CSV would change these rows.').waitFor();
    const lines = await textOf(page, () =>
      page.getByRole('button', { name: 'Download as JSON lines' }).click(),
    );
    expect(JSON.parse(lines)).toMatchObject({
      ...{ lead_id: leads[1], data: { city: '=1+1', score: 'many' } },
      _errors: [{ code: 'INVALID_VALUE' }],
    });
  });

  test('of JSON is pasted, its numbers stay as they are written, and nothing is sent twice', async () => {
    const [first, second] = [nextLead(), nextLead()];
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    const text = `[{"lead_id":"${first}","data":{"city":"${run}"}},{"lead_id":"${second}","data":{"score":9007199254740993}}]`;
    await paste(page, text);
    await page.getByRole('heading', { name: '1 of 2 rows would not be applied' }).waitFor();
    expect((await bodyRows(page))[1]).toMatch(/NUMBER_NOT_EXACT/);
    await page.getByText('Items of JSON are corrected in their file').waitFor();
    await page.getByRole('button', { name: 'Send 1 row' }).dblclick();
    const job = page.getByRole('link', { name: 'Job: 1 row' });
    const sent = await job.getAttribute('href');

    await page.reload();
    await paste(page, text);
    await page.getByRole('button', { name: 'Send 1 row' }).click();
    await page.getByText('Nothing was sent twice').waitFor();
    expect(await job.getAttribute('href')).toBe(sent);
  });

  test('of 10,000 rows stays small in the document, and so does their job', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `{"lead_id":"LEAD-00001","${run}":${i}}`);
    const { body } = await patch(`{"processes":[${rows}]}`);
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'leads.ndjson', rows.join('\n'));
    await page.getByRole('heading', { name: '10,000 of 10,000 rows would not be applied' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(60);
    await page.getByRole('region', { name: 'Rows and their results' }).focus();
    await reachLastRow(page, () => page.keyboard.press('End'));
    expect(await page.locator('tbody tr').count()).toBeLessThan(60);

    await page.evaluate(`location.hash = '#/jobs/${body._data.id}'`);
    await ended(page, 'Completed');
    await page.getByText('0 of 10,000 applied').waitFor();
    await page.getByRole('region', { name: 'Entries of the job' }).hover();
    await reachLastRow(page, () => page.mouse.wheel(0, 1_000_000));
    expect(await page.locator('tbody tr').count()).toBeLessThan(60);
  });

  test('is still there after going back, and what is wrong with it is told where it is', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'leads.json', '[{"lead_id": }]');
    await page.getByText('is not valid JSON').waitFor();
    const text = `lead_id,town,score\nLEAD-00001,${'Goa '.repeat(40)},1`;
    await paste(page, text);
    await page.getByRole('heading', { name: 'Map the columns' }).waitFor();
    expect(await page.locator('.samples').allInnerTexts()).toEqual([
      'LEAD-00001',
      expect.stringMatching(/^(Goa )+…$/),
      '1',
    ]);
    await page.getByLabel('town', { exact: true }).selectOption('score');
    await expect.poll(() => page.locator('select[aria-invalid=true]').count()).toBe(2);
    await page.getByText('Several columns are the attribute score.').waitFor();

    await page.getByRole('button', { name: 'Back' }).click();
    expect(await focused(page)).toBe('Send rows');
    expect(await page.getByLabel('Procedure', { exact: true }).inputValue()).toBe('lead');
    expect(await page.getByLabel('Or paste text').inputValue()).toBe(text);
    await drop(page, 'leads.json', '[{"lead_id": }]');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('is not valid JSON').waitFor();
    await drop(page, 'leads.ndjson', '{"lead_id":"LEAD-00001"}');
    await page.getByText('is not valid JSON').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: '1 of 1 row' }).waitFor();
    expect(await page.locator('.steps').innerText()).not.toContain('Map');
  });

  test('that cannot be read is refused with what is wrong, and so is a procedure that there is not', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'leads.json', '[{"lead_id": }]');
    await page.getByText('Line 1 is not valid JSON').waitFor();
    await page.getByLabel('Procedure', { exact: true }).fill('leed');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('#procedure-fault', { hasText: 'leed' }).waitFor();
    await page.getByRole('button', { name: 'Did you mean lead?' }).click();
    await page.locator('#procedure-fault:empty').waitFor({ state: 'attached' });
    expect(await page.getByLabel('Procedure', { exact: true }).inputValue()).toBe('lead');
  });
});

// Beside one another: what is cancelled takes 15 seconds to end.
describe.concurrent('the whole console', () => {
  test('jobs are listed, filtered, retried and cancelled, and the page tells when the API is out of reach', async () => {
    const items = Array.from({ length: 5_000 }, (_, i) => ({
      lead_id: `LEAD-${String(i + 1).padStart(5, '0')}`,
      data: { email: `console-${i}@example.com` },
    }));
    // In steps, so that the last of them is far away when the page has come to cancel the job.
    const inSteps = { abortOn: { errorPercent: 99, after: 100 } };
    const { body } = await patch({ processes: items, options: inSteps });
    const cancelledId = body._data.id;
    await using visited = await visit(browser, { key: KEYS.local, path: `/#/jobs/${cancelledId}` });
    const { page, context } = visited;
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    expect(await focused(page)).toBe('Keep running');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Cancel the job');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('The job ends within seconds').waitFor();
    expect(await focused(page)).toBe('Cancelling …');

    const failed = await update([
      { id: 'nobody', state: 'NEW' },
      { lead_id: nextLead(), state: 'NEW' },
    ]);
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.locator(`a[href="#/jobs/${failed.data.id}"]`).click();
    const { promise: released, resolve: answer } = Promise.withResolvers<void>();
    await page.route('**/entries?*completionStatus=ERROR*', async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole('button', { name: /1 Failed/ }).click();
    await page.getByText('Loading …').waitFor();
    expect(await bodyRows(page)).toEqual([]);
    answer();
    await page.getByRole('row', { name: /nobody.*PROCESS_NOT_FOUND/ }).waitFor();
    expect(await bodyRows(page)).toHaveLength(1);
    expect(await page.getByRole('button', { name: /Retry/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'nobody' }).click();
    const detail = page.getByRole('dialog', { name: 'nobody' });
    await detail.getByText('"state": "NEW"').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('nobody');
    await page.getByRole('button', { name: /2 All/ }).click();
    await page.getByLabel('Id or primary key').fill('nobody');
    await page.keyboard.press('Enter');
    await onlyOne(page, '.scroller tbody tr');
    expect(await bodyRows(page)).toEqual([expect.stringContaining('nobody')]);

    const options = { name: `${run} leads.csv` };
    await patch({ processes: [{ lead_id: nextLead(), state: 'NEW' }], options });
    await page.goBack();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.getByRole('link', { name: options.name }).waitFor();
    await page.getByLabel('Name contains').fill(`${run} LEADS`);
    await onlyOne(page, '.job-link');
    expect(page.url()).toMatch(/#\/jobs\?text=/);
    await page.getByLabel('Status').selectOption('Failed');
    await page.getByRole('link', { name: 'Show all jobs' }).click();
    expect(page.url()).toMatch(/#\/jobs$/);
    await page.locator('.job-link').nth(1).waitFor();

    await context.setOffline(true);
    await page.getByText('Your browser is offline.').waitFor();
    await context.setOffline(false);
    await page.getByText('Your browser is offline.').waitFor({ state: 'detached' });

    await page.locator(`a[href="#/jobs/${cancelledId}"]`).click();
    await ended(page, 'Cancelled');
    const { status, counts } = await finished(cancelledId);
    expect(status).toBe('CANCELLED');
    await page.getByText(`${(counts.SUCCESS ?? 0).toLocaleString('en')} of 5,000 applied`).waitFor();
    expect(counts.CANCELLED).toBeGreaterThan(0);
  }, 300_000);

  test('colours of the system show which page, step and filter is the current one, and how far it is', async () => {
    await using visited = await visit(browser, { key: KEYS.local, forcedColors: 'active' });
    const { page } = visited;
    const differ = async (one: string, other: string) => {
      const [a, b] = [await backgroundOf(page, one), await backgroundOf(page, other)];
      expect(a, `${one} is told from ${other}`).not.toBe(b);
    };
    await differ('.page-link[aria-current]', '.page-link:not([aria-current])');
    await differ('.step[aria-current] .step-number', '.step:not([aria-current]) .step-number');
    await page.route('**/*dryRun*', (route) => route.abort());
    await choose(page, 'leads.ndjson', `{"lead_id":"${run}"}`);
    await differ('.progress-done', '.progress');
    await page.unroute('**/*dryRun*');
    await page.getByRole('heading', { name: '1 of 1 row' }).waitFor();
    await differ('.filter-choice[aria-pressed=true]', '.filter-choice[aria-pressed=false]');
  });

  test('everyone can do all of it with the keyboard', async () => {
    const leadId = nextLead();
    await using visited = await visit(browser);
    const { page } = visited;
    const { keyboard } = page;
    const press = async (selector: string, key = 'Enter') => {
      await tabTo(page, selector);
      await keyboard.press(key);
    };
    expect(await page.title()).toBe('Sign in · Bulk Update Console');
    await tabTo(page, '#key');
    await keyboard.type(KEYS.local);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Send rows' }).waitFor();
    await page.locator('main:focus').waitFor();
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('Jobs');
    await tabTo(page, '#procedure');
    await press('.skip');
    await tabTo(page, '#procedure');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('lead');
    await tabTo(page, '#pasted');
    await keyboard.type(`lead_id,town\n${leadId},Nara ${run}`);
    await press('button[type=submit]');
    await page.getByRole('heading', { name: 'Map the columns' }).waitFor();
    await tabTo(page, '#column-1');
    await keyboard.type('city');
    await press('.button.primary');
    await page.getByRole('heading', { name: 'The row would be applied' }).waitFor();
    await press('.button.primary');
    await page.getByRole('heading', { name: 'Job of lead' }).waitFor();
    await ended(page, 'Completed');
    await vi.waitFor(async () => expect(await page.title()).toMatch(/^Completed · /));
    expect((await lead(leadId)).data.city).toBe(`Nara ${run}`);
  });
});

/** Drops a file as a person does with a mouse. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    `const transfer = new DataTransfer();
     transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
     transfer`,
  );
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer });
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  const buffer = Buffer.from(text);
  await page.locator('#file').setInputFiles({ name, mimeType: 'text/plain', buffer });
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.getByLabel('Or paste text').fill(text);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Scrolls on, since there is more to see when more has been read or measured. */
async function reachLastRow(page: Page, scroll: () => Promise<void>): Promise<void> {
  const reached = async () => {
    await scroll();
    return page.getByRole('cell', { name: '10,000', exact: true }).count();
  };
  await expect.poll(reached, { timeout: 20_000 }).toBe(1);
}

/** Waits until one element is left. */
async function onlyOne(page: Page, selector: string): Promise<void> {
  await page.locator(selector).nth(1).waitFor({ state: 'detached' });
  await page.locator(selector).first().waitFor();
}

/** The texts of the rows of the table that is shown. */
function bodyRows(page: Page): Promise<string[]> {
  return page.locator('.scroller tbody tr').allInnerTexts();
}

async function ended(page: Page, status: string): Promise<void> {
  await page.locator('.heading .badge', { hasText: status }).waitFor({ timeout: 60_000 });
}

/** The text of the file that an action lets the browser save. */
async function textOf(page: Page, action: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, action()]);
  return readFile(await download.path(), 'utf8');
}

/** The text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.locator(':focus').innerText();
}

async function backgroundOf(page: Page, selector: string): Promise<string> {
  await page.locator(selector).first().waitFor({ state: 'attached' });
  const element = JSON.stringify(selector);
  return page.evaluate(`getComputedStyle(document.querySelector(${element})).backgroundColor`);
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
}
