import { describe, expect, it } from 'vitest';
import { compactResults, countOutcome, resultsReader } from '../../../../lambdas/domain/compact-results.ts';
import type { EntryResult, ResultBatch } from '../../../../lambdas/domain/results.ts';
import { aJob } from '../../../support/builders.ts';
import { MemoryCompactResults } from '../../../support/memory.ts';

const APPLIED = { outcome: 'APPLIED' as const };
const FAILED = { error: 'PROCESSING_FAILED' as const };
const aBatch = (
  completedAt: number,
  results: Omit<EntryResult, 'attempts'>[],
  isLate?: true,
): ResultBatch => ({
  ...{ startedAt: 1, completedAt, ...(isLate && { isLate }) },
  results: results.map((result) => ({ attempts: 1, ...result })),
});

const job = aJob({ total: 5, invalid: 1, chunkStarts: [0, 3] });
const LOG = [
  aBatch(9, [{ index: 4, result: APPLIED }]),
  aBatch(8, [{ index: 0, result: FAILED }]),
  aBatch(7, [{ index: 3, result: { outcome: 'UNCHANGED' } }]),
  aBatch(6, [{ index: 2, result: { cancelled: true } }]),
  aBatch(5, [{ index: 0, result: APPLIED }]),
];
const LATE = aBatch(20, [{ index: 2, result: APPLIED }], true);

describe('compact results', () => {
  it('are those that stand, in the order of submission, chunk by chunk', async () => {
    const store = new MemoryCompactResults();
    const compacted = await compactResults({ job, log: LOG }, store);
    expect(compacted).toEqual({ pieces: [1, 1], outcomes: { APPLIED: 2, UNCHANGED: 1 } });
    expect(store.chunks.get(job.id)?.map((chunk) => chunk.map(({ index }) => index))).toEqual([
      [0, 2],
      [3, 4],
    ]);
  });

  it('leave out late results, so that they are the same whoever writes them and when', async () => {
    const [store, again] = [new MemoryCompactResults(), new MemoryCompactResults()];
    const compacted = await compactResults({ job, log: LOG }, store);
    expect(await compactResults({ job, log: [LATE, ...LOG] }, again)).toEqual(compacted);
    expect(again.chunks).toEqual(store.chunks);
  });

  it('are not written of a log that is read at once', async () => {
    const store = new MemoryCompactResults();
    expect(await compactResults({ job, log: [...LOG.slice(0, 2), LATE] }, store)).toBeUndefined();
    expect(await compactResults({ job, log: [] }, store)).toBeUndefined();
    expect(store.chunks.size).toBe(0);
  });

  it('are read instead of the log, and counted without it', async () => {
    const store = new MemoryCompactResults();
    const compacted = await compactResults({ job, log: LOG }, store);
    const ended = { job: { ...job, ...(compacted && { compacted }) }, log: [] };
    const read = resultsReader(ended, store);
    expect((await read(0)).get(0)).toMatchObject({ result: APPLIED, completedAt: 5 });
    expect([...(await read(1)).keys()]).toEqual([3, 4]);
    expect(['APPLIED', 'UNCHANGED', 'CREATED'].map((name) => countOutcome(ended, name as 'APPLIED'))).toEqual(
      [2, 1, 0],
    );
  });

  it('are not asked for where the log is there', async () => {
    const read = resultsReader({ job, log: LOG }, new MemoryCompactResults());
    expect([...(await read(0)).keys()].toSorted()).toEqual([0, 2, 3, 4]);
    expect(countOutcome({ job, log: [LATE, ...LOG] }, 'APPLIED')).toBe(3);
  });
});
