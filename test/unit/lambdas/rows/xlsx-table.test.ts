import { expect, test } from 'vitest';
import { guessedHeaderRow } from '../../../../lambdas/rows/xlsx-table.ts';
import { rowFiles } from '../../../support/row-files.ts';
import { textRow, type WorkbookParts, workbookWith } from '../../../support/workbooks.ts';

const { open, items } = rowFiles();
const goa = { lead_id: 'A', data: { city: 'Goa' } };

async function read(parts: WorkbookParts, options = {}) {
  return items(await workbookWith(parts), options, 'a.xlsx');
}

async function warnings(parts: WorkbookParts, options = {}) {
  return (await open(await workbookWith(parts), options, 'a.xlsx')).warnings;
}

const TABLE = `${textRow(1, 'lead_id', 'city')}${textRow(2, 'A', 'Goa')}`;

test('rows have the numbers of the sheet, and those without text do not count', async () => {
  const Leads = `${textRow(3, 'lead_id', 'city')}${textRow(5, ' ', '')}${textRow(9, 'A', 'Goa')}`;
  expect(await read({ sheets: { Leads } })).toEqual([[9, goa]]);
});

test('titles above the header row are left out, and that is told', async () => {
  const Leads = `${textRow(1, 'Leads of November')}${textRow(2, 'as of', '24.11.2026')}${textRow(4, 'lead_id', 'city', 'score')}${textRow(5, 'A', 'Goa', '5')}`;
  expect(await read({ sheets: { Leads } })).toHaveLength(1);
  expect(await warnings({ sheets: { Leads } })).toEqual([
    'Row 4 names the columns. Choose another with --header-row.',
  ]);
  expect(await warnings({ sheets: { Leads } }, { headerRow: 4 })).toEqual([]);
});

test.for([
  [
    1,
    [
      ['t', 't'],
      ['t', 'n'],
      ['t', 'n'],
    ],
  ],
  [
    1,
    [
      ['t', 't'],
      ['t', 't'],
      ['t', 't'],
    ],
  ],
  // A column of remarks without a name.
  [
    1,
    [
      ['t', 't', 't', ''],
      ['t', 'n', 't', 't'],
    ],
  ],
  // Groups above the columns.
  [
    2,
    [
      ['t', '', 't', ''],
      ['t', 't', 't', 't'],
      ['t', 'n', 'n', 't'],
    ],
  ],
  // As deaths.xlsx of readxl: texts in nearly as many cells above.
  [3, [['t'], ['t', 't', '', 't'], ['t', 't', 't', 't'], ['t', 'n', 't', 't']]],
  // A note at the end of a row.
  [
    1,
    [
      ['t', 't', 't', 't', ''],
      ['t', 't', 't', 't', 't'],
    ],
  ],
  // Nothing looks like it.
  [
    1,
    [
      ['n', 'n'],
      ['t', 'n'],
    ],
  ],
] as const)('row %i is taken for the header row of %j', ([expected, sample]) => {
  const rows = sample.map((kinds, at) => ({
    number: at + 1,
    isHidden: false,
    cells: kinds.flatMap((kind, column) =>
      kind === ''
        ? []
        : [{ column, text: `${at} ${column}`, is: kind === 't' ? ('text' as const) : ('number' as const) }],
    ),
  }));
  expect(guessedHeaderRow(rows)).toBe(expected);
});

test.for([
  // A column without a name.
  ['lead_id', '', 'city', 'note'],
  ['lead_id', 'city', 'city', ''],
])('the row %j names the columns by names that are known, though it looks less like it', async (names) => {
  const Leads = `${textRow(1, 'Leads')}${textRow(2, ...names)}${textRow(3, 'A', 'b', 'c', 'd')}`;
  await expect(warnings({ sheets: { Leads } })).rejects.toThrow(/are those of row 2|called "city"/);
});

test('a title in a sheet of its own is told as a column, without the remedies of a CSV', async () => {
  const sheets = { Info: textRow(1, 'Leads of November'), Leads: TABLE };
  const error = await open(await workbookWith({ sheets }), {}, 'a.xlsx').catch(({ message }) => message);
  expect(error).toContain('Choose others with --sheet and --header-row.');
  expect(error).not.toContain('--delimiter');
});

test('a row is known by the names that the user gives to columns', async () => {
  const Leads = `${textRow(1, 'Nr', '', 'Ort', 'Ort')}${textRow(2, 'A', '', 'Goa', 'Pune')}${textRow(3, 'a', 'b', 'c', 'd')}`;
  await expect(
    warnings({ sheets: { Leads } }, { key: 'Nr', map: new Map([['Ort', 'city']]) }),
  ).rejects.toThrow('Several columns are called "Ort"');
});

