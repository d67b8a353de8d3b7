import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openTable } from '../../../../lambdas/rows/xlsx-table.ts';
import { openWorkbook } from '../../../../lambdas/rows/xlsx-workbook.ts';
import { textRow, type WorkbookParts, workbookWith } from '../../../support/workbooks.ts';

const folder = fileURLToPath(new URL('../../../fixtures/workbooks/', import.meta.url));
const open = async (parts: WorkbookParts) => openWorkbook(new Blob([await workbookWith(parts)]));

/** The header and the first records of a workbook that another program wrote. */
async function written(name: string) {
  const table = await openTable(await openWorkbook(new Blob([readFileSync(`${folder}${name}.xlsx`)])));
  const records = await Array.fromAsync(table.records());
  return { headers: table.head.headers, records: records.map(({ record }) => record) };
}

test('sheets are listed in the order of their tabs, hidden ones too, and charts are none', async () => {
  const workbook = await open({
    sheets: { 'Daten &amp; mehr': '', Kunden: '', Alt: '' },
    attributes: { Kunden: 'state="hidden"', Alt: 'state="veryHidden"' },
  });
  expect(workbook.sheets).toEqual([
    { name: 'Daten & mehr', isHidden: false, path: 'xl/worksheets/sheet1.xml' },
    { name: 'Kunden', isHidden: true, path: 'xl/worksheets/sheet2.xml' },
    { name: 'Alt', isHidden: true, path: 'xl/worksheets/sheet3.xml' },
  ]);
  const relations =
    '<Relationships><Relationship Id="s0" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>';
  await expect(open({ parts: { 'xl/_rels/workbook.xml.rels': relations } })).rejects.toThrow(
    'The workbook has no sheet with cells. Add one.',
  );
});

test('links to other files are not followed', async () => {
  const relations = `<Relationships><Relationship Id="s0" Type="x/worksheet" Target="http://127.0.0.1:1/sheet.xml" TargetMode="External"/></Relationships>`;
  await expect(open({ parts: { 'xl/_rels/workbook.xml.rels': relations } })).rejects.toThrow(
    'no sheet with cells',
  );
});

test('a sheet that lies nowhere is a damage', async () => {
  const relations =
    '<Relationships><Relationship Id="s0" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>';
  const workbook = await open({ parts: { 'xl/_rels/workbook.xml.rels': relations } });
  await expect(openTable(workbook)).rejects.toThrow('The workbook is damaged: it lacks etc/passwd.');
});

test('dates are of the system that the workbook names', async () => {
  const Leads = `${textRow(1, 'lead_id')}<row r="2"><c s="1"><v>44888</v></c></row>`;
  for (const [is1904, day] of [
    [true, '2026-11-24'],
    [false, '2022-11-23'],
  ] as const) {
    const table = await openTable(await open({ sheets: { Leads }, formats: ['dd.mm.yyyy'], is1904 }));
    expect((await Array.fromAsync(table.records()))[0]?.record).toEqual([day]);
  }
});

test('workbooks of other programs are read as those show them', async () => {
  expect(await written('currency-formats-xlsx')).toEqual({
    headers: ['product', 'cost_EUR', 'cost_CHF', 'cost_mixed'],
    records: [
      ['apple', '0.5', '0.5', '0.5'],
      ['software', '10000', '10000', '10000'],
    ],
  });
  expect((await written('dates-1900-LibreOffice')).headers).toEqual([
    '2000-01-01',
    '2000-01-01',
    '2000-01-01',
    '2000-01-01',
    '2000-01-01T00:00:00',
  ]);
  const iris = await written('iris-google-doc');
  expect(iris.records).toHaveLength(150);
  expect(iris.records[0]).toEqual(['5.1', '3.5', '1.4', '0.2', 'setosa']);
  expect((await written('new_line_errors')).records[0]?.[0]).toMatch(
    /^first line of text \r\nsecond line of text \r\n/,
  );
  expect((await written('no-styles-or-sharedStrings-parts')).records[0]).toEqual([
    'german',
    '73',
    '0.143292665',
  ]);
  expect(await written('nonstandard-xml-ns-prefix')).toEqual({
    headers: ['a', 'b'],
    records: [
      ['1', '3'],
      ['2', '4'],
    ],
  });
});
