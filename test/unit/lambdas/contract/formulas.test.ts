import { expect, test } from 'vitest';
import { isFormula, withoutFormulas } from '../../../../lambdas/contract/formulas.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['a;=1+1', "a;'=1+1"],
  ['a\t@SUM(A1)', "a\t'@SUM(A1)"],
  ['\u200b=1+1', "'\u200b=1+1"],
  ["'=1+1", "''=1+1"],
  ['Goa, 2 = two', 'Goa, 2 = two'],
])('%j is guarded as %j', (text, guarded) => expect(withoutFormulas(text)).toBe(guarded));

test.each(['=1+1', ' =1+1', '@SUM(A1)', '+cmd|calc', '-A1', '＝1'])('a spreadsheet would run %j', (cell) => {
  expect(isFormula(cell)).toBe(true);
});

test.each(['+81 3 1234', '-5', '-1.5', 'a=b', '', '+(49) 30'])('a spreadsheet shows %j as it is', (cell) => {
  expect(isFormula(cell)).toBe(false);
});
