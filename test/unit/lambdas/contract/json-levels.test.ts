import { expect, it } from 'vitest';
import { isNestedBeyond } from '../../../../lambdas/contract/json-levels.ts';

it.each([
  ['[[1]]', 2, false],
  ['[[[1]]]', 2, true],
  ['{"a":[{}]}', 2, true],
  ['[{},[],{}]', 2, false],
  ['["[[[[{{{{"]', 1, false],
  ['["\\"[[[["]', 1, false],
  ['[[[[', 3, true],
])('%s is beyond %i levels: %s', (text, maximum, isBeyond) =>
  expect(isNestedBeyond(text, maximum)).toBe(isBeyond),
);
