import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../lambdas/domain/entry.ts';
import { IN_FLIGHT_MS, isLeft, type Job, NOTICE_MS } from '../../lambdas/domain/job.ts';
import { jobView, progressOf, secondsLeft } from '../../lambdas/domain/progress.ts';
import {
  type FoldedResult,
  foldResults,
  type Result,
  type ResultBatch,
} from '../../lambdas/domain/results.ts';
import { aJob } from '../support/builders.ts';

const batch = (index: number, result: Result, completedAt = 20): ResultBatch => ({
  startedAt: 10,
  completedAt,
  results: [{ index, result, attempts: 1 }],
});
const SUCCESS: Result = { outcome: 'APPLIED' };
const NOT_FOUND: Result = { error: 'PROCESS_NOT_FOUND' };
const GAVE_UP: Result = { error: 'PROCESSING_FAILED' };
const foldedResult = (log: ResultBatch[]) => foldResults(log).get(0)?.result;

/** Where a job of two valid entries stands. */
const standing = (changes: Partial<Job>, log: ResultBatch[]) => {
  const job = aJob({ total: 3, invalid: 1, createdAt: 0, acceptingUntil: 1_000, queuedAt: 5, ...changes });
  const { status, counts } = progressOf(job, foldResults(log));
  return { status, ...counts };
};
const accepting = (job: Partial<Job> = {}) => {
  const { queuedAt: _queuedAt, ...rest } = aJob({ total: 2, invalid: 0, acceptingUntil: 1_000, ...job });
  return rest;
};

describe('the result of an entry', () => {
  it('is its success, whatever else was recorded, before or after', () => {
    expect(foldedResult([batch(0, NOT_FOUND), batch(0, SUCCESS, 99)])).toEqual(SUCCESS);
    expect(foldedResult([batch(0, SUCCESS), batch(0, { cancelled: true }, 1)])).toEqual(SUCCESS);
  });

  it('is the earliest of equals, and giving up yields to every answer', () => {
    expect(foldedResult([batch(0, NOT_FOUND, 30), batch(0, { error: 'PROCESS_DELETED' }, 20)])).toEqual({
      error: 'PROCESS_DELETED',
    });
    expect(foldedResult([batch(0, GAVE_UP, 1), batch(0, NOT_FOUND, 30)])).toEqual(NOT_FOUND);
  });
});

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
    expect(standing({ cancelledAt: 100 }, log).status).toBe('IN_PROGRESS');
    expect(standing({ cancelledAt: 100 }, [...log, batch(1, { cancelled: true }, 110)])).toMatchObject({
      status: 'CANCELLED',
      CANCELLED: 1,
    });
  });

  it('follows from its entries: a second cancellation, noted between the last result and the end, changes nothing', () => {
    const log = [batch(0, SUCCESS), batch(1, { cancelled: true }, 110)];
    expect(standing({ cancelledAt: 120 }, log).status).toBe('CANCELLED');
  });

  it('is completed when a cancellation found nothing left to cancel', () => {
    const log = [batch(0, SUCCESS), batch(1, SUCCESS, 110)];
    expect(standing({ cancelledAt: 100 }, log).status).toBe('COMPLETED');
  });

  it('is not cancelled by a cancellation that came after its end', () => {
    const log = [batch(0, SUCCESS), batch(1, SUCCESS, 50)];
    expect(standing({ cancelledAt: 51 }, log).status).toBe('COMPLETED');
  });

  it('shows its parent only when it has one, and a message only when there is something to say', () => {
    const view = (job: Job) => jobView(job, progressOf(job, new Map()));
    expect(view(aJob())).toEqual({
      id: 'job-1',
      type: 'bulk_api_job',
      team: 'local',
      procedure: 'lead',
      createdAt: 1_000,
      updatedAt: 2_000,
      startedAt: 0,
      completedAt: 0,
      completionStatus: 'IN_PROGRESS',
      statusMessage: null,
    });
    expect(view(aJob({ parent: 'job-0', cancelledAt: 2_500 }))).toMatchObject({
      parent: 'job-0',
      statusMessage: 'Being cancelled.',
    });
  });

  it('is expected to go on at its speed so far', () => {
    const job = aJob({ total: 101, invalid: 1 });
    const log = Array.from({ length: 20 }, (_, i) => batch(i, SUCCESS, 2_010));
    const progress = progressOf(job, foldResults(log));
    expect(secondsLeft(progress, 2_010)).toBe(8);
    expect(secondsLeft(progress, 4_010)).toBe(16);
    expect(secondsLeft(progress, 3_600_000)).toBe(60);
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

describe('an entry', () => {
  const view = (result: Result | undefined, item: unknown = { id: 'a', lead_id: 7, state: 'NEW' }) => {
    const folded: FoldedResult | undefined = result && {
      index: 4,
      result,
      attempts: 2,
      startedAt: 1,
      completedAt: 9,
    };
    return entryOf(aJob({ total: 10 }), 4, { item }, folded);
  };

  it('shows its identifier as sent, and the process where one was found', () => {
    expect(view(SUCCESS)).toEqual({
      index: 4,
      identifier: { id: 'a', lead_id: 7 },
      processId: 'a',
      completionStatus: 'SUCCESS',
      outcome: 'APPLIED',
      errors: [],
      attempts: 2,
      completedAt: 9,
    });
    expect(view(NOT_FOUND)).toMatchObject({
      processId: null,
      outcome: null,
      errors: [{ code: 'PROCESS_NOT_FOUND', pointer: '/processes/4' }],
    });
    expect(view({ error: 'PROCESS_DELETED' }).processId).toBe('a');
    expect(view(undefined)).toMatchObject({ completionStatus: 'NOT_STARTED', attempts: 0, completedAt: 0 });
    expect(view(undefined, [1]).identifier).toEqual({});
  });
});

describe('apply', () => {
  it('leaves entries that are to end as not queued, and those of a cancelled job', () => {
    const isEntryLeft = (job: Job, index: number, now: number) => isLeft(job, { index }, now);
    expect(isEntryLeft(aJob(), 0, 9e12)).toBe(false);
    expect(isEntryLeft(aJob({ notQueued: [1] }), 1, 3_000)).toBe(true);
    expect(isEntryLeft(aJob({ notQueued: [1] }), 0, 3_000)).toBe(false);
    expect(isEntryLeft(aJob({ cancelledAt: 1 }), 0, 3_000)).toBe(true);
    expect(isEntryLeft(accepting(), 0, 1_000 + IN_FLIGHT_MS + NOTICE_MS)).toBe(false);
    expect(isEntryLeft(accepting(), 0, 1_001 + IN_FLIGHT_MS + NOTICE_MS)).toBe(true);
  });

  it('applies what comes from the dead-letter queue, unless the job is cancelled', () => {
    const redriven = { index: 0, buried: true };
    expect(isLeft(accepting(), redriven, 9e12)).toBe(false);
    expect(isLeft(aJob({ cancelledAt: 1 }), redriven, 3_000)).toBe(true);
  });
});
