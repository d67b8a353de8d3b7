import { beforeEach, describe, expect, it } from 'vitest';
import { UPDATE_RETENTION_MS } from '../../../../lambdas/contract/limits.ts';
import {
  FINALIZE_LIMIT_MS,
  IN_FLIGHT_MS,
  RECONCILE_MS,
  type StoredJob,
} from '../../../../lambdas/domain/job.ts';
import { nextReconciliation, reconcileEntries } from '../../../../lambdas/domain/reconcile-job.ts';
import { foldResults, type Result } from '../../../../lambdas/domain/results.ts';
import { SubmissionWriter } from '../../../../lambdas/domain/submission.ts';
import { orderOf } from '../../../../lambdas/domain/update-message.ts';
import { aJob, cancelled } from '../../../support/builders.ts';
import { MemoryJobs, MemoryProcesses, MemorySubmissions } from '../../../support/memory.ts';

const NOT_QUEUED: Result = { error: 'NOT_QUEUED' };
const BROKEN_OFF_AT = 30_000 + IN_FLIGHT_MS + RECONCILE_MS;

let jobs: MemoryJobs;
let processes: MemoryProcesses;
let submissions: MemorySubmissions;

beforeEach(() => {
  jobs = new MemoryJobs();
  submissions = new MemorySubmissions();
  processes = new MemoryProcesses(
    ['a', 'b'].map((id) => ({ id, team: 'local', procedure: 'lead', primaryKey: `KEY-${id}` })),
  );
});

/** A job of two valid entries and an invalid one, of which one update has reached its process. */
async function settled(changes: Partial<StoredJob>, now: number, applied?: string) {
  const { queuedAt: _queuedAt, ...accepting } = aJob();
  const job = { ...accepting, ...changes };
  await jobs.create(job);
  const writer = new SubmissionWriter();
  writer.add({ item: { id: 'a', state: 'NEW' } });
  writer.add({ item: { lead_id: 'key-b ', state: 'NEW' }, key: 'KEY-b' });
  writer.add({ item: {}, errors: [] });
  writer.end();
  await submissions.store(job.id, writer.chunks);
  if (applied !== undefined) {
    const order = orderOf(job.sequence, applied === 'a' ? 0 : 1);
    await processes.apply({ id: applied, team: 'local', procedure: 'lead' }, [
      { order, update: { state: 'NEW' } },
    ]);
  }
  const ports = {
    jobs,
    submissions,
    processes,
    now: () => now,
    deadline: () => now + 30_000,
  };
  await reconcileEntries({ job, log: [] }, ports);
  const results = foldResults(jobs.logs.get(job.id) ?? []);
  return [0, 1, 2].map((index) => results.get(index)?.result);
}

describe('entries without a result', () => {
  it('are not queued when accepting broke off, once no invocation is left that might apply them', async () => {
    expect(await settled({}, BROKEN_OFF_AT - 1)).toEqual([undefined, undefined, undefined]);
    expect(await settled({}, BROKEN_OFF_AT)).toEqual([NOT_QUEUED, NOT_QUEUED, undefined]);
  });

  it.each(['a', 'b'])('are a success when the process %s tells that they were applied', async (id) => {
    const APPLIED: Result = { outcome: 'APPLIED' };
    const expected = id === 'a' ? [APPLIED, NOT_QUEUED] : [NOT_QUEUED, APPLIED];
    expect((await settled({}, BROKEN_OFF_AT, id)).slice(0, 2)).toEqual(expected);
  });

  it('are cancelled after a cancellation', async () => {
    const job = { queuedAt: 2_000, stopped: cancelled(3_000) };
    expect(await settled(job, 3_000 + RECONCILE_MS - 1)).toEqual([undefined, undefined, undefined]);
    expect(await settled(job, 3_000 + RECONCILE_MS)).toEqual([
      { cancelled: true },
      { cancelled: true },
      undefined,
    ]);
  });

  it('that the queue refused are not queued, and the others may still come', async () => {
    const job = { queuedAt: 2_000, notQueued: [1] };
    expect(await settled(job, 2_000 + RECONCILE_MS)).toEqual([undefined, NOT_QUEUED, undefined]);
  });

  it('are given up when the queue has dropped what it held, rather than never', async () => {
    const at = 30_000 + UPDATE_RETENTION_MS + RECONCILE_MS;
    expect(await settled({ queuedAt: 2_000 }, at)).toEqual([GAVE_UP, GAVE_UP, undefined]);
  });

  const GAVE_UP: Result = { error: 'PROCESSING_FAILED' };
  const steps = [
    { to: 1, valid: 1 },
    { to: 2, valid: 2 },
  ];

  it('wait on while they wait for their release', async () => {
    const at = 30_000 + UPDATE_RETENTION_MS + RECONCILE_MS;
    expect(await settled({ queuedAt: 2_000, steps }, 2 * at)).toEqual([GAVE_UP, undefined, undefined]);
  });

  it('are given up by the time of their release', async () => {
    const released = { queuedAt: 2_000, steps, releasedTo: 2, releasedAt: 90_000 };
    const later = 90_000 + FINALIZE_LIMIT_MS + UPDATE_RETENTION_MS + RECONCILE_MS;
    expect(await settled(released, later - 1)).toEqual([undefined, undefined, undefined]);
    expect(await settled(released, later)).toEqual([GAVE_UP, GAVE_UP, undefined]);
  });
});

it('the next time to settle is the first that is to come', () => {
  expect(nextReconciliation(aJob({ notQueued: [1] }), 3_000)).toBe(2_000 + RECONCILE_MS);
  expect(nextReconciliation(aJob({ notQueued: [1] }), 2_000 + RECONCILE_MS)).toBe(
    30_000 + UPDATE_RETENTION_MS + RECONCILE_MS,
  );
});
