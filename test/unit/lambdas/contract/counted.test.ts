import { expect, test } from 'vitest';
import { counted } from '../../../../lambdas/contract/counted.ts';

test.each([
  [0, '0 rows'],
  [1, '1 row'],
  [2_000, '2,000 rows'],
])('%i is written as %s', (count, text) => {
  expect(counted(count, 'row')).toBe(text);
});

test('a plural may be another word', () => {
  expect([1, 2].map((count) => counted(count, 'entry', 'entries'))).toEqual(['1 entry', '2 entries']);
});
