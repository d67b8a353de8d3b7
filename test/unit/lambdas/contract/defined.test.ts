import { expect, test } from 'vitest';
import { defined } from '../../../../lambdas/contract/defined.ts';

test('only members that are undefined are dropped', () => {
  const members = { a: 0, b: '', c: false, d: null, e: undefined };
  expect(Object.entries(defined(members))).toEqual([
    ['a', 0],
    ['b', ''],
    ['c', false],
    ['d', null],
  ]);
});
