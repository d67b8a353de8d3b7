import { expect, test } from 'vitest';
import type { Entry } from '../../../../../lib/client/index.ts';
import { failedRowsFile } from '../../../../../lib/console/model/failed-rows.ts';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { rowsOf } from '../../../../../lib/console/model/source.ts';
import { resultOf } from '../../../../support/sliced.ts';
import { textRow, type WorkbookParts, workbookWith } from '../../../../support/workbooks.ts';

const columns = [
  { is: 'identifier', name: 'lead_id' },
  { is: 'attribute', name: 'born', type: 'date' },
] as const;
const BORN = `${textRow(1, 'lead_id', 'born')}<row r="5"><c t="inlineStr"><is><t>007</t></is></c><c s="1"><v>46350</v></c></row>`;

async function read(parts: WorkbookParts, options = {}, name = 'leads.xlsx') {
  const source = await readSource(new File([await workbookWith(parts)], name), options);
  if (source.format !== 'csv') throw new Error('a table was expected');
  return source;
}

test('a sheet is read as a table, with how its cells were read', async () => {
  const source = await read({ sheets: { Leads: BORN }, formats: [14] });
  expect(source).toMatchObject({
    head: { headers: ['lead_id', 'born'] },
    records: [{ record: ['007', '2026-11-24'], line: 5, exact: new Set([1]) }],
    sheet: { name: 'Leads', readings: [[], ['born: 1 date, read as 2026-11-24.']], notices: [] },
  });
  expect(resultOf(rowsOf(source, columns, '\\N'))).toMatchObject([
    { line: 5, text: '{"lead_id":"007","data":{"born":"2026-11-24"}}' },
  ]);
});

test('failed rows of a sheet are a workbook that is read as the sheet was', async () => {
  const source = await read({ sheets: { Kunden: BORN }, formats: [14] });
  const entry: Entry = {
    ...{ index: 0, identifier: { lead_id: '007' }, completionStatus: 'ERROR', outcome: null },
    errors: [{ code: 'PROCESS_NOT_FOUND', message: 'There is none.' }],
  } as unknown as Entry;
  const { name, content } = await failedRowsFile(source, resultOf(rowsOf(source, columns, '\\N')), [entry]);
  expect(name).toBe('leads.failed.xlsx');
  expect(await readSource(new File([content], name))).toMatchObject({
    head: { headers: ['lead_id', 'born', '_error_code', '_error_message'] },
    records: [{ record: ['007', '2026-11-24', 'PROCESS_NOT_FOUND', 'There is none.'], exact: new Set([1]) }],
    sheet: { name: 'Kunden' },
  });
});

test('the sheet and the header row are those that are chosen', async () => {
  const sheets = {
    A: `${textRow(1, 'x', 'y')}${textRow(2, 'lead_id', 'city')}${textRow(3, 'A', 'Goa')}`,
    B: BORN,
  };
  expect((await read({ sheets }, { sheet: 'B' })).head.headers).toEqual(['lead_id', 'born']);
  expect((await read({ sheets }, { headerRow: 2 })).head.headers).toEqual(['lead_id', 'city']);
});

test('rows that cannot be sent have the numbers of the sheet', async () => {
  const Leads = `${textRow(1, 'lead_id', 'born')}<row r="9"><c r="B9" t="e"><v>#REF!</v></c></row>`;
  const source = await read({ sheets: { Leads } });
  expect(() => resultOf(rowsOf(source, columns, '\\N'))).toThrow(
    'Row 9 has the error #REF! in B9.\nCorrect the cell, or clear it.',
  );
  await expect(read({ sheets: { Leads: textRow(1, 'lead_id') } })).rejects.toThrow(
    'The sheet has no rows below its header row.',
  );
});

// A text that all cells share makes gigabytes of a small file.
test('a sheet that a browser cannot hold is refused', async () => {
  const cell = '<c t="s"><v>0</v></c>';
  const Leads = `${textRow(1, 'a')}${`<row>${cell}</row>`.repeat(4000)}`;
  const bomb = read({ sheets: { Leads }, texts: `<si><t>${'x'.repeat(30_000)}</t></si>` });
  await expect(bomb).rejects.toThrow(
    'The sheet is larger than a browser can hold. Send it with the command line',
  );
});
