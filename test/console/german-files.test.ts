import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page, Request } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { lead, readProcess, sampleLeads } from '../support/api.ts';
import { overflow, sharedBrowser, signIn, visit } from '../support/browser.ts';
import {
  COLUMNS,
  createCustomers,
  germanWorkbook,
  HEADER_ROW,
  HEADERS,
  keyOf,
  rowOf,
  SHEET,
  someCustomers,
  storedCustomer,
  WRONG,
  wrongCellOf,
} from '../support/german-customers.ts';
import { SPREADSHEETS, savedAsText } from '../support/spreadsheets.ts';
import { stack } from '../support/stack.ts';
import { textRow, workbookWith } from '../support/workbooks.ts';

const nextLead = sampleLeads(1_200);
const inGermany = { locale: 'de-DE', timezoneId: 'Europe/Berlin' };
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = (page: Page, name: string, timeout = 30_000) =>
  page.getByRole('heading', { name, exact: true }).waitFor({ timeout });

async function choose(page: Page, procedure: string, name: string, content: Uint8Array): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill(procedure);
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
}

/** Confirms how all columns are read, once all of their cells were looked at. */
async function confirm(page: Page, columns: string): Promise<void> {
  await page.getByText('Checking changes nothing.').waitFor();
  await click(page, `Read ${columns} as proposed`);
  await page.getByText('Checking changes nothing.').waitFor();
}

/** The items of a request, which is compressed if it is large. */
function itemsOf(request: Request): unknown[] {
  const body = request.postDataBuffer() ?? Buffer.alloc(0);
  const isZipped = request.headers()['content-encoding'] === 'gzip';
  return JSON.parse(String(isZipped ? gunzipSync(body) : body)).processes;
}

/** How far the page can be scrolled below what it shows, in px. */
async function emptySpace(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollHeight - Math.max(innerHeight, document.body.getBoundingClientRect().height)',
  );
}

test.skipIf(stack.local === undefined)(
  'a German workbook is mapped, checked, corrected and applied to the last of 3,000 rows, on one page',
  async () => {
    await createCustomers('kunde');
    await using visited = await visit(browser, inGermany);
    const { page } = visited;
    await signIn(page);
    await page.evaluate('isSamePage = true');
    await choose(page, 'kunde', 'Kunden März.xlsx', await germanWorkbook());
    await page.getByText(`Row ${HEADER_ROW} names the columns`).waitFor();
    expect(await page.getByLabel('Sheet', { exact: true }).inputValue()).toBe(SHEET);
    await click(page, 'Continue');

    await page.getByText('3,000 rows, 11 columns').waitFor();
    for (const header of HEADERS) {
      await page.getByLabel(header, { exact: true }).selectOption(COLUMNS[header]);
    }
    await page.getByText('10 of 11 columns are sent.').waitFor();
    await confirm(page, '6 columns');
    expect(await page.getByLabel('Time zone of Wiedervorlage').inputValue()).toBe('Europe/Berlin');
    await click(page, 'Check 3,000 rows');

    await heading(page, '40 of 3,000 rows would not be applied', 90_000);
    expect(await emptySpace(page)).toBeLessThan(1);
    // Dates as people read them; a row shows its first fields until it is asked for more.
    await page
      .getByRole('button', { name: /^Show \d+ more field/ })
      .first()
      .click();
    await page.getByText(/founded: empty\s+(?:→\s*)?becomes\s+01\.01\.2000/).waitFor();
    await page.getByText(/nextActionAt: empty\s+(?:→\s*)?becomes\s+01\.01\.2026, 08:30:00/).waitFor();
    let left = 40;
    for (const { column, cell, right, count } of WRONG) {
      const shown = typeof cell === 'number' ? cell.toLocaleString('de') : cell;
      await page.getByRole('button', { name: new RegExp(`"${shown}".* ${count} rows`) }).click();
      const [checked] = await Promise.all([
        page.waitForRequest('**/*dryRun*'),
        right === undefined
          ? correctOneByOne(page, column, count)
          : replaceAll(page, `Replace "${shown}" in ${count} rows by`, right),
      ]);
      // Only these are checked again.
      expect(itemsOf(checked)).toHaveLength(count);
      left -= count;
      await heading(
        page,
        left > 0 ? `${left} of 3,000 rows would not be applied` : 'All 3,000 rows would be applied',
      );
    }

    await click(page, 'Send 3,000 rows');
    await heading(page, 'Kunden März.xlsx Job of kunde');
    await page.locator('.heading .badge', { hasText: 'Completed' }).waitFor({ timeout: 90_000 });
    await page.getByText('3,000 of 3,000 applied', { exact: true }).waitFor();
    await page.getByRole('columnheader', { name: 'Row' }).waitFor();
    expect(await page.evaluate('isSamePage')).toBe(true);
    for (const at of someCustomers()) {
      const { body } = await readProcess(`customer_id/${keyOf(at)}`, { procedure: 'kunde' });
      expect(body._data, keyOf(at)).toMatchObject(storedCustomer(at));
    }
  },
  240_000,
);

/** The colour of the border of the first wrong cell. */
function borderOfCell(page: Page): Promise<string> {
  return page.evaluate(`getComputedStyle(document.querySelector('.wrong-cell .cell')).borderColor`);
}

