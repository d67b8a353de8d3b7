import { expect, test } from 'vitest';
import {
  type GuardedDecision,
  MAX_REMEMBERED,
  MIN_REMEMBERED,
  readDecisions,
  withDecisions,
} from '../../../../lambdas/domain/decided.ts';

const refused = (...orders: number[]) =>
  new Map(orders.map((order): [number, GuardedDecision] => [order, 'STATE_NOT_ALLOWED']));

test('refusals are remembered by their order numbers, however they come', () => {
  const first = withDecisions(undefined, new Map([...refused(5), [3, 'PROCESS_DELETED'] as const]));
  const decided = readDecisions(withDecisions(first, refused(4)));
  expect([2, 3, 4, 5, 6].map(decided.decisionOf)).toEqual([
    undefined,
    'PROCESS_DELETED',
    'STATE_NOT_ALLOWED',
    'STATE_NOT_ALLOWED',
    undefined,
  ]);
});

test('the oldest are forgotten, some at a time, and what is not newer than them is not judged any more', () => {
  let stored: unknown;
  for (let order = 1; order <= MAX_REMEMBERED; order++) stored = withDecisions(stored, refused(order * 10));
  expect(Object.keys(stored as object)).toHaveLength(MAX_REMEMBERED);
  expect(readDecisions(stored).mayHaveForgotten(10)).toBe(false);

  stored = withDecisions(stored, refused((MAX_REMEMBERED + 1) * 10));
  const lastForgotten = (MAX_REMEMBERED + 1 - MIN_REMEMBERED) * 10;
  const decided = readDecisions(stored);
  expect(Object.keys(stored as object)).toHaveLength(MIN_REMEMBERED + 1);
  expect([lastForgotten, lastForgotten + 10].map(decided.decisionOf)).toEqual([
    undefined,
    'STATE_NOT_ALLOWED',
  ]);
  expect([15, lastForgotten, lastForgotten + 1].map(decided.mayHaveForgotten)).toEqual([true, true, false]);
});

test('a late decision that is forgotten at once is not judged again', () => {
  const orders = Array.from({ length: MAX_REMEMBERED }, (_, i) => 100 + i);
  const decided = readDecisions(withDecisions(withDecisions(undefined, refused(...orders)), refused(7)));
  expect(decided.mayHaveForgotten(7)).toBe(true);
  expect(decided.decisionOf(100 + MAX_REMEMBERED - MIN_REMEMBERED)).toBe('STATE_NOT_ALLOWED');
});

test('an update that was applied is remembered, too', () => {
  expect(readDecisions(withDecisions({ 3: 'R' }, new Map([[5, 'APPLIED']]))).decisionOf(5)).toBe('APPLIED');
});

test.each([null, 'text', [], { upTo: 'x', 5: 'B' }])(
  'what another writer left there, %j, decides nothing',
  (stored) => {
    const decided = readDecisions(stored);
    expect([decided.decisionOf(5), decided.mayHaveForgotten(5)]).toEqual([undefined, false]);
  },
);
