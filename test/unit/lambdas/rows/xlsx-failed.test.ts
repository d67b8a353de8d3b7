import { expect, test } from 'vitest';
import { writtenAndRead } from '../../../support/workbooks.ts';

const HEADER = { cells: ['a', 'b'] };

test('texts, numbers, dates, times and booleans are themselves again', async () => {
  const cells = [
    '14507.5',
    '2026-11-24',
    '2026-11-24T08:30:00.123',
    '08:30:00',
    '26:30:00',
    'true',
    '-1e-7',
    '1e+21',
    '0',
  ];
  const exact = new Set(cells.keys());
  const { records } = await writtenAndRead('Leads', [{ cells: [...cells] }, { cells, exact }]);
  expect(records).toEqual([{ record: cells, line: 2, exact }]);
});

test('a text that looks like a value stays a text', async () => {
  const cells = ['14507.5', '2026-11-24', 'true', '00123', '=1+1', '1E5'];
  const { records } = await writtenAndRead('Leads', [{ cells: [...cells] }, { cells }]);
  expect(records).toEqual([{ record: cells, line: 2 }]);
});

test('leading zeros of a number are kept as text', async () => {
  const { records } = await writtenAndRead('Leads', [HEADER, { cells: ['x', '00123'], exact: new Set([1]) }]);
  expect(records).toEqual([{ record: ['x', '00123'], line: 2 }]);
});
