import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import { jobView, progressOf, secondsLeft } from '../../../../lambdas/domain/progress.ts';
import { foldResults, type Result, type ResultBatch } from '../../../../lambdas/domain/results.ts';
import { aJob, cancelled } from '../../../support/builders.ts';

const batch = (index: number, result: Result, completedAt = 20): ResultBatch => ({
  startedAt: 10,
  completedAt,
  results: [{ index, result, attempts: 1 }],
});

const SUCCESS: Result = { outcome: 'APPLIED' };
const NOT_FOUND: Result = { error: 'PROCESS_NOT_FOUND' };

/** Where a job of two valid entries stands. */
const standing = (changes: Partial<StoredJob>, log: ResultBatch[]) => {
  const job = aJob({ total: 3, invalid: 1, createdAt: 0, acceptingUntil: 1_000, queuedAt: 5, ...changes });
  const { status, counts } = progressOf(job, foldResults(log));
  return { status, ...counts };
};

const accepting = (job: Partial<StoredJob> = {}) => {
  const { queuedAt: _queuedAt, ...rest } = aJob({ total: 2, invalid: 0, acceptingUntil: 1_000, ...job });
  return rest;
};

describe('a job', () => {
  it('is in progress until every entry has a result', () => {
    expect(standing({}, [batch(0, SUCCESS)])).toMatchObject({ status: 'IN_PROGRESS', NOT_STARTED: 1 });
    expect(standing({}, [batch(0, SUCCESS), batch(1, NOT_FOUND)])).toEqual({
      status: 'COMPLETED',
      INVALID: 1,
      NOT_STARTED: 0,
      SUCCESS: 1,
      ERROR: 1,
      CANCELLED: 0,
    });
  });

  it('tells how many entries a retry sends, once it has ended', () => {
    const gaveUp: Result = { error: 'PROCESSING_FAILED' };
    const retryable = (log: ResultBatch[]) =>
      progressOf(aJob({ total: 3, invalid: 1 }), foldResults(log)).retryable;
    expect(retryable([batch(0, gaveUp)])).toBe(0);
    expect(retryable([batch(0, gaveUp), batch(1, { error: 'NOT_QUEUED' })])).toBe(2);
    expect(retryable([batch(0, gaveUp), batch(1, NOT_FOUND)])).toBe(1);
    expect(retryable([batch(0, gaveUp), batch(0, SUCCESS), batch(1, NOT_FOUND)])).toBe(0);
  });

  it('fails when accepting broke off before everything was queued', () => {
    const log = [batch(0, SUCCESS), batch(1, { error: 'NOT_QUEUED' })];
    expect(progressOf(accepting(), foldResults(log)).status).toBe('FAILED');
    expect(standing({ notQueued: [1] }, log).status).toBe('COMPLETED');
  });

  it('is complete although accepting broke off, when everything had been queued', () => {
    const log = foldResults([batch(0, SUCCESS), batch(1, SUCCESS)]);
    expect(progressOf(accepting(), log).status).toBe('COMPLETED');
  });

  it('is cancelled when what was left is', () => {
    const log = [batch(0, SUCCESS)];
    expect(standing({ stopped: cancelled(100) }, log).status).toBe('IN_PROGRESS');
    expect(standing({ stopped: cancelled(100) }, [...log, batch(1, { cancelled: true }, 110)])).toMatchObject(
      {
        status: 'CANCELLED',
        CANCELLED: 1,
      },
    );
  });

  it('follows from its entries: a second cancellation, noted between the last result and the end, changes nothing', () => {
    const log = [batch(0, SUCCESS), batch(1, { cancelled: true }, 110)];
    expect(standing({ stopped: cancelled(120) }, log).status).toBe('CANCELLED');
  });

  it('is completed when a cancellation found nothing left to cancel', () => {
    const log = [batch(0, SUCCESS), batch(1, SUCCESS, 110)];
    expect(standing({ stopped: cancelled(100) }, log).status).toBe('COMPLETED');
  });

  it('is aborted when a threshold stopped it first, and completed when that found nothing left to stop', () => {
    const stopped = { at: 100, why: 'threshold' as const, failed: 1, processed: 1 };
    const log = [batch(0, { error: 'PROCESS_NOT_FOUND' })];
    expect(standing({ stopped }, [...log, batch(1, { cancelled: true }, 110)]).status).toBe('ABORTED');
    expect(standing({ stopped }, [...log, batch(1, SUCCESS, 110)]).status).toBe('COMPLETED');
  });

  it('is not cancelled by a cancellation that came after its end', () => {
    const log = [batch(0, SUCCESS), batch(1, SUCCESS, 50)];
    expect(standing({ stopped: cancelled(51) }, log).status).toBe('COMPLETED');
  });

  it('shows its parent only when it has one, and a message only when there is something to say', () => {
    const view = (job: StoredJob) => jobView(job, progressOf(job, new Map()));
    expect(view(aJob())).toEqual({
      id: 'job-1',
      type: 'bulk_api_job',
      team: 'local',
      procedure: 'lead',
      name: null,
      createdAt: 1_000,
      updatedAt: 2_000,
      startedAt: 0,
      completedAt: 0,
      completionStatus: 'IN_PROGRESS',
      statusMessage: null,
    });
    expect(view(aJob({ parent: 'job-0', stopped: cancelled(2_500) }))).toMatchObject({
      parent: 'job-0',
      statusMessage: 'Being cancelled.',
    });
    const stopped = { at: 2_500, why: 'threshold' as const, failed: 1, processed: 2 };
    const said = 'Stopped: 1 of 2 processed entries failed (50 %); the threshold is 5 %.';
    expect(view(aJob({ stopped, errorPercent: 5 })).statusMessage).toBe(said);
  });
});