test('columns that are unknown tell which row was taken to name them', async () => {
  const Leads = `${textRow(1, 'x', 'y')}${textRow(2, 'lead_id', 'Ort')}${textRow(3, 'A', 'Goa')}`;
  await expect(warnings({ sheets: { Leads } })).rejects.toThrow(
    'The columns are those of row 1 of the sheet "Leads". Choose others with --sheet and --header-row.',
  );
  expect(await read({ sheets: { Leads } }, { headerRow: 2, map: new Map([['Ort', 'city']]) })).toEqual([
    [3, goa],
  ]);
});

const SHEETS = {
  sheets: {
    Empty: '',
    Hidden: TABLE,
    Leads: TABLE,
    '02': `${textRow(1, 'lead_id', 'city')}${textRow(2, 'B', 'Pune')}`,
  },
  attributes: { Hidden: 'state="hidden"' },
};

test('the first sheet with rows is read unless it is hidden, and that is told', async () => {
  expect(await read(SHEETS)).toEqual([[2, goa]]);
  expect(await warnings(SHEETS)).toEqual([
    'The sheet "Leads" is read, not "Empty", "Hidden" (hidden), "02". Choose another with --sheet.',
  ]);
});

test.for([
  ['Leads', 'A'],
  ['leads', 'A'],
  ['hidden', 'A'],
  // A name counts before a number; hidden tabs have none.
  ['02', 'B'],
  ['3', 'B'],
])('the sheet %j is chosen', async ([sheet, lead_id]) => {
  expect(await read(SHEETS, { sheet })).toMatchObject([[2, { lead_id }]]);
  expect(await warnings(SHEETS, { sheet })).toEqual([]);
});

test.for([
  [
    { sheet: 'Laeds' },
    'The workbook has no sheet "Laeds". Did you mean "Leads"? Its sheets: "Empty", "Hidden" (hidden), "Leads", "02".',
  ],
  [{ sheet: '99' }, 'The workbook has no sheet "99". Its sheets: '],
  [{ sheet: '__proto__' }, 'The workbook has no sheet "__proto__".'],
  [{ sheet: 'Empty' }, 'The sheet "Empty" is empty. Its sheets: '],
  [{ headerRow: 5 }, 'Row 5 of the sheet "Leads" is empty. Choose the row that names the columns.'],
] as const)('with %j nothing is read', async ([choice, message]) => {
  await expect(warnings(SHEETS, choice)).rejects.toThrow(message);
});

test('a workbook without rows has none to send', async () => {
  await expect(warnings({ sheets: { A: '' } })).rejects.toThrow(
    'The workbook has no rows in a sheet that is shown. Its sheets: "A".',
  );
  await expect(warnings({ sheets: { A: textRow(1, 'lead_id', 'city') } })).rejects.toThrow(
    'The file has no items. Add a row.',
  );
});

test('cells that have no value are told by their address, with the remedy', async () => {
  const error =
    '<row r="7"><c r="A7" t="inlineStr"><is><t>A</t></is></c><c r="B7" t="e"><v>#N/A</v></c></row>';
  const formula = '<row r="8"><c r="A8" t="inlineStr"><is><t>A</t></is></c><c r="B8"><f>1+1</f></c></row>';
  const beyond = textRow(9, 'A', 'Goa', '', 'a note');
  const Leads = `${textRow(1, 'lead_id', 'city')}${error}${formula}${beyond}`;
  await expect(warnings({ sheets: { Leads } })).rejects.toThrow(
    [
      'Row 7 has the error #N/A in B7.',
      'Row 8 has a formula without a value in B8.',
      'Row 9 has text in D9, beyond the header row.',
      'Correct the cell, or clear it.',
      'Open the workbook in the spreadsheet, which computes its formulas, and save it.',
      'Name the column in the header row, or clear the cell.',
    ].join('\n'),
  );
  // A column that is not sent may be wrong.
  const map = new Map([
    ['city', ''],
    ['City', 'city'],
  ]);
  const Others = `${textRow(1, 'lead_id', 'city', 'City')}${error}`;
  expect(await read({ sheets: { Others } }, { map })).toEqual([[7, { lead_id: 'A' }]]);
  const header = '<row r="1"><c t="e"><v>#REF!</v></c></row>';
  await expect(warnings({ sheets: { Leads: header } }, { headerRow: 1 })).rejects.toThrow(
    'The header row has the error #REF! in A1.',
  );
});

test('rows may be shorter than the header row', async () => {
  const Leads = `${textRow(1, 'lead_id', 'city', 'score')}${textRow(2, 'A', 'Goa')}`;
  expect(await read({ sheets: { Leads } })).toEqual([[2, goa]]);
});

test('a file that is changed after it was opened is not sent', async () => {
  const input = await open(await workbookWith(), {}, 'changing.xlsx');
  await open(
    await workbookWith({ sheets: { Leads: `${TABLE}${textRow(3, 'B', 'Pune')}` } }),
    {},
    'changing.xlsx',
  );
  await expect(Array.fromAsync(input.rows())).rejects.toThrow(
    'The file has changed since it was opened, and nothing more was sent.',
  );
});
