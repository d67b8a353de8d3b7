import { describe, expect, test } from 'vitest';
import type { Column } from '../../../../lambdas/rows/column.ts';
import { rowReader } from '../../../../lambdas/rows/csv-format.ts';
import { failedText, goa, pune, rowFiles } from '../../../support/row-files.ts';

const { open, items } = rowFiles();

describe('columns and rows', () => {
  test.for([
    'lead_id,city,,\nA,Goa,,\nB,Pune,,\n',
    'lead_id,city,,\nA,Goa\nB,Pune,\n',
    'lead_id,city\nA,Goa,,\nB,Pune, \n',
    'lead_id,,city\nA,,Goa\nB,,Pune\n',
    ',,\nlead_id,city,\nA,Goa,\nB,Pune,\n',
  ])('without a name and without any text do not count: %j', async (text) => {
    expect((await items(text)).map(([, item]) => item)).toEqual([goa, pune]);
  });

  test('without a name but with text are told by their place, and the remedy helps', async () => {
    const text = 'lead_id,city,,\nA,Goa,,\nB,Pune,,x\n';
    await expect(open(text)).rejects.toThrow(
      'Line 3 has text in column 4, which has no name.\nName the column in the header, or omit columns without a name with --map "=".',
    );
    expect(await items(text, { map: new Map([['', '']]) })).toHaveLength(2);
    expect(await items(text.replace(',,\n', ',,phone_number\n'))).toHaveLength(2);
  });

  test.for([
    ['lead_id,city,score\nA,Goa\n', 'Line 2 has 2 cells; the header has 3.\nQuote cells'],
    ['lead_id,city\nA\n', 'Line 2 has 1 cell; the header has 2.\nQuote cells'],
    ['lead_id,city\nA,Goa,x\n', 'Line 2 has 3 cells; the header has 2.\nQuote cells'],
  ] as const)('of another length than the first are refused: %j', async ([text, message]) => {
    await expect(open(text)).rejects.toThrow(message);
  });

  test('that lack cells at the end have empty ones where that is asked for, and no row has too many', async () => {
    const padShortRows = true;
    expect(await items('lead_id,city,score\nA,Goa\nB,,5\n', { padShortRows })).toEqual([
      [2, goa],
      [3, { lead_id: 'B', data: { score: '5' } }],
    ]);
    await expect(open('lead_id,city\nA,Goa,x\n', { padShortRows })).rejects.toThrow('Line 2 has 3 cells');
    const input = await open('lead_id,city,score\nA\n', { padShortRows });
    expect(await failedText(input, [{ code: 'X', message: 'Y.' }])).toMatch(/\nA,,,X,Y\.\n$/);
  });

  test('that are unknown are left out and told where that is asked for', async () => {
    const input = await open('lead_id,city,town,Note\nA,Goa,x,y\n', { ignoreUnknownColumns: true });
    expect(input.warnings).toEqual(['Omitted, as unknown columns: "town", "Note".']);
    expect((await Array.fromAsync(input.rows())).map(({ text }) => JSON.parse(text))).toEqual([goa]);
  });
});

describe('cells', () => {
  test.for(['null', ' null '])('%j never clears, though the column holds JSON', async (cell) => {
    for (const column of ['extra', 'tags']) {
      await expect(open(`lead_id,${column}\nA,"${cell}"\n`)).rejects.toThrow(
        `Line 2 has null in the column ${column}, which would clear it.\nWrite \\N to clear a field, or the JSON text "null", which is """null""" in a CSV.`,
      );
    }
    expect(await items(`lead_id,city\nA,"${cell}"\n`)).toMatchObject([[2, { data: { city: cell } }]]);
  });

  test('that are told to write instead are what they say', async () => {
    expect(await items('lead_id,extra\nA,\\N\nB,"""null"""\n')).toEqual([
      [2, { lead_id: 'A', data: { extra: null } }],
      [3, { lead_id: 'B', data: { extra: 'null' } }],
    ]);
  });

  test.for(['NaN', 'undefined', 'None', 'NULL', '#N/A', 'Infinity'])('%s is a text', async (cell) => {
    expect(await items(`lead_id,score,extra\nA,${cell},${cell}\n`)).toEqual([
      [2, { lead_id: 'A', data: { score: cell, extra: cell } }],
    ]);
  });

  test.for(['1.23E+15', '1,23E+15', '5.03E+02', '1E+11'])('a key that became %s is refused', async (cell) => {
    await expect(open(`lead_id;city\n${cell};Goa\n`)).rejects.toThrow(
      `Line 2 has ${cell} as its lead_id, to which a spreadsheet shortened a longer number.\nFormat the column as text`,
    );
    const line = JSON.stringify({ lead_id: cell, data: { city: 'Goa' } });
    expect(await items(line, {}, 'as-told.ndjson')).toHaveLength(1);
  });
});

test('cells that are values of a workbook stay known as such in their row', () => {
  const exact = new Set([1]);
  const columns = [
    { is: 'identifier', name: 'lead_id' } as const,
    { is: 'field', name: 'nextActionAt' } as const,
  ];
  const rowOf = rowReader({ headers: ['lead_id', 'nextActionAt'], delimiter: ',' }, columns, {
    clearMarker: '\\N',
  });
  expect(rowOf({ record: ['A', '2026-11-24'], line: 2, exact })).toMatchObject({ exact });
  expect(rowOf({ record: ['A', '24.11.2026'], line: 3 })).not.toHaveProperty('exact');
});

describe('a column that is expected and not sent', () => {
  const columns: Column[] = [
    { is: 'identifier', name: 'lead_id' },
    { is: 'left out', expects: { is: 'attribute', name: 'tags', type: 'json' } },
    { is: 'left out' },
  ];
  const read = rowReader({ headers: ['lead_id', 'Tags', 'Note'], delimiter: ',' }, columns, {
    clearMarker: '\\N',
  });

  test('has no null, which would mean no value', () => {
    expect(read({ record: ['A', 'null', 'null'], line: 2 })).toMatchObject({
      ...{ line: 2, fault: 'has null in the column tags, which would mean no value' },
    });
  });

  test('has no cell that a workbook could not read', () => {
    const fault = ['has #N/A in B2', 'Correct it.'] as const;
    const record = { record: ['A', '', ''], line: 2 };
    expect(read({ ...record, faults: new Map([[1, fault]]) })).toMatchObject({ fault: fault[0] });
    expect(read({ ...record, faults: new Map([[2, fault]]) })).not.toHaveProperty('fault');
  });
});
