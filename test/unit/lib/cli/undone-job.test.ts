import { expect, test } from 'vitest';
import { undoneJob } from '../../../../lib/cli/undone-job.ts';
import type { BulkUpdateClient, Job } from '../../../../lib/client/index.ts';

const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 1, ERROR: 0, CANCELLED: 0 };

/** A client of jobs, each with the one that undoes it. */
function clientOf(undoes: Record<string, string | undefined>, ofUndo: Partial<Job['counts']> = {}) {
  const job = async (id: string) => ({ id, undoneBy: undoes[id], counts: { ...counts, ...ofUndo } });
  return { job } as unknown as BulkUpdateClient;
}

test('a job is undone by the job that undoes it, unless that is undone', async () => {
  expect(await undoneJob(clientOf({}), 'a')).toBeUndefined();
  expect(await undoneJob(clientOf({ a: 'b' }), 'a')).toEqual({ id: 'a', by: 'b', isWhole: true });
  expect(await undoneJob(clientOf({ a: 'b', b: 'c' }), 'a')).toBeUndefined();
  expect(await undoneJob(clientOf({ a: 'b', b: 'c', c: 'd' }), 'a')).toMatchObject({ by: 'b' });
});

test.for(['NOT_STARTED', 'ERROR', 'CANCELLED'] as const)(
  'an undo with entries %s is not whole',
  async (status) => {
    expect(await undoneJob(clientOf({ a: 'b' }, { [status]: 1 }), 'a')).toMatchObject({ isWhole: false });
  },
);

test('jobs that undo each other are a fault of the API', async () => {
  await expect(undoneJob(clientOf({ a: 'b', b: 'a' }), 'a')).rejects.toThrow('undo each other');
});
