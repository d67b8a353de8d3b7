import { expect, test } from 'vitest';
import { violations } from '../oracle.ts';
import { IS_LONG, runChaos } from './chaos.ts';
import { seedOfRun } from './random.ts';

test('random jobs keep every guarantee under duplicates, disorder, throttles, lost answers and kills', async () => {
  const { evidence, observed, unannounced } = await runChaos({
    seed: seedOfRun(),
    processesPerTeam: 40,
    workload: {
      requests: IS_LONG ? 100 : 50,
      items: { least: 1, most: IS_LONG ? 20 : 8 },
      deletions: 0.003,
      cancellations: 0.05,
    },
    kills: { pause: { least: 500, most: 2_500 }, acceptKills: 2 },
    isEverywhere: true,
  });
  expect(violations(evidence)).toEqual([]);
  expect(observed).toEqual([]);
  expect(unannounced).toEqual([]);
});
