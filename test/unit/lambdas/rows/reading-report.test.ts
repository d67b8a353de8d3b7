import { describe, expect, test } from 'vitest';
import type { Column, SentColumn } from '../../../../lambdas/rows/column.ts';
import type { Reading } from '../../../../lambdas/rows/reading.ts';
import { ReadingReport } from '../../../../lambdas/rows/reading-report.ts';

const amount = (reading: Reading): SentColumn => ({
  is: 'attribute',
  name: 'budget',
  type: 'decimal',
  reading,
});
const next = (reading: Reading): SentColumn => ({ is: 'field', name: 'nextActionAt', reading });

function reportOf(column: Column, cells: readonly string[], exact: readonly number[] = []): ReadingReport {
  const report = new ReadingReport(['Key', 'Col'], [{ is: 'identifier', name: 'lead_id' }, column], '\\N');
  for (const [position, cell] of cells.entries()) {
    const isExact = exact.includes(position);
    report.take({ cells: ['A', cell], line: position + 2, ...(isExact && { exact: new Set([1]) }) });
  }
  return report;
}

test('what is read and what is not is told with a sample, how many cells, and their lines', () => {
  const report = reportOf(amount({ number: '1.234,50' }), ['3', '1.234,50', 'viele', '', '\\N', '14,5', '?']);
  expect(report.messages()).toEqual([
    '"Col": 1.234,50 is read as 1234.50 (2 cells).',
    'Warning: "Col": 2 cells are not a number like 1.234,50, and sent unchanged, such as "viele" (lines 4, 8).',
  ]);
  expect(report.faults()).toEqual([]);
});

test('nothing is told of cells that stay as they are, nor of a column without a reading', () => {
  expect(reportOf(amount({ number: '1.234,50' }), ['3', '4']).messages()).toEqual([]);
  expect(reportOf({ is: 'field', name: 'state' }, ['new']).messages()).toEqual([]);
  expect(reportOf({ ...next({}), reading: { values: { a: 'b' } } }, ['1795474800000']).messages()).toEqual(
    [],
  );
});

test('rows of a sheet are called rows', () => {
  const column = amount({ number: '1.234,50' });
  const report = new ReadingReport(['Col'], [column], '\\N', 'row');
  report.take({ cells: ['viele'], line: 2 });
  expect(report.messages()).toEqual([expect.stringContaining('(row 2)')]);
});

test('a moment is told as a time, too', () => {
  const reading: Reading = { date: 'dmy', locale: 'de', timeZone: 'Europe/Berlin' };
  expect(reportOf(next(reading), ['24.11.2026 14:30', '31.02.2026']).messages()).toEqual([
    '"Col": 24.11.2026 14:30 is read as 1795527000000, which is 2026-11-24T14:30+01:00 (1 cell).',
    'Warning: "Col": 1 cell is not a date with the day first, and sent unchanged: "31.02.2026" (line 3).',
  ]);
});

test('booleans as the API takes them are not told as unread', () => {
  const column: SentColumn = {
    is: 'attribute',
    name: 'b',
    type: 'boolean',
    reading: { values: { Ja: true } },
  };
  expect(reportOf(column, ['Ja', 'true', 'FALSE', 'x']).messages()).toEqual([
    '"Col": Ja is read as true (1 cell).',
    'Warning: "Col": 1 cell is not true or false, and sent unchanged: "x" (line 5).',
  ]);
});

describe('a reading that is probably not the one of the file is refused', () => {
  // csvkit reads such a column half in one order, half in the other: https://github.com/wireservice/csvkit/issues/280
  test('when cells only have the other order, and none only this', () => {
    expect(reportOf(next({ date: 'mdy', timeZone: 'UTC' }), ['02/01/2014', '31/12/2012']).faults()).toEqual([
      'The column "Col" is read with the month first, but "31/12/2012" can only have the day first (line 3), and no cell shows the opposite. Read the column with the day first, or correct the cells.',
    ]);
  });

  test('when numbers only have the other decimal sign', () => {
    expect(reportOf(amount({ number: '1.234,50' }), ['1.234', '12.5']).faults()).toEqual([
      'The column "Col" is read with a decimal comma, but "12.5" can only have a decimal point (line 3), and no cell shows the opposite. Read the column with a decimal point, or correct the cells.',
    ]);
    expect(reportOf(amount({ number: '1,234.50' }), ['1,234', '1,5']).faults()).toHaveLength(1);
  });

  test('but a single cell that does not fit the others is a fault of its row', () => {
    expect(reportOf(amount({ number: '1.234,50' }), ['1.234', '12.5', '1,5']).faults()).toEqual([]);
  });

  test('and numbers of a workbook show nothing', () => {
    const report = reportOf(amount({ number: '1.234,50' }), ['1.234', '12.5'], [1]);
    expect([report.faults(), report.messages()]).toEqual([[], ['"Col": 1.234 is read as 1234 (1 cell).']]);
  });

  test('when amounts have several currencies', () => {
    expect(reportOf(amount({ number: '1.234,50' }), ['5 €', '5 USD', '5']).faults()).toEqual([
      expect.stringContaining('has amounts in € and USD'),
    ]);
    expect(reportOf(amount({ number: '1.234,50' }), ['5 €', '€ 6', '5']).faults()).toEqual([]);
  });

  test('when nobody says where its local times are', () => {
    const report = reportOf(next({ date: 'dmy' }), ['24.11.2026 14:30', '2026-11-24T14:30Z', 'x']);
    expect(report.faults()).toEqual([
      'The column "Col" has local times, such as "24.11.2026 14:30" (line 2). Say where they are with a time zone: --time-zone, or "timeZone" in the mapping, e.g. Europe/Berlin.',
    ]);
  });
});
