import { expect, test } from 'vitest';
import { Lines } from '../../../../lambdas/rows/lines.ts';

test('the first lines are named, the others counted', () => {
  const lines = new Lines();
  expect(lines.messages((text) => text)).toEqual([]);
  lines.add(2);
  expect(lines.messages((text) => text)).toEqual(['line 2']);
  for (const line of [3, 3, 4, 5, 6, 7, 8]) lines.add(line);
  expect(lines.messages((text) => text)).toEqual(['lines 2, 3, 4, 5, 6 and 2 more']);
  expect(lines.count).toBe(7);
});
