import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileJob } from '../../../../lambdas/domain/file-header.ts';
import {
  type ChunkCounts,
  type FileProgress,
  NO_COUNTS,
  nothingRead,
} from '../../../../lambdas/domain/file-job.ts';
import { endOfFile, progressOfFile } from '../../../../lambdas/domain/file-progress.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import { aJob, cancelled } from '../../../support/builders.ts';

const FRAME: FileJob = { format: 'csv', compression: null, size: 100, options: {}, uploadId: 'upload-1' };
const accepted = { at: 3_000, sequence: 1, etag: 'etag' };

const aFileJob = (changes: Partial<StoredJob> = {}) =>
  aJob({ total: 0, invalid: 0, fileJob: { ...FRAME, accepted }, ...changes });
const counts = (changes: Partial<ChunkCounts>): ChunkCounts => ({ ...NO_COUNTS, ...changes });

/** How far a job is whose file has ten rows, all of them read. */
function aProgress(changes: Partial<FileProgress> = {}): FileProgress {
  return { ...nothingRead(), position: { byte: 100, row: 10, line: 11 }, isTotalFinal: true, ...changes };
}

/** The job of a chunk that is not reported yet. */
function aPart(row: number, rows: number, changes: Partial<StoredJob> = {}): StoredJob {
  const partOf = { id: 'job-1', row, rows, number: 0 };
  return aJob({ id: `job-1/${row}`, total: rows, invalid: 0, partOf, ...changes });
}

const ENTRIES = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };

