import { expect, test } from 'vitest';
import { memoize } from '../../../../lambdas/contract/memoize.ts';

test('what is made of an object is made once, and of each object apart', () => {
  let made = 0;
  const numberOf = memoize((_key: object) => ({ number: ++made }));
  const [one, other] = [{}, {}];
  expect(numberOf(one)).toBe(numberOf(one));
  expect(numberOf(other)).toEqual({ number: 2 });
  expect(made).toBe(2);
});
