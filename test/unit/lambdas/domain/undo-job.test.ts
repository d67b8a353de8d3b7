import { expect, test } from 'vitest';
import type { JobState } from '../../../../lambdas/domain/ports.ts';
import type { Result } from '../../../../lambdas/domain/results.ts';
import { retryUndo } from '../../../../lambdas/domain/retry-undo.ts';
import { undoJob } from '../../../../lambdas/domain/undo-job.ts';
import { accepting, FIRST_ORDER, refusalOf, validItems } from '../../../support/accepting.ts';

const world = accepting();

const ports = () => {
  const { jobs } = world.ports;
  return {
    ...world.ports,
    fileJobs: { begin: async () => {} },
    fileSteps: { schedule: async () => {} },
    newId: () => `undo-${jobs.headers.size}`,
  };
};

async function stateOf(id: string): Promise<JobState> {
  const state = await world.ports.jobs.readWhole(id);
  if (state === undefined) throw new Error(`No job ${id}`);
  return state;
}

async function end(id: string, results: Result[]): Promise<void> {
  await world.ports.jobs.appendResults(id, {
    startedAt: world.now,
    completedAt: world.now,
    results: results.map((result, index) => ({ index, result, attempts: 1, imageAt: 'result#1' })),
  });
}

const APPLIED: Result = { outcome: 'APPLIED' };

async function endedJob(results: Result[] = [APPLIED]): Promise<void> {
  await world.accept(validItems(results.length));
  await end('job-1', results);
}

const undo = async (id = 'job-1') => undoJob(await stateOf(id), ports());

test('an undo is a job of its own, that the job check releases', async () => {
  await endedJob([APPLIED, { error: 'PROCESS_NOT_FOUND' }, APPLIED]);
  const { job, isReplay } = await undo();
  expect(isReplay).toBe(false);
  expect(job).toMatchObject({
    undoes: 'job-1',
    total: 2,
    invalid: 0,
    releasedTo: 0,
    steps: [{ to: 2, valid: 2 }],
  });
  expect(world.ports.jobs.headers.get(job.id)).toEqual(job);
  expect(world.ports.jobs.headers.get('job-1')?.undoneBy).toEqual(job);
  expect(world.ports.jobChecks.jobChecks.at(-1)).toMatchObject({ jobId: job.id, undoes: 'job-1' });
});

test('a second one is the first, also when that had been noted and not created', async () => {
  await endedJob();
  const { job } = await undo();
  expect(await undo()).toMatchObject({ job: { id: job.id }, isReplay: true });
  world.ports.jobs.headers.delete(job.id);
  expect(await undo()).toMatchObject({ job: { id: job.id }, isReplay: true });
  expect(world.ports.jobs.headers.get(job.id)).toEqual(job);
});

test('of two at the same moment one counts', async () => {
  await endedJob();
  const [one, other] = await Promise.all([undo(), undo()]);
  expect(one.job.id).toBe(other.job.id);
  expect([one.isReplay, other.isReplay].toSorted()).toEqual([false, true]);
});

test('after an undo that was cancelled, or undone, there is another one', async () => {
  await endedJob();
  const { job } = await undo();
  await end(job.id, [{ cancelled: true }]);
  await world.ports.jobs.markStopped(job.id, { at: world.now, why: 'cancelled' });
  const second = await undo();
  expect(second).toMatchObject({ isReplay: false });
  expect(second.job.id).not.toBe(job.id);
  await end(second.job.id, [{ outcome: 'REVERTED' }]);
  await undo(second.job.id);
  expect(await undo()).toMatchObject({ isReplay: false });
});

test.each<[string, Result[], string]>([
  ['is in progress', [], '409 JOB_NOT_ENDED'],
  ['has changed nothing', [{ error: 'PROCESS_NOT_FOUND' }], '409 NOTHING_TO_UNDO'],
])('a job that %s is refused', async (_what, results, refusal) => {
  await world.accept(validItems(1));
  if (results.length > 0) await end('job-1', results);
  expect(await refusalOf(undo())).toBe(refusal);
});

test('a plan that nobody has approved is told apart from a job in progress', async () => {
  await world.accept(validItems(1));
  const { job, log } = await stateOf('job-1');
  const plan = { SUCCESS: 1, ERROR: 0, INVALID: 0 };
  await expect(undoJob({ job: { ...job, plan }, log }, ports())).rejects.toThrow(/a plan/);
});

test('what failed of an undo for a passing reason is sent again, with its order', async () => {
  await endedJob([APPLIED, APPLIED]);
  const { job } = await undo();
  await end(job.id, [{ outcome: 'REVERTED' }, { error: 'PROCESSING_FAILED' }]);
  const retry = await retryUndo(await stateOf(job.id), ports());
  expect(retry).toMatchObject({ parent: job.id, undoes: 'job-1', total: 1 });
  const order = job.sequence * 10_000 + 1;
  expect(await world.ports.submissions.readChunk(retry.id, 0)).toEqual([{ item: { id: 'p1' }, order }]);
  expect(await world.ports.heldUpdates.readChunk(retry.id, 0)).toMatchObject([
    { index: 0, order, target: { id: 'p1' }, undo: { entries: [[0, 1, FIRST_ORDER + 1, 0]] } },
  ]);
});

test('an undo of which nothing is to be sent again is refused a retry', async () => {
  await endedJob();
  const { job } = await undo();
  await end(job.id, [{ outcome: 'REVERTED' }]);
  expect(await refusalOf(retryUndo(await stateOf(job.id), ports()))).toBe('409 NOTHING_TO_RETRY');
});