describe('the seconds left of a job', () => {
  const SECOND = 1_000;
  const HOUR = 3_600 * SECOND;

  /** Queued at second 0, with so many of its entries done from then until a second. */
  const secondsAt = (
    now: number,
    {
      total,
      done,
      until = 0,
      ...changes
    }: Partial<StoredJob> & { total: number; done: number; until?: number },
  ) => {
    const job = aJob({
      total,
      invalid: 0,
      createdAt: 0,
      queuedAt: 0,
      acceptingUntil: 28 * SECOND,
      ...changes,
    });
    const log: ResultBatch = {
      startedAt: 0,
      completedAt: until * SECOND,
      results: Array.from({ length: done }, (_, index) => ({ index, result: SUCCESS, attempts: 1 })),
    };
    return secondsLeft(job, progressOf(job, foldResults(done === 0 ? [] : [log])), now);
  };
  const notQueued = [8, 9];

  it.each([
    ['a small job, just queued', 0, { total: 1, done: 0 }, 1],
    ['a large one, just queued', 0, { total: 10_000, done: 0 }, 20],
    ['a slow one, at its own speed', 20 * SECOND, { total: 1_000, done: 400, until: 20 }, 30],
    ['a fast one, at its own speed', 2 * SECOND, { total: 10_000, done: 4_000, until: 2 }, 3],
    ['one that has begun slowly, as first guessed', 1 * SECOND, { total: 10_000, done: 10, until: 1 }, 20],
    ['one that is slow for long, at most a minute', 40 * SECOND, { total: 10_000, done: 400, until: 40 }, 60],
    [
      'one that goes on after a pause, at the speed before it',
      4 * SECOND,
      { total: 100, done: 20, until: 2 },
      6,
    ],
    ['one whose last entry hangs', 20 * SECOND, { total: 10_000, done: 9_999, until: 10 }, 1],
    ['one whose last entry hangs for minutes', 210 * SECOND, { total: 10_000, done: 9_999, until: 10 }, 20],
    ['one whose last entry hangs for an hour', HOUR, { total: 10_000, done: 9_999, until: 10 }, 60],
    ['one that nothing was heard of for minutes', 300 * SECOND, { total: 1, done: 0 }, 30],
    ['one old but moving', HOUR, { total: 100_000, done: 99_900, until: 3_600 }, 4],
    [
      'one just cancelled',
      100 * SECOND,
      { total: 10_000, done: 100, until: 99, stopped: cancelled(100 * SECOND) },
      20,
    ],
    [
      'one cancelled a while ago',
      112 * SECOND,
      { total: 9, done: 1, until: 99, stopped: cancelled(100 * SECOND) },
      8,
    ],
    [
      'one that is being settled',
      121 * SECOND,
      { total: 9, done: 1, until: 99, stopped: cancelled(100 * SECOND) },
      1,
    ],
    [
      'one whose settling hangs',
      HOUR,
      { total: 9, done: 1, until: 99, stopped: cancelled(100 * SECOND) },
      60,
    ],
    [
      'one whose entries were refused by the queue',
      5 * SECOND,
      { total: 10, done: 8, until: 1, notQueued },
      15,
    ],
    ['one refused in part and slow', 20 * SECOND, { total: 50, done: 8, until: 20, notQueued }, 60],
  ])('%s', (_, now, job, seconds) => expect(secondsAt(now, job)).toBe(seconds));

  it('accepting that broke off ends its job at a known time, and accepting under way does not', () => {
    const { queuedAt: _queuedAt, ...job } = aJob({ total: 1_000, invalid: 0, acceptingUntil: 28 * SECOND });
    const secondsOf = (now: number) => secondsLeft(job, progressOf(job, new Map()), now);
    expect([1, 29, 52, 53, 54, 3_600].map((second) => secondsOf(second * SECOND))).toEqual([
      2, 24, 1, 1, 1, 60,
    ]);
  });
});

describe('counts', () => {
  const result = fc.constantFrom<Result>(
    SUCCESS,
    { outcome: 'SUPERSEDED' },
    NOT_FOUND,
    { error: 'PROCESS_DELETED' },
    { cancelled: true },
  );
  const log = fc.array(
    fc
      .record({ index: fc.nat({ max: 7 }), result, completedAt: fc.integer({ min: 11, max: 90 }) })
      .map(({ index, result, completedAt }) => batch(index, result, completedAt)),
  );
  const job = aJob({ total: 10, invalid: 2, createdAt: 0 });

  it('add up and are the same whatever the order of the log and what is in it twice', () => {
    fc.assert(
      fc.property(log, fc.nat(), (batches, seed) => {
        const { counts } = progressOf(job, foldResults(batches));
        expect(Object.values(counts).reduce((a, b) => a + b)).toBe(10);
        const rotated = [...batches.slice(seed % (batches.length + 1)), ...batches];
        expect(progressOf(job, foldResults(rotated)).counts).toEqual(counts);
      }),
    );
  });

  it('are those of the entries, listed one by one', () => {
    fc.assert(
      fc.property(log, (batches) => {
        const results = foldResults(batches);
        const listed = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
        for (let index = 0; index < 10; index++) {
          const submitted = { item: { id: 'a' }, ...(index >= 8 ? { errors: [] } : {}) };
          listed[entryOf(job, index, submitted, results.get(index)).completionStatus] += 1;
        }
        expect(listed).toEqual(progressOf(job, results).counts);
      }),
    );
  });
});
