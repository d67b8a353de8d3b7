import { expect, test } from 'vitest';
import { deadLetterUpdates } from '../../../../lambdas/domain/dead-letter-updates.ts';
import type { JobState } from '../../../../lambdas/domain/ports.ts';
import { progressOfState } from '../../../../lambdas/domain/progress.ts';
import { writeMessage } from '../../../../lambdas/domain/update-message.ts';
import { aJob, aMessage } from '../../../support/builders.ts';
import { MemoryJobs, MemoryProcesses } from '../../../support/memory.ts';

test('what a dead copy of an update came to is counted though its job has ended with what another came to', async () => {
  const message = aMessage({ index: 0, order: 7, target: { id: 'a' } });
  const jobs = new MemoryJobs();
  await jobs.create(aJob({ total: 1, invalid: 0 }));
  const times = { startedAt: 3_000, completedAt: 3_000 };
  const notFound = { error: 'PROCESS_NOT_FOUND' as const };
  await jobs.appendResults('job-1', { ...times, results: [{ index: 0, result: notFound, attempts: 1 }] });
  const end = progressOfState((await jobs.read('job-1')) as JobState);
  await jobs.markCounted('job-1', { ...times, status: 'COMPLETED', counts: end.counts }, 60_000);

  await deadLetterUpdates([{ messageId: 'm', body: writeMessage(message), message }], {
    jobs,
    processes: new MemoryProcesses([{ id: 'a', team: 'local', procedure: 'lead', clocks: { state: 7 } }]),
    putAway: async () => [],
    now: () => 600_000,
    receives: 10,
    isTransient: () => false,
    onFailure: () => {},
  });
  const [shown, listed] = await Promise.all([jobs.read('job-1'), jobs.readWhole('job-1')]);
  expect(progressOfState(shown as JobState).counts).toMatchObject({ SUCCESS: 1, ERROR: 0 });
  expect(progressOfState(shown as JobState)).toEqual(progressOfState(listed as JobState));
});
