import { expect, test } from 'vitest';
import {
  MAX_DECISIONS,
  type Refusal,
  readDecisions,
  withRefusals,
} from '../../../../lambdas/domain/remembered-refusals.ts';

const refused = (...orders: number[]) =>
  new Map(orders.map((order): [number, Refusal] => [order, 'STATE_NOT_ALLOWED']));

test('refusals are remembered by their order numbers, however they come', () => {
  const first = withRefusals(undefined, new Map([...refused(5), [3, 'PROCESS_DELETED'] as const]));
  const decided = readDecisions(withRefusals(first, refused(4)));
  expect([2, 3, 4, 5, 6].map(decided.refusalOf)).toEqual([
    undefined,
    'PROCESS_DELETED',
    'STATE_NOT_ALLOWED',
    'STATE_NOT_ALLOWED',
    undefined,
  ]);
});

test('the oldest are forgotten, and what is not newer than them is not judged any more', () => {
  let stored: unknown;
  for (let order = 1; order <= MAX_DECISIONS + 2; order++) stored = withRefusals(stored, refused(order * 10));
  const decided = readDecisions(stored);
  expect(Object.keys(stored as object)).toHaveLength(MAX_DECISIONS + 1);
  expect([20, 30].map(decided.refusalOf)).toEqual([undefined, 'STATE_NOT_ALLOWED']);
  expect([15, 20, 21, 30].map(decided.mayHaveForgotten)).toEqual([true, true, false, false]);
});

test('a late refusal that is forgotten at once is not judged again', () => {
  const orders = Array.from({ length: MAX_DECISIONS }, (_, i) => 100 + i);
  const decided = readDecisions(withRefusals(withRefusals(undefined, refused(...orders)), refused(7)));
  expect(decided.mayHaveForgotten(7)).toBe(true);
  expect(decided.refusalOf(100)).toBe('STATE_NOT_ALLOWED');
});

test.each([null, 'text', [], { upTo: 'x', 5: 'A' }])(
  'what another writer left there, %j, decides nothing',
  (stored) => {
    const decided = readDecisions(stored);
    expect([decided.refusalOf(5), decided.mayHaveForgotten(5)]).toEqual([undefined, false]);
  },
);