describe('where a file job stands', () => {
  test('is the sum of what is reported and of what is seen of open chunks', () => {
    const progress = aProgress({
      counts: counts({ INVALID: 1, SUCCESS: 2, ERROR: 1, APPLIED: 2 }),
      ...{ retryable: 1, startedAt: 5_000, lastAt: 6_000, open: [4, 6, 8] },
    });
    const seen = { counts: { ...ENTRIES, SUCCESS: 1, NOT_STARTED: 1 }, startedAt: 4_500, updatedAt: 9_000 };
    const end = {
      ...{ status: 'COMPLETED' as const, counts: { ...ENTRIES, ERROR: 2 } },
      ...{ retryable: 2, startedAt: 5_500, completedAt: 9_500 },
    };
    const open = [aPart(4, 2, { seen }), aPart(6, 2, { seen, end }), aPart(8, 2)];
    expect(progressOfFile(aFileJob(), { progress, open })).toEqual({
      status: 'IN_PROGRESS',
      counts: { INVALID: 1, NOT_STARTED: 3, SUCCESS: 3, ERROR: 3, CANCELLED: 0 },
      // Nothing is to be retried of what is in progress.
      retryable: 0,
      startedAt: 4_500,
      updatedAt: 9_500,
      completedAt: 0,
    });
  });

  test('tells what may be retried of chunks that are reported late, once it has ended', () => {
    const end = {
      ...{ status: 'COMPLETED' as const, counts: { ...ENTRIES, ERROR: 10 } },
      ...{ retryable: 0, startedAt: 5_000, completedAt: 7_000 },
    };
    const part = aPart(8, 2, { end: { ...end, counts: { ...ENTRIES, ERROR: 2 }, retryable: 2 } });
    const progress = aProgress({ counts: counts({ ERROR: 8 }), retryable: 5, open: [8] });
    const found = progressOfFile(aFileJob({ end }), { progress, open: [part] });
    expect([found.status, found.retryable, found.updatedAt, found.completedAt]).toEqual([
      'COMPLETED',
      7,
      7_000,
      7_000,
    ]);
  });

  test('counts the entries that a chunk that is done again has more or less than rows', () => {
    const progress = aProgress({ counts: counts({ SUCCESS: 6 }), surplus: 2, open: [4, 7] });
    const open = [aPart(4, 3, { total: 5 }), aPart(7, 3, { total: 2 })];
    const found = progressOfFile(aFileJob(), { progress, open });
    // 10 rows, 2 more of what is reported, 2 more and 1 less of what is open.
    expect(found.counts).toEqual({ ...ENTRIES, SUCCESS: 6, NOT_STARTED: 7 });
  });

  test.for<[string, Partial<StoredJob>, string, number, number]>([
    ['waits for its file', { fileJob: FRAME }, 'AWAITING_UPLOAD', 1_000, 0],
    ['is cancelled before', { fileJob: FRAME, stopped: cancelled(2_000) }, 'CANCELLED', 2_000, 2_000],
    ['has its file', {}, 'IN_PROGRESS', 3_000, 0],
    ['is being cancelled', { stopped: cancelled(4_000) }, 'IN_PROGRESS', 4_000, 0],
  ])('a job that %s', ([, changes, status, updatedAt, completedAt]) => {
    const found = progressOfFile(aFileJob(changes), { progress: nothingRead(), open: [] });
    const startedAt = completedAt === 0 ? 0 : 1_000;
    expect(found).toEqual({ status, counts: ENTRIES, retryable: 0, startedAt, updatedAt, completedAt });
  });

  test('each row is in one status, whatever is reported and seen', () => {
    const chunk = fc.record({
      ...{ INVALID: fc.nat(5), SUCCESS: fc.nat(5), ERROR: fc.nat(5), CANCELLED: fc.nat(5) },
      ...{ left: fc.nat(5), kind: fc.constantFrom('reported', 'seen', 'ended', 'new'), more: fc.nat(3) },
    });
    fc.assert(
      fc.property(fc.array(chunk), fc.nat(10), (chunks, unreleased) => {
        const sum = { ...NO_COUNTS };
        const open: StoredJob[] = [];
        let [row, surplus, total, done] = [0, 0, unreleased, 0];
        for (const { left, kind, more, ...status } of chunks) {
          const ended = status.INVALID + status.SUCCESS + status.ERROR + status.CANCELLED;
          const isOver = kind === 'reported' || kind === 'ended';
          const entries = ended + (isOver ? 0 : left);
          const rows = entries + more;
          total += entries;
          if (kind !== 'new') done += ended;
          const part = { counts: { ...status, NOT_STARTED: entries - ended }, startedAt: 5, updatedAt: 6 };
          if (kind === 'reported') {
            for (const name of ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED'] as const)
              sum[name] += status[name];
            surplus += entries - rows;
          } else {
            const end = { ...part, status: 'COMPLETED' as const, retryable: 0, completedAt: 7 };
            const known = { seen: { seen: part }, ended: { end }, new: {} }[kind];
            open.push(aPart(row, rows, { total: entries, ...known }));
          }
          row += rows;
        }
        const position = { byte: 1, row: row + unreleased, line: 1 };
        const found = progressOfFile(aFileJob(), {
          progress: aProgress({
            position,
            counts: sum,
            surplus,
            open: open.map(({ partOf }) => partOf?.row ?? 0),
          }),
          open,
        });
        const { NOT_STARTED, INVALID, SUCCESS, ERROR, CANCELLED } = found.counts;
        expect(INVALID + SUCCESS + ERROR + CANCELLED).toBe(done);
        expect(NOT_STARTED).toBe(total - done);
      }),
    );
  });
});

describe('the end of a file job', () => {
  const NOW = 20_000;
  const ALL = counts({ SUCCESS: 7, ERROR: 3 });
  const SOME = counts({ SUCCESS: 4, CANCELLED: 6 });
  const fault = (at: number) => ({ at, message: 'Line 3 has a cell too many.' });
  const threshold = { at: 9_000, why: 'threshold', failed: 3, processed: 4 } as const;

  const endFor = (job: Partial<StoredJob>, progress: Partial<FileProgress>) => {
    const file = { progress: aProgress({ released: 10, ...progress }), open: [] };
    const whole = aFileJob(job);
    return endOfFile(whole, file, progressOfFile(whole, file), NOW);
  };

  test.for<[string, Partial<FileProgress>]>([
    ['its file is read', { counts: ALL, isTotalFinal: false }],
    ['each chunk has a job', { counts: ALL, released: 9 }],
    ['each chunk is reported', { counts: ALL, open: [8] }],
  ])('is not there until %s', ([, progress]) => {
    expect(endFor({}, progress)).toBeUndefined();
  });

  test('is now, and says when the first entry was processed', () => {
    expect(endFor({}, { counts: ALL, retryable: 0, startedAt: 5_000, lastAt: 9_000 })).toEqual({
      ...{ status: 'COMPLETED', counts: { ...ENTRIES, SUCCESS: 7, ERROR: 3 }, retryable: 0 },
      ...{ startedAt: 5_000, completedAt: NOW },
    });
    expect(endFor({}, { counts: counts({ INVALID: 10 }) })).toMatchObject({ startedAt: 1_000 });
  });

  test('of an upload that was cancelled is there at once', () => {
    const stopped = cancelled(2_000);
    expect(endFor({ fileJob: FRAME, stopped }, nothingRead())).toMatchObject({
      ...{ status: 'CANCELLED', completedAt: 2_000 },
    });
  });

  test.for<[string, Partial<StoredJob>, Partial<FileProgress>, string]>([
    ['nothing', {}, { counts: ALL }, 'COMPLETED'],
    ['a client', { stopped: cancelled(9_000) }, { counts: SOME }, 'CANCELLED'],
    ['a client, too late for any row', { stopped: cancelled(9_000) }, { counts: ALL }, 'COMPLETED'],
    ['its threshold', { stopped: threshold }, { counts: SOME }, 'ABORTED'],
    ['its threshold, too late for any row', { stopped: threshold }, { counts: ALL }, 'COMPLETED'],
    ['a fault', {}, { counts: SOME, fault: fault(5_000) }, 'FAILED'],
    ['a fault after the last row', {}, { counts: ALL, fault: fault(5_000) }, 'FAILED'],
    [
      'a client before a fault',
      { stopped: cancelled(4_000) },
      { counts: SOME, fault: fault(5_000) },
      'CANCELLED',
    ],
    [
      'its threshold before a fault',
      { stopped: threshold },
      { counts: SOME, fault: fault(9_500) },
      'ABORTED',
    ],
    [
      'a fault before a client',
      { stopped: cancelled(6_000) },
      { counts: SOME, fault: fault(5_000) },
      'FAILED',
    ],
    ['a fault before its threshold', { stopped: threshold }, { counts: SOME, fault: fault(5_000) }, 'FAILED'],
    [
      'a client, too late for any row, before a fault',
      { stopped: cancelled(4_000) },
      { counts: ALL, fault: fault(5_000) },
      'FAILED',
    ],
  ])('that was stopped by %s', ([, job, progress, status]) => {
    expect(endFor(job, progress)?.status).toBe(status);
  });
});
