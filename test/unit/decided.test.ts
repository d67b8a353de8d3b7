import { expect, test } from 'vitest';
import { MAX_DECISIONS, readDecisions, withRefusals } from '../../lambdas/domain/decided.ts';

test('refusals are remembered by their order numbers, however they come', () => {
  const stored = withRefusals(withRefusals(undefined, [5, 3]), [4, 3]);
  const decided = readDecisions(stored);
  expect([2, 3, 4, 5, 6].filter(decided.hasRefused)).toEqual([3, 4, 5]);
  expect(stored).toEqual({ 3: 'R', 4: 'R', 5: 'R' });
});

test('the oldest are forgotten, and what is not newer than them is not judged any more', () => {
  let stored: unknown;
  for (let order = 1; order <= MAX_DECISIONS + 2; order++) stored = withRefusals(stored, [order * 10]);
  const decided = readDecisions(stored);
  expect(Object.keys(stored as object)).toHaveLength(MAX_DECISIONS + 1);
  expect(decided.hasRefused(20)).toBe(false);
  expect([15, 20].map(decided.isSettled)).toEqual([true, true]);
  expect([21, 30].map(decided.isSettled)).toEqual([false, true]);
});

test('a late refusal that is forgotten at once is still settled', () => {
  const orders = Array.from({ length: MAX_DECISIONS }, (_, i) => 100 + i);
  const decided = readDecisions(withRefusals(withRefusals(undefined, orders), [7]));
  expect(decided.isSettled(7)).toBe(true);
  expect(decided.hasRefused(100)).toBe(true);
});

test.each([null, 'text', [], { upTo: 'x', 5: 'A' }])(
  'what another writer left there, %j, decides nothing',
  (stored) => {
    expect(readDecisions(stored).isSettled(5)).toBe(false);
  },
);
