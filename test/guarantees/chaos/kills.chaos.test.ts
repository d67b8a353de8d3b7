import { expect, test } from 'vitest';
import { violations } from '../oracle.ts';
import { runChaos } from './chaos.ts';
import { seedOfRun } from './random.ts';

/** `npm run chaos` takes 1,000, as a bulk update has them; that takes some minutes more. */
const ITEMS = Number(process.env.CHAOS_ITEMS ?? 200);

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
