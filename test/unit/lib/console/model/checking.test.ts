import { expect, test } from 'vitest';
import {
  cellsAt,
  checkAgain,
  corrected,
  correctedRecords,
  edited,
  sendableRows,
  startCheck,
  withEntries,
  withReplaced,
} from '../../../../../lib/console/model/checking.ts';
import type { CsvSource } from '../../../../../lib/console/model/source.ts';
import { dryRunEntry as entry } from '../../../../support/entry.ts';

const row = (line: number, ...cells: string[]) => ({ line, text: '{}', cells });
const started = startCheck([row(2, 'A', 'x'), row(3, 'B', 'y'), row(4, 'C', 'x')]);
const check = { ...started, rowChecks: [entry(0), entry(1), entry(2)], pending: [] };

test('results go to the rows that are to be checked, in their order', () => {
  const first = { ...started, ...withEntries(started, [entry(0), entry(1)]) };
  expect(first).toMatchObject({ rowChecks: [{ index: 0 }, { index: 1 }], pending: [2] });
  const again = { ...check, pending: [0, 2] };
  const results = [entry(0, { outcome: 'UNCHANGED' }), entry(1, { outcome: 'SUPERSEDED' })];
  expect(withEntries(again, results)).toMatchObject({
    ...{
      pending: [],
      rowChecks: [{ outcome: 'UNCHANGED' }, { outcome: 'APPLIED' }, { outcome: 'SUPERSEDED' }],
    },
  });
});

test('a check that begins anew keeps the corrections, and nothing that was known', () => {
  const one = { ...check, ...edited(check, 1, ['B', 'z']), round: 3 };
  expect(checkAgain(one)).toEqual({
    ...{ rows: check.rows, rowChecks: [], pending: [0, 1, 2], corrections: one.corrections, round: 4 },
  });
});

test('more results than rows are left', () => {
  expect(withEntries({ ...check, pending: [1] }, [entry(0), entry(1)]).rowChecks).toHaveLength(3);
});

test('a cell that is as before is no correction', () => {
  const one = { ...check, ...edited(check, 1, ['B', 'z']) };
  expect(cellsAt(one, 1)).toEqual(['B', 'z']);
  expect(cellsAt(one, 0)).toEqual(['A', 'x']);
  expect(sendableRows(one)).toEqual([]);
  expect(edited(one, 1, ['B', 'y']).corrections.size).toBe(0);
});

test('one value replaces the cells of many rows, and keeps what is corrected beside them', () => {
  const one = { ...check, ...edited(check, 0, ['A2', 'x']) };
  expect([...withReplaced(one, [0, 2], 1, 'z')]).toEqual([
    [0, ['A2', 'z']],
    [2, ['C', 'z']],
  ]);
});

test('corrected records come in the order of the file, and a typed cell is no value of a workbook', () => {
  const records = [
    { record: ['A', '1'], line: 2, exact: new Set([0, 1]) },
    { record: ['B', '2'], line: 3 },
  ];
  const corrections = new Map([
    [1, ['B', '3']],
    [0, ['A', '4']],
  ]);
  expect(correctedRecords({ records } as unknown as CsvSource, corrections)).toEqual([
    { record: ['A', '4'], line: 2, exact: new Set([0]) },
    { record: ['B', '3'], line: 3 },
  ]);
});

test('rows that would not be applied are not sent, and none while one is to be checked', () => {
  const invalid = entry(1, { completionStatus: 'INVALID', outcome: null });
  const partly = { ...check, rowChecks: [entry(0), invalid, entry(2, { outcome: 'UNCHANGED' })] };
  expect(sendableRows(partly).map(({ line }) => line)).toEqual([2, 4]);
  expect(sendableRows({ ...partly, pending: [1] })).toEqual([]);
});

test('what was wrong with a row is not said of its corrected cells, before they are checked', () => {
  const source = {
    format: 'csv',
    records: started.rows.map(({ line, cells }) => ({ record: [...cells], line })),
  };
  const flow = { ...check, source: source as unknown as CsvSource, correctedCells: 0 };
  const next = corrected(flow, new Map([[1, ['B', 'z']]]), [row(3, 'B', 'z')]);
  expect(next).toMatchObject({ pending: [1], correctedCells: 1 });
  expect(next.rowChecks).toHaveLength(3);
  expect(next.rowChecks[1]).toBeUndefined();
  expect(next.rowChecks[2]).toBe(check.rowChecks[2]);
});
