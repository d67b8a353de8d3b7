import { expect, test } from 'vitest';
import type { SheetFacts } from '../../../../lambdas/rows/xlsx-sheet.ts';
import { openWorkbook } from '../../../../lambdas/rows/xlsx-workbook.ts';
import { textRow, type WorkbookParts, workbookWith } from '../../../support/workbooks.ts';

/** The rows of the first sheet: number and texts by column. */
async function rows(parts: WorkbookParts, facts?: SheetFacts): Promise<[number, string[]][]> {
  const workbook = await openWorkbook(new Blob([await workbookWith(parts)]));
  const [sheet] = workbook.sheets;
  if (sheet === undefined) throw new Error('a sheet was expected');
  const found = await Array.fromAsync(workbook.rows(sheet, facts));
  return found.map(({ number, cells }) => [number, cells.map(({ column, text }) => `${column}:${text}`)]);
}

test('cells and rows without a reference stand behind the one before', async () => {
  const Leads =
    '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="5"><c><v>4</v></c></row><row><c><v>5</v></c></row>';
  expect(await rows({ sheets: { Leads } })).toEqual([
    [1, ['0:1', '3:2', '4:3']],
    [5, ['0:4']],
    [6, ['0:5']],
  ]);
});

test('rows and cells that have a format but no value are left out', async () => {
  const Leads = `<row r="1"><c r="A1" s="1"/><c r="B1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="2"><c r="A2" s="1"/></row>${textRow(3, ' ', '')}`;
  expect(await rows({ sheets: { Leads } })).toEqual([[1, ['1:1']]]);
});

// https://github.com/shuchkin/simplexlsx/issues/168, https://github.com/SheetJS/sheetjs/issues/1363
test.for(['A1:XFD1048576', 'A1:AML1048576', 'A1:XFE16777217', '__proto__', ''])(
  'a sheet that says of itself to be %j costs no more than its cells',
  async (ref) => {
    const before = `<dimension ref="${ref}"/><cols><col min="12" max="16384" width="9" style="2"/></cols>`;
    const Leads = `${textRow(1, 'lead_id')}<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>`;
    expect(await rows({ sheets: { Leads }, before })).toEqual([
      [1, ['0:lead_id']],
      [1_048_576, ['16383:7']],
    ]);
  },
);

test.for<[string, string]>([
  ['<row r="1048577"/>', 'row 1048577 comes after row 0'],
  ['<row r="0"/>', 'row 0 comes after row 0'],
  ['<row r="x"/>', 'row x comes after row 0'],
  ['<row r="2"/><row r="2"/>', 'row 2 comes after row 2'],
  // https://github.com/developer0hye/office2pdf/issues/1703
  ['<row r="1"><c r="XFE1"/></row>', 'row 1 has a cell XFE1 out of place'],
  ['<row r="1"><c r="B1"/><c r="A1"/></row>', 'row 1 has a cell A1 out of place'],
  ['<row r="1"><c r="__proto__"/></row>', 'it has a cell __proto__'],
  ['<row r="1"><c t="s"><v>5</v></c></row>', 'it has no text 5'],
  ['<row r="1"><c t="s"><v>length</v></c></row>', 'it has no text length'],
])('%s is a damaged workbook', async ([Leads, message]) => {
  await expect(rows({ sheets: { Leads } })).rejects.toThrow(`The workbook is damaged: ${message}.`);
});

test('texts come without formats of letters and without phonetic text', async () => {
  // https://github.com/doy/spreadsheet-parsexlsx/issues/72
  const phonetic = '<rPh sb="0" eb="3"><t>ニホンゴ</t></rPh><phoneticPr fontId="1"/>';
  const texts = `<si><t>日本語</t>${phonetic}</si><si><r><rPr><b/></rPr><t>Mül</t></r><r><t xml:space="preserve">ler </t></r>${phonetic}</si><si/>`;
  const Leads = `<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="inlineStr"><is><r><t>a</t></r><r><t>_x000D_b</t></r>${phonetic}</is></c></row>`;
  expect(await rows({ sheets: { Leads }, texts })).toEqual([[1, ['0:日本語', '1:Müller ', '3:a\rb']]]);
});

test('what hides rows and columns, and merged cells, are facts of a sheet', async () => {
  const facts: SheetFacts = { hiddenColumns: [], mergedTo: [], hasFilter: false };
  await rows(
    {
      before: '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4"/></cols>',
      behind:
        '<autoFilter ref="A1:C9"/><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A4:A6"/></mergeCells>',
    },
    facts,
  );
  expect(facts).toEqual({ hiddenColumns: [[1, 2]], mergedTo: [1, 6], hasFilter: true });
});
