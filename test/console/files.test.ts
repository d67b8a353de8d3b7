import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { KEYS, sampleLeads } from '../support/api.ts';
import { accessibilityFaults, overflow, sharedBrowser, visit } from '../support/browser.ts';
import { textRow, workbookWith } from '../support/workbooks.ts';

const nextLead = sampleLeads(950);
let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});

async function choose(page: Page, name: string, content: Uint8Array): Promise<void> {
  await page.getByLabel('Procedure', { exact: true }).fill('lead');
  await page.locator('#file').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
}

const next = (page: Page) => page.getByRole('button', { name: 'Continue' }).click();

describe('a workbook', () => {
  test('is read beside the page: sheet and header row are chosen, and failed rows are a workbook again', async () => {
    const [known] = [nextLead()];
    const Leads = [
      textRow(1, 'Kunden im November'),
      textRow(3, 'lead_id', 'city', 'score'),
      textRow(4, `${known}`, 'Köln', '5'),
      `<row r="5"><c t="inlineStr"><is><t>NO-LEAD</t></is></c><c t="inlineStr"><is><t>München</t></is></c><c><v>14507</v></c></row>`,
    ].join('');
    const bytes = await workbookWith({ sheets: { Kunden: Leads, Archiv: textRow(1, 'lead_id', 'city') } });
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'Kunden.xlsx', bytes);
    await page.getByText('Row 3 names the columns').waitFor();
    expect(await page.getByLabel('Sheet', { exact: true }).locator('option').allTextContents()).toEqual([
      'Kunden',
      'Archiv',
    ]);
    await page.getByLabel('Row that names the columns').selectOption('1');
    await page.getByText('Row 1 names the columns').waitFor();
    await page.getByLabel('Row that names the columns').selectOption('3');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(page)).toBe(0);
    await next(page);
    await page.getByText('2 rows, 3 columns').waitFor();
    await page.getByRole('button', { name: 'Check 2 rows' }).click();
    await page.getByText('How the sheet is read').click();
    await page.getByText('score: numbers, read by value, such as 14507.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download 1 row with errors' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Kunden.failed.xlsx');
    const failed = readFileSync(await download.path());
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await choose(page, 'Kunden.failed.xlsx', failed);
    await page.getByText('Row 1 names the columns').waitFor();
    await next(page);
    await page.getByText('1 row, 5 columns').waitFor();
    await page.getByText('München').waitFor();
  });
});

describe('a file', () => {
  test('that is not UTF-8 shows how it would read in Windows-1252, and is read so where the user agrees', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(
      page,
      'leads.csv',
      Buffer.from(`lead_id;Ort des n\xe4chsten Termins\n${nextLead()};K\xf6ln\n`, 'latin1'),
    );
    await page.getByText('The letters of the file are not clear.').waitFor();
    await page.getByRole('cell', { name: 'Köln' }).waitFor();
    await next(page);
    await page.getByText('Look at the message about the file.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Read as Windows-1252' }).click();
    await page.getByText('The file is read as Windows-1252.').waitFor();
    await next(page);
    await page.getByText('1 row, 2 columns').waitFor();
    await page.getByText('Köln').waitFor();
  });

  test('that is something else under its name is told by what it is', async () => {
    await using visited = await visit(browser, { key: KEYS.local });
    const { page } = visited;
    await choose(page, 'leads.csv', Buffer.from('%PDF-1.7\n'));
    await page
      .getByText('The file is a PDF document. Export the data as CSV or .xlsx from its source.')
      .waitFor();
  });
});
