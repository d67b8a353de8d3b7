import { expect, test } from 'vitest';
import { rowFiles } from '../../../support/row-files.ts';
import { textRow, type WorkbookParts, workbookWith } from '../../../support/workbooks.ts';

const { open } = rowFiles();
const FORMATS = ['dd.mm.yyyy', 'hh:mm', '0%', '0000', 'dd.mm.yyyy hh:mm', '[h]:mm'];

async function warnings(row: string, parts: WorkbookParts = {}, options = {}) {
  const Leads = `${textRow(1, 'lead_id', 'city')}${row}`;
  return (
    await open(await workbookWith({ sheets: { Leads }, formats: FORMATS, ...parts }), options, 'a.xlsx')
  ).warnings;
}

const value = (style: number, content: string) =>
  `<row><c t="inlineStr"><is><t>A</t></is></c><c s="${style}"><v>${content}</v></c></row>`;

test.for([
  [1, '46350', 'city: 1 date, read as 2026-11-24.'],
  [2, '0.5', 'city: 1 time, read as 12:00:00.'],
  [3, '0.25', 'city: 1 percentage, read by value, such as 0.25.'],
  [4, '7', 'city: 1 number, read with the leading zeros that are shown, such as 0007.'],
  [5, '46350.5', 'city: 1 date with a time, read as 2026-11-24T12:00:00; workbooks have no time zone.'],
  [6, '1.5', 'city: 1 duration, read as 36:00:00.'],
  [0, '14507.5', 'city: numbers, read by value, such as 14507.5.'],
] as const)('with the format %i, %s is told as: %s', async ([style, content, notice]) => {
  expect(await warnings(value(style, content))).toEqual([notice]);
});

test('cells are counted by kind, and columns that are not sent do not count', async () => {
  const rows = value(1, '46350').repeat(3000);
  expect(await warnings(rows)).toEqual(['city: 3,000 dates, read as 2026-11-24.']);
  expect(await warnings(`${rows}${value(0, '5')}`)).toEqual([
    'city: 3,000 dates, read as 2026-11-24.',
    'city: numbers, read by value, such as 5.',
  ]);
  const Leads = `${textRow(1, 'lead_id', 'note', 'city')}${rows}`;
  expect(await warnings('', { sheets: { Leads } }, { ignoreUnknownColumns: true })).toEqual([
    'Omitted, as unknown columns: "note".',
  ]);
});

test('what may be lost is warned of, with its rows', async () => {
  expect(
    await warnings(`${value(1, '46350.5')}${value(2, '46350.5')}${value(0, '1234567890123450')}`),
  ).toEqual([
    'city: 1 date, read as 2026-11-24.',
    'city: 1 time, read as 12:00:00.',
    'city: numbers, read by value, such as 1234567890123450.',
    'Warning: city: numbers with more than 15 digits are read as the workbook has them, and spreadsheets replace further digits by zeros (row 4).',
    'Warning: city: dates have a time that is not shown. It is left out (row 2).',
    'Warning: city: times have a date that is not shown. It is left out (row 3).',
  ]);
});

test('what is hidden is told, and merged cells', async () => {
  const hidden = textRow(2, 'A', 'Goa').replace('<row', '<row hidden="1"');
  expect(
    await warnings(hidden, {
      before: '<cols><col min="2" max="2" hidden="1"/></cols>',
      behind: '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B2:B3"/></mergeCells>',
    }),
  ).toEqual([
    'Hidden rows are sent, too (row 2). Delete them to leave them out.',
    'Hidden columns are sent, too: "city".',
    'Warning: only the first cell of merged cells has their value (1 below the header row). The others are empty.',
  ]);
  expect(await warnings(hidden, { behind: '<autoFilter ref="A1:B2"/>' })).toEqual([
    'Rows that a filter hides are sent, too (row 2). Delete them to leave them out.',
  ]);
});

test('a warning of a cell names its row', async () => {
  expect(await warnings(textRow(7, 'A ', 'MÃ¼nchen'))).toEqual([
    'Warning: keys with spaces around them or invisible characters are sent unchanged (row 7).',
    expect.stringContaining('"MÃ¼nchen" may have been "München" (row 7).'),
  ]);
});