/** Types the right key into the row of each customer that has a wrong cell. */
async function correctOneByOne(page: Page, column: string, count: number): Promise<void> {
  const wrong = await borderOfCell(page);
  for (const at of someCustomers().filter((place) => wrongCellOf(place)?.column === column)) {
    await page.getByLabel(`${column}, row ${rowOf(at)}`).fill(keyOf(at));
  }
  // What is wrong is told by its colour, too.
  await expect.poll(() => borderOfCell(page)).not.toBe(wrong);
  await click(page, `Check ${count} corrected rows`);
}

/** Corrects all rows of a cause at once. The focus stays on the page. */
async function replaceAll(page: Page, label: string, value: string): Promise<void> {
  const cell = page.getByLabel(label);
  const isChoice = await cell.and(page.locator('select')).count();
  if (isChoice > 0) await cell.selectOption(value);
  else await cell.fill(value);
  await click(page, 'Replace and check');
  await page.locator('main:focus').waitFor();
}

test('a date with a time of a workbook is a moment in the time zone that the user confirms', async () => {
  const key = nextLead();
  const moment = '<c s="1"><v>46350.604166666664</v></c>';
  const sheet = `${textRow(1, 'lead_id', 'nextActionAt')}<row r="2"><c t="inlineStr"><is><t>${key}</t></is></c>${moment}</row>`;
  const workbook = await workbookWith({ sheets: { Termine: sheet }, formats: ['dd.mm.yyyy hh:mm'] });
  await using visited = await visit(browser, { key: 'local-key', ...inGermany });
  const { page } = visited;
  await choose(page, 'lead', 'Termine.xlsx', workbook);
  await click(page, 'Continue');
  await page.getByText('Local times are read as those of Europe/Berlin.').waitFor();
  await confirm(page, '1 column');
  await page.getByText('which is 2026-11-24T14:30+01:00').waitFor();
  await page.getByLabel('Time zone of nextActionAt').selectOption('America/New_York');
  await page.getByText('which is 2026-11-24T14:30-05:00').waitFor();
  await click(page, 'Check 1 row');
  await heading(page, 'The row would be applied');
  await page.getByText('24.11.2026, 20:30:00').waitFor();
  await click(page, 'Send 1 row');
  await page.locator('.heading .badge', { hasText: 'Completed' }).waitFor({ timeout: 60_000 });
  expect((await lead(key)).nextActionAt).toBe(Date.UTC(2026, 10, 24, 19, 30));
});

test('failed rows that a spreadsheet has saved are mapped and read as their file, and keep their letters', async () => {
  await using visited = await visit(browser, { key: 'local-key', ...inGermany });
  const { page } = visited;
  for (const spreadsheet of SPREADSHEETS) {
    const keys = [nextLead(), nextLead()];
    const city = 'Größenwörth; am "Übersee"';
    const rows = [
      ['Kundennr.', 'Größe', 'Ort', 'Nächster Termin'],
      [keys[0], 'viele', city, '24.11.2026'],
      [keys[1], '1.234', 'Weiß', '24.11.2026'],
    ];
    const text = rows
      .map((row) => row.map((cell) => `"${cell?.replaceAll('"', '""')}"`).join(';'))
      .join('\n');
    await choose(page, 'lead', 'Größen.csv', Buffer.from(text));
    await click(page, 'Continue');
    await heading(page, 'Map the columns');
    // The second time, it is known.
    if (spreadsheet === SPREADSHEETS[0]) {
      const names = {
        'Kundennr.': 'lead_id',
        Größe: 'score',
        Ort: 'city',
        'Nächster Termin': 'nextActionAt',
      };
      for (const [header, name] of Object.entries(names)) {
        await page.getByLabel(header, { exact: true }).selectOption(name);
      }
      await confirm(page, '2 columns');
    }
    await click(page, 'Check 2 rows');
    await heading(page, '1 of 2 rows would not be applied');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      click(page, 'Download 1 row with errors'),
    ]);
    expect(download.suggestedFilename()).toBe('Größen.failed.csv');
    const failed = readFileSync(await download.path(), 'utf8');
    expect(failed).toMatch(/^\uFEFFKundennr\.;Größe;/);

    await click(page, 'Back');
    await click(page, 'Back');
    const saved = savedAsText(failed.replace('viele', '7'), spreadsheet);
    await choose(page, 'lead', 'Größen.failed.csv', saved);
    if (spreadsheet === 'Excel, "CSV"') {
      await page.getByRole('cell', { name: city }).waitFor();
      await click(page, 'Read as Windows-1252');
    }
    await click(page, 'Continue');
    await page.getByText('Mapped as last time').waitFor();
    await page.getByText('4 of 6 columns are sent.').waitFor();
    await click(page, 'Check 1 row');
    await heading(page, 'The row would be applied');
    await click(page, 'Send 1 row');
    await page.locator('.heading .badge', { hasText: 'Completed' }).waitFor({ timeout: 60_000 });
    expect(await lead(keys[0] ?? '')).toMatchObject({
      data: { score: 7, city },
      nextActionAt: Date.UTC(2026, 10, 23, 23),
    });
    await page.getByRole('link', { name: 'Send', exact: true }).click();
  }
  expect(await overflow(page)).toBe(0);
});
