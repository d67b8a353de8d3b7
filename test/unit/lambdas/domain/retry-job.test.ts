import { describe, expect, it } from 'vitest';
import { acceptUpdates } from '../../../../lambdas/domain/accept-updates.ts';
import { progressOfState } from '../../../../lambdas/domain/progress.ts';
import { retryOf } from '../../../../lambdas/domain/retry-job.ts';
import { accepting, aRequest, FIRST_ORDER, refusalOf, validItems } from '../../../support/accepting.ts';
import { aProcedure } from '../../../support/builders.ts';

const world = accepting();

describe('a retry', () => {
  const state = async (jobId: string) => {
    const found = await world.ports.jobs.readWhole(jobId);
    if (found === undefined) throw new Error(`No job ${jobId}`);
    return found;
  };
  const record = (index: number, error: 'PROCESSING_FAILED' | 'PROCESS_NOT_FOUND') =>
    world.ports.jobs.appendResults('job-1', {
      startedAt: world.now,
      completedAt: world.now,
      results: [{ index, result: { error }, attempts: 5 }],
    });

  it('sends the entries again that failed for a passing reason, with the order they had', async () => {
    await world.accept([...validItems(2), { nobody: true }, ...validItems(1)]);
    await record(0, 'PROCESS_NOT_FOUND');
    await record(1, 'PROCESSING_FAILED');
    await record(3, 'PROCESSING_FAILED');
    const retried = await retryOf(await state('job-1'), aProcedure(), world.ports.submissions);
    expect(retried).toMatchObject({
      items: [{ id: 'p1' }, { id: 'p0' }],
      retried: { parent: 'job-1', orders: [FIRST_ORDER + 1, FIRST_ORDER + 3] },
    });

    world.ports.queue.messages.length = 0;
    await acceptUpdates('job-2', retried, world.ports);
    expect(world.ports.queue.messages.map(({ jobId, index, order }) => [jobId, index, order])).toEqual([
      ['job-2', 0, FIRST_ORDER + 1],
      ['job-2', 1, FIRST_ORDER + 3],
    ]);
    // A retry of the retry keeps them, too.
    await world.ports.jobs.appendResults('job-2', {
      startedAt: world.now,
      completedAt: world.now,
      results: [0, 1].map((index) => ({ index, result: { error: 'PROCESSING_FAILED' }, attempts: 5 })),
    });
    const again = await retryOf(await state('job-2'), aProcedure(), world.ports.submissions);
    expect(again.retried).toEqual({ parent: 'job-2', orders: [FIRST_ORDER + 1, FIRST_ORDER + 3] });
  });

  it('keeps the name of the job, and the lines of its entries', async () => {
    const items = [...validItems(2), { nobody: true }, ...validItems(1)];
    const options = { name: 'March', source: { file: 'leads.csv', lines: [2, 3, 5, 9] } };
    await acceptUpdates('job-1', { ...aRequest(items), options }, world.ports);
    await record(0, 'PROCESS_NOT_FOUND');
    await record(1, 'PROCESSING_FAILED');
    await record(3, 'PROCESSING_FAILED');
    const retried = await retryOf(await state('job-1'), aProcedure(), world.ports.submissions);
    expect(retried.options).toEqual({ name: 'March', source: { file: 'leads.csv', lines: [3, 9] } });
    expect(progressOfState(await state('job-1')).retryable).toBe(retried.items.length);

    const { job } = await acceptUpdates('job-2', retried, world.ports);
    expect(job).toMatchObject({ name: 'March', file: 'leads.csv', parent: 'job-1' });
    const entries = await world.ports.submissions.readChunk('job-2', 0);
    expect(entries.map(({ line }) => line)).toEqual([3, 9]);
  });

  it('of a job that broke off sends what was not queued', async () => {
    world.ports.queue.takes = () => false;
    await world.accept(validItems(2)).catch(() => {});
    await world.ports.jobs.appendResults('job-1', {
      startedAt: world.now,
      completedAt: world.now,
      results: [0, 1].map((index) => ({ index, result: { error: 'NOT_QUEUED' }, attempts: 0 })),
    });
    const retried = await retryOf(await state('job-1'), aProcedure(), world.ports.submissions);
    expect(retried.items).toHaveLength(2);
  });

  it('is refused while the job is in progress, and when nothing can be retried', async () => {
    await world.accept(validItems(1));
    expect(await refusalOf(retryOf(await state('job-1'), aProcedure(), world.ports.submissions))).toBe(
      '409 JOB_IN_PROGRESS',
    );
    await record(0, 'PROCESS_NOT_FOUND');
    expect(await refusalOf(retryOf(await state('job-1'), aProcedure(), world.ports.submissions))).toBe(
      '409 NOTHING_TO_RETRY',
    );
  });
});
