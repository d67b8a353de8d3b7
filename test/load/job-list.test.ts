import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test('a list of 200 large jobs in progress does not hold their logs in memory', async () => {
  const worker = new Worker(new URL('../support/list-jobs.ts', import.meta.url), {
    // Their logs together have four times as much; eight are read at a time.
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  const [listed] = await once(worker, 'message');
  await worker.terminate();
  expect(listed).toBe(200);
});
