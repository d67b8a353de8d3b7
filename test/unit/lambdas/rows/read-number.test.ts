import { expect, test } from 'vitest';
import { readNumber } from '../../../../lambdas/rows/read-number.ts';
import { signsOf } from '../../../../lambdas/rows/reading.ts';

function read(cell: string, style = '1.234,50'): string | undefined {
  const signs = signsOf(style);
  return signs && readNumber(cell, signs)?.text;
}

test.for<[string, string]>([
  ['1.234,50', '1234.50'],
  ['1234,5', '1234.5'],
  ['1.234.567', '1234567'],
  ['0,5', '0.5'],
  ['0', '0'],
  [' 3 ', '3'],
  ['+3', '3'],
  ['-1.234,50', '-1234.50'],
  ['−1.234,50', '-1234.50'],
  // SAP writes the sign behind.
  ['1.234,50-', '-1234.50'],
  ['€ 1.234,50', '1234.50'],
  ['-€ 1.234,50', '-1234.50'],
  ['€ -1.234,50', '-1234.50'],
  ['1.234,50\u00a0€', '1234.50'],
  ['1.234,50 EUR', '1234.50'],
  ['123456789012345678901234567890,123456789', '123456789012345678901234567890.123456789'],
])('"%s" is %s, with all of its digits', ([cell, text]) => {
  expect(read(cell)).toBe(text);
});

test.for<[string, string, string]>([
  ['1 234,50', '1\u00a0234,50', '1234.50'],
  // What French writes since CLDR 34: https://github.com/BenjaminVanRyseghem/numbro/issues/765
  ['1 234,50', '1\u202f234,50', '1234.50'],
  // https://github.com/dbeaver/dbeaver/issues/7839
  ['1 234,50', '10 237,65', '10237.65'],
  ["1'234.50", "1'234.50", '1234.50'],
  ["1'234.50", '1’234.50', '1234.50'],
  ['1,234.50', '1,234.50', '1234.50'],
  ['1,234.50', '12,34,567.50', '1234567.50'],
  ['1234,50', '1234,50', '1234.50'],
])('like %s, "%s" is %s', ([style, cell, text]) => {
  expect(read(cell, style)).toBe(text);
});

test.for<[string, string]>([
  // Without its sign, it would be 1 where 1355.90 is meant: https://github.com/deadlocker8/BudgetMaster/issues/731
  ['1,234.50', '1.355,90'],
  // Not 999: https://github.com/dannymcc/may/issues/244
  ['1,234.50', '9,99'],
  // Not 963: https://github.com/MaximeCordeil/IATK/issues/40
  ['1.234,50', '96.3'],
  // Not 12: https://github.com/w3c/csvw/issues/742
  ['1.234,50', '1.2'],
  ['1.234,50', '0.123'],
  ['1.234,50', '1.23'],
  ['1.234,50', '1234.567'],
  ['1.234,50', '1,234.50'],
  ['1.234,50', '1.234,50,1'],
  ['1.234,50', '1.2345,5'],
  ['1.234,50', ',5'],
  ['1.234,50', '5,'],
  ['1.234,50', '007'],
  ['1.234,50', '12 %'],
  ['1.234,50', '-1-'],
  ['1.234,50', '€ 5 EUR'],
  ['1.234,50', '1 234,50'],
  ['1.234,50', '5 Stück'],
  ['1.234,50', '1e5'],
  ['1.234,50', '٣'],
  ['1.234,50', 'NaN'],
  ['1.234,50', ''],
  ['1.234,50', '9'.repeat(1_000_000)],
])('like %s, "%s" is not a number', ([style, cell]) => {
  expect(read(cell, style)).toBeUndefined();
});

test('the currency of an amount is told', () => {
  const signs = { group: '.', decimal: ',' };
  expect(['€ 5', '5 USD', '5'].map((cell) => readNumber(cell, signs)?.currency)).toEqual([
    ...['€', 'USD', undefined],
  ]);
});
