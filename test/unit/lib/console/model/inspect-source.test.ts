import { expect, test } from 'vitest';
import { inspectSource } from '../../../../../lib/console/model/inspect-source.ts';
import { textRow, workbookWith } from '../../../../support/workbooks.ts';

const inspect = (content: string | Uint8Array<ArrayBuffer>) => inspectSource(new File([content], 'a.csv'));

test('there is nothing to choose about UTF-8', async () => {
  expect(await inspect('lead_id,city\nA,Zürich\n')).toEqual({ is: 'clear' });
});

test('the cells of a file in Windows-1252 are shown as they would read, each text once', async () => {
  const text = 'lead_id;Straße\nA;Köln\nB;Goa\nC;Köln\nD;Œuvre\n';
  const bytes = Uint8Array.from(text, (letter) => (letter === 'Œ' ? 0x8c : letter.charCodeAt(0)));
  expect(await inspect(bytes)).toEqual({
    is: 'not UTF-8',
    message:
      'The file is not UTF-8: line 1, byte 13 (0xDF). It is probably Windows-1252, which spreadsheets call "CSV".',
    samples: [
      { line: 1, header: 'Straße', text: 'Straße' },
      { line: 2, header: 'Straße', text: 'Köln' },
      { line: 5, header: 'Straße', text: 'Œuvre' },
    ],
  });
});

test('a file that is neither is wrong', async () => {
  expect(await inspect(Uint8Array.of(0x61, 0x81))).toMatchObject({
    is: 'wrong',
    faults: [expect.stringContaining('0x81')],
  });
  expect(await inspect('%PDF-1.7')).toMatchObject({
    is: 'wrong',
    faults: [expect.stringContaining('a PDF document')],
  });
});

test('of a workbook the sheets with rows are shown, and the row that probably names the columns', async () => {
  const Leads = `${textRow(1, 'Leads of November')}${textRow(3, 'lead_id', 'city')}${textRow(4, 'A', 'x'.repeat(99))}`;
  const bytes = await workbookWith({
    sheets: { Leads, Empty: '', Archive: textRow(1, 'lead_id', 'city') },
    attributes: { Archive: 'state="hidden"' },
  });
  expect(await inspect(bytes)).toEqual({
    is: 'workbook',
    sheets: [
      {
        name: 'Leads',
        isHidden: false,
        headerRow: 3,
        rows: [
          { number: 1, cells: ['Leads of November'] },
          { number: 3, cells: ['lead_id', 'city'] },
          { number: 4, cells: ['A', `${'x'.repeat(60)} …`] },
        ],
      },
      { name: 'Archive', isHidden: true, headerRow: 1, rows: [{ number: 1, cells: ['lead_id', 'city'] }] },
    ],
  });
});
