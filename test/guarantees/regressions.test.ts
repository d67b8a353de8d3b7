import { expect, test } from 'vitest';
import { REGRESSIONS } from './regressions.ts';
import { simulate } from './simulation/simulation.ts';

test.each(REGRESSIONS)('never again: $bug', async ({ plan }) => {
  expect(await simulate(plan)).toEqual([]);
});
