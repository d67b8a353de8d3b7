import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lead, sampleLeads } from '../support/api.ts';
import { place, told } from '../support/bulk-place.ts';
import { SPREADSHEETS, savedAsText } from '../support/spreadsheets.ts';
import { textRow, workbookWith } from '../support/workbooks.ts';

const nextLead = sampleLeads(1_100);

describe('failed rows of a CSV, opened and saved by a spreadsheet', () => {
  test.for(SPREADSHEETS)('%s', async (spreadsheet) => {
    const keys = [nextLead(), nextLead(), nextLead()];
    const city = 'Größenwörth; am "Übersee"';
    const rows = [
      ['lead_id', 'Größe', 'city', 'Nächster Termin'],
      [keys[0], 'viele', city, '24.11.2026'],
      [keys[1], '1.234,5', 'Straße', ''],
      [keys[2], '12', 'Weiß', '24.11.2026'],
    ];
    const text = rows
      .map((row) => row.map((cell) => `"${cell?.replaceAll('"', '""')}"`).join(';'))
      .join('\n');
    const { run, read, type, cwd } = place({ 'Größen.csv': `${text}\n` });
    const flags = ['--map', 'Größe=score', '--map', 'Nächster Termin=nextActionAt'];
    const where = ['--locale', 'de', '--time-zone', 'Europe/Berlin', '--watch'];
    const first = await run('submit', 'Größen.csv', '-p', 'lead', ...flags, ...where);
    expect(first.stdout).toContain('The failed rows (2 of 3) are in Größen.failed.csv.');

    const failed = read('Größen.failed.csv');
    expect(failed).toMatch(/^\uFEFFlead_id;Größe;/);
    const saved = savedAsText(failed.replace('viele', '7').replace('1.234,5', '1.234'), spreadsheet);
    writeFileSync(join(cwd, 'Größen.failed.csv'), saved);
    let second = await type(told(first.stdout));
    if (spreadsheet === 'Excel, "CSV"') {
      expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('--encoding windows-1252') });
      second = await type(`${told(first.stdout)} --encoding windows-1252`);
    }
    expect(second, second.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^applied +2\n/) });
    const MIDNIGHT = Date.UTC(2026, 10, 23, 23);
    expect(await lead(keys[0] ?? '')).toMatchObject({ data: { score: 7, city }, nextActionAt: MIDNIGHT });
    expect((await lead(keys[1] ?? '')).data).toMatchObject({ score: 1234, city: 'Straße' });
  });
});

test('a date with a time of a workbook has no time zone, which is asked for before anything is sent', async () => {
  const key = nextLead();
  const moment = '<c s="1"><v>46350.604166666664</v></c>';
  const sheet = `${textRow(1, 'lead_id', 'nextActionAt')}<row r="2"><c t="inlineStr"><is><t>${key}</t></is></c>${moment}</row>`;
  const { run } = place({
    'Termine.xlsx': await workbookWith({ sheets: { Termine: sheet }, formats: ['dd.mm.yyyy hh:mm'] }),
  });
  const submit = (...flags: string[]) => run('submit', 'Termine.xlsx', '-p', 'lead', '--watch', ...flags);
  for (const flags of [[], ['--locale', 'de']]) {
    const refused = await submit(...flags);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Nothing was sent\.\n/) });
    expect(refused.stderr).toContain(
      'The column "nextActionAt" has local times, such as "2026-11-24T14:30:00" (row 2). Say where they are with a time zone: --time-zone,',
    );
  }
  const zones = { 'Europe/Berlin': 13.5, 'America/New_York': 19.5 };
  for (const [zone, hours] of Object.entries(zones)) {
    const applied = await submit('--time-zone', zone);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(applied.stderr).toContain('"nextActionAt": 2026-11-24T14:30:00 is read as ');
    expect(await lead(key)).toMatchObject({ nextActionAt: Date.UTC(2026, 10, 24) + hours * 3_600_000 });
  }
});
