import { expect, test } from 'vitest';
import { violations } from '../oracle.ts';
import { IS_LONG, runChaos } from './chaos.ts';
import { seedOfRun } from './random.ts';

/** `npm run chaos` takes as many as a bulk update has, and some minutes more. */
const ITEMS = IS_LONG ? 1_000 : 100;

test(`of 20 jobs of ${ITEMS} items every one ends with every count right, while functions are killed`, async () => {
  const { evidence, observed, unannounced } = await runChaos({
    seed: seedOfRun(),
    processesPerTeam: 300,
    workload: { requests: 20, items: { least: ITEMS, most: ITEMS }, deletions: 0, cancellations: 0 },
    kills: { pause: { least: 300, most: 2_000 }, acceptKills: 2 },
    isEverywhere: false,
  });
  expect(violations(evidence)).toEqual([]);
  expect(observed).toEqual([]);
  expect(unannounced).toEqual([]);
});
