import { expect, test } from 'vitest';
import { showReading } from '../../../../lib/cli/job-progress.ts';
import type { Job } from '../../../../lib/client/index.ts';

const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

/** What is shown of a job, read once a second. */
function shown(rows: number | undefined, ...jobs: Partial<Job>[]): unknown[][] {
  const calls: unknown[][] = [];
  let seconds = 0;
  const progress = { update: (...args: unknown[]) => calls.push(args), note: () => {}, stop: () => {} };
  const show = showReading(progress, rows, () => 1000 * seconds++);
  for (const job of jobs) show({ counts, total: 0, ...job } as Job);
  return calls;
}

test('how much of a file is read is shown until all of it is, and how fast it is applied', () => {
  const reading = { total: 400, size: 1000, bytesRead: 500, isTotalFinal: false };
  expect(
    shown(
      1000,
      { ...reading, counts: { ...counts, NOT_STARTED: 400 } },
      {
        ...reading,
        total: 1000,
        bytesRead: 1000,
        isTotalFinal: true,
        counts: { ...counts, SUCCESS: 300, NOT_STARTED: 700 },
      },
    ),
  ).toEqual([
    ['found', 400, 1000, ' rows, 50 % of the file is read'],
    ['processed', 0, 1000, ''],
    ['processed', 300, 1000, ' · 300 a second'],
  ]);
});

test('of another job, entries are', () => {
  expect(shown(undefined, { total: 5, counts: { ...counts, SUCCESS: 3, NOT_STARTED: 2 } })).toEqual([
    ['processed', 3, 5, ''],
  ]);
});
