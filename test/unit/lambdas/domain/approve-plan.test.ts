import { beforeEach, expect, test } from 'vitest';
import { approvePlan } from '../../../../lambdas/domain/approve-plan.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import { aJob } from '../../../support/builders.ts';
import { MemoryJobChecks, MemoryJobs } from '../../../support/memory.ts';

let jobs: MemoryJobs;
let jobChecks: MemoryJobChecks;

const plan = { INVALID: 0, SUCCESS: 1, ERROR: 0 };
const stopped = { at: 6, why: 'cancelled' as const };

beforeEach(() => {
  jobs = new MemoryJobs();
  jobChecks = new MemoryJobChecks();
});

async function approve(changes: Partial<StoredJob>, isAsSeen = true) {
  const job = aJob(changes);
  await jobs.create(job);
  await approvePlan({ job, log: [] }, () => isAsSeen, { jobs, jobChecks, now: () => 9_000 });
  return jobs.headers.get(job.id);
}

test('a plan gets its place in the order of acceptance when it is approved, and is checked at once', async () => {
  expect(await approve({ plan, sequence: 3 })).toMatchObject({
    sequence: 3,
    approved: { at: 9_000, sequence: 900 },
  });
  expect(jobChecks.jobChecks).toHaveLength(1);
});

test('to approve it again is the same as once, whatever its client has seen', async () => {
  const approved = { at: 5, sequence: 7 };
  expect(await approve({ plan, approved }, false)).toMatchObject({ approved });
  expect(jobChecks.jobChecks).toEqual([]);
});

test('of two that approve it at once the first counts', async () => {
  const job = aJob({ plan });
  await jobs.create(job);
  const both = [1, 2].map((at) =>
    approvePlan({ job, log: [] }, () => true, { jobs, jobChecks, now: () => at * 10_000 }),
  );
  await Promise.all(both);
  expect(jobs.headers.get(job.id)?.approved).toMatchObject({ sequence: 1_000 });
});

test.each([
  ['is not a plan', {}],
  ['was discarded', { plan, stopped }],
  ['has expired', { plan, stopped: { ...stopped, why: 'expired' as const } }],
])('a job that %s is refused', async (_what, changes) => {
  await expect(approve(changes)).rejects.toMatchObject({ status: 409 });
});

test('a plan that is discarded at the same moment is refused', async () => {
  const job = aJob({ plan });
  await jobs.create(job);
  await jobs.markDiscarded(job.id, stopped);
  const approving = approvePlan({ job, log: [] }, () => true, { jobs, jobChecks, now: () => 9_000 });
  await expect(approving).rejects.toMatchObject({ status: 409 });
});

test('a plan that is not the one that was seen is not approved', async () => {
  await expect(approve({ plan }, false)).rejects.toMatchObject({ status: 412 });
  expect(jobs.headers.get('job-1')?.approved).toBeUndefined();
});
