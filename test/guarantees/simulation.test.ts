import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./run.ts', import.meta.url));

/** Always the same schedules; `npm run guarantees` takes others each time. */
const SEED = '20261124';

test('500 random schedules of requests, faults and deliveries end as guaranteed', async () => {
  const { stdout } = await run(process.execPath, [script, '--runs', '500', '--seed', SEED]);
  expect(stdout).toContain('500 schedules');
  expect(stdout).toContain('no violation');
});

test('40 random schedules of file jobs, faults and deliveries end as guaranteed', async () => {
  const { stdout } = await run(process.execPath, [script, '--files', '--runs', '40', '--seed', SEED]);
  expect(stdout).toContain('40 schedules');
  expect(stdout).toContain('no violation');
});
