import { expect, test } from 'vitest';
import { FILE_REGRESSIONS } from './file-regressions.ts';
import { REGRESSIONS } from './regressions.ts';
import { simulateFiles } from './simulation/file-simulation.ts';
import { simulate } from './simulation/simulation.ts';

test.each(REGRESSIONS)('never again: $bug', async ({ plan }) => {
  expect(await simulate(plan)).toEqual([]);
});

test.each(FILE_REGRESSIONS)('never again, with file jobs: $bug', async ({ plan }) => {
  expect(await simulateFiles(plan)).toEqual([]);
});
