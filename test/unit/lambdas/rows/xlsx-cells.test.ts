import { expect, test } from 'vitest';
import { cellOf, columnName, type RawCell } from '../../../../lambdas/rows/xlsx-cells.ts';

const shared = (index: string) => `text ${index}`;

function read(raw: Partial<RawCell>, is1904 = false) {
  const all = {
    column: 2,
    type: 'n',
    value: undefined,
    hasFormula: false,
    format: { is: 'number' as const },
    ...raw,
  };
  const { column: _column, ...cell } = cellOf(all, { sharedText: shared, is1904 }) ?? { column: 2 };
  return cell;
}

test.for<[Partial<RawCell>, object]>([
  [
    { type: 's', value: '7' },
    { text: 'text 7', is: 'text' },
  ],
  [
    { type: 'inlineStr', value: ' x ' },
    { text: ' x ', is: 'text' },
  ],
  [
    { type: 'str', value: 'HELLO', hasFormula: true },
    { text: 'HELLO', is: 'text' },
  ],
  [{ type: 'str', value: '', hasFormula: true }, {}],
  [
    { type: 'b', value: '1' },
    { text: 'true', is: 'boolean' },
  ],
  [
    { type: 'b', value: '0' },
    { text: 'false', is: 'boolean' },
  ],
  [
    { type: 'd', value: '2026-11-24' },
    { text: '2026-11-24', is: 'date' },
  ],
  [{}, {}],
  [{ type: 's', value: undefined }, {}],
])('a cell %j is read as %j', ([raw, cell]) => {
  expect(read(raw)).toEqual(cell);
});

test.for([
  ['14507.5', '14507.5'],
  ['1.1000000000000001', '1.1'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['910', '910'],
  ['910.0', '910'],
  ['1E-7', '1e-7'],
  ['4.9E+3', '4900'],
  ['491701234567', '491701234567'],
  ['-0', '0'],
  ['9007199254740991', '9007199254740991'],
  ['1.23456789012345E+19', '12345678901234500000'],
])('a number stored as %s is read as %s', ([value, text]) => {
  expect(read({ value })).toHaveProperty('text', text);
});

test('a number with more digits than spreadsheets keep is known', () => {
  expect(read({ value: '999999999999999' })).not.toHaveProperty('lost');
  expect(read({ value: '1234567890123450' })).toHaveProperty('lost', 'digits');
  expect(read({ value: '9007199254740993' })).toHaveProperty('lost', 'digits');
  expect(read({ value: '1234567890123450', type: 'inlineStr' })).not.toHaveProperty('lost');
});

test.for<[RawCell['format'], string, object]>([
  [{ is: 'date' }, '46350', { text: '2026-11-24', is: 'date' }],
  [{ is: 'date' }, '46350.75', { text: '2026-11-24', is: 'date', lost: 'time' }],
  [{ is: 'date-time' }, '46350.75', { text: '2026-11-24T18:00:00', is: 'date-time' }],
  [{ is: 'time' }, '0.354166666666667', { text: '08:30:00', is: 'time' }],
  [{ is: 'time' }, '46350.75', { text: '18:00:00', is: 'time', lost: 'date' }],
  [{ is: 'duration' }, '1.10416666666667', { text: '26:30:00', is: 'duration' }],
  [{ is: 'percent' }, '0.25', { text: '0.25', is: 'percent' }],
  [{ is: 'padded', digits: 5 }, '1234', { text: '01234', is: 'padded' }],
  [{ is: 'padded', digits: 2 }, '1234', { text: '1234', is: 'padded' }],
  [{ is: 'padded', digits: 5 }, '1.5', { text: '1.5', is: 'number' }],
  [{ is: 'padded', digits: 5 }, '-7', { text: '-7', is: 'number' }],
])('with the format %j, %s is read as %j', ([format, value, cell]) => {
  expect(read({ format, value })).toEqual(cell);
});

test.for<[Partial<RawCell>, string]>([
  [{ type: 'e', value: '#N/A' }, 'has the error #N/A'],
  [{ type: 'e', value: '#DIV/0!', hasFormula: true }, 'has the error #DIV/0!'],
  // As openpyxl writes it: https://github.com/infiniflow/ragflow/pull/19737
  [{ hasFormula: true }, 'has a formula without a value'],
  [{ hasFormula: true, value: '' }, 'has a formula without a value'],
  [{ hasFormula: true, type: 'str' }, 'has a formula without a value'],
  [{ value: 'abc' }, 'has "abc" as a number'],
  [{ value: '1e999' }, 'has "1e999" as a number'],
  [{ value: ' ' }, 'has " " as a number'],
  [{ value: '60', format: { is: 'date' } }, 'has an impossible date (60)'],
  [{ value: '-1', format: { is: 'date-time' } }, 'has an impossible date (-1)'],
  [{ value: '-0.5', format: { is: 'time' } }, 'has -0.5 as a time, which is negative'],
  [{ value: '-0.5', format: { is: 'duration' } }, 'has -0.5 as a time, which is negative'],
])('a cell %j %s', ([raw, fault]) => {
  expect(read(raw)).toHaveProperty('fault', fault);
});

test('columns are named as in a spreadsheet', () => {
  expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
});
