import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../lambdas/domain/entry.ts';
import {
  admissionOf,
  type Job,
  NOTICE_MS,
  SETTLE_MS,
  UPDATE_RETENTION_MS,
} from '../../lambdas/domain/job.ts';
import { jobView, progressOf, secondsLeft } from '../../lambdas/domain/progress.ts';
import {
  type FoldedResult,
  foldResults,
  type Result,
  type ResultBatch,
} from '../../lambdas/domain/results.ts';
import { aJob } from '../support/builders.ts';

const batch = (index: number, result: Result, completedAt = 20, effectiveAt?: number): ResultBatch => ({
  startedAt: 10,
  completedAt,
  ...(effectiveAt === undefined ? {} : { effectiveAt }),
  results: [{ index, result, attempts: 1 }],
});
const SUCCESS: Result = { outcome: 'APPLIED' };
const NOT_FOUND: Result = { error: 'PROCESS_NOT_FOUND' };
const GAVE_UP: Result = { error: 'PROCESSING_FAILED' };
const foldedResult = (log: ResultBatch[], now = 100) => foldResults(log, now).get(0)?.result;

/** Where a job of two valid entries stands. */
const standing = (changes: Partial<Job>, log: ResultBatch[], now: number) => {
  const job = aJob({ total: 3, invalid: 1, createdAt: 0, acceptingUntil: 1_000, queuedAt: 5, ...changes });
  const { status, counts } = progressOf(job, foldResults(log, now), now);
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

  it('recorded in advance counts from its time on', () => {
    const log = [batch(0, { error: 'NOT_QUEUED' }, 20, 50)];
    expect(foldedResult(log, 49)).toBeUndefined();
    expect(foldResults(log, 50).get(0)).toMatchObject({ completedAt: 50 });
  });
});

describe('a job', () => {
  it('is in progress until every entry has a result', () => {
    expect(standing({}, [batch(0, SUCCESS)], 100)).toMatchObject({ status: 'IN_PROGRESS', NOT_STARTED: 1 });
    expect(standing({}, [batch(0, SUCCESS), batch(1, NOT_FOUND)], 100)).toEqual({
      status: 'COMPLETED',
      INVALID: 1,
      NOT_STARTED: 0,
      SUCCESS: 1,
      ERROR: 1,
      CANCELLED: 0,
    });
  });

  it('fails when accepting broke off, once nothing queued can be applied any more', () => {
    const job = accepting();
    const log = foldResults([batch(0, SUCCESS)], 5_000);
    expect(progressOf(job, log, 1_000 + SETTLE_MS - 1).status).toBe('IN_PROGRESS');
    expect(progressOf(job, log, 1_000 + SETTLE_MS)).toMatchObject({
      status: 'FAILED',
      counts: { SUCCESS: 1, ERROR: 1 },
      completedAt: 1_000 + SETTLE_MS,
    });
  });

  it('is complete although accepting broke off, when everything had been queued', () => {
    const log = foldResults([batch(0, SUCCESS), batch(1, SUCCESS)], 5_000);
    expect(progressOf(accepting(), log, 5_000).status).toBe('COMPLETED');
  });

  it('is cancelled when what was left is, at the latest when nothing can be applied any more', () => {
    const log = [batch(0, SUCCESS)];
    const cancelledAt = 100;
    expect(standing({ cancelledAt }, log, 101).status).toBe('IN_PROGRESS');
    expect(standing({ cancelledAt }, [...log, batch(1, { cancelled: true }, 110)], 120)).toMatchObject({
      status: 'CANCELLED',
      CANCELLED: 1,
    });
    expect(standing({ cancelledAt }, log, cancelledAt + SETTLE_MS)).toMatchObject({
      status: 'CANCELLED',
      SUCCESS: 1,
      CANCELLED: 1,
    });
  });

  it('is not cancelled by a cancellation that came after its end', () => {
    const log = [batch(0, SUCCESS), batch(1, SUCCESS, 50)];
    expect(standing({ cancelledAt: 51 }, log, 100).status).toBe('COMPLETED');
  });

  it('ends when the queue has dropped what it held, rather than never', () => {
    expect(standing({}, [], UPDATE_RETENTION_MS)).toMatchObject({ status: 'IN_PROGRESS' });
    expect(standing({}, [], UPDATE_RETENTION_MS + SETTLE_MS)).toMatchObject({
      status: 'COMPLETED',
      ERROR: 2,
    });
  });

  it('shows its parent only when it has one, and a message only when there is something to say', () => {
    const view = (job: Job, now: number) => jobView(job, progressOf(job, new Map(), now));
    expect(view(aJob(), 3_000)).toEqual({
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
    expect(view(aJob({ parent: 'job-0', cancelledAt: 2_500 }), 3_000)).toMatchObject({
      parent: 'job-0',
      statusMessage: 'Being cancelled.',
    });
  });

  it('is expected to go on at its speed so far', () => {
    const job = aJob({ total: 101, invalid: 1 });
    const log = Array.from({ length: 20 }, (_, i) => batch(i, SUCCESS, 2_010));
    const progress = progressOf(job, foldResults(log, 2_010), 2_010);
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
        const { counts } = progressOf(job, foldResults(batches, 100), 100);
        expect(Object.values(counts).reduce((a, b) => a + b)).toBe(10);
        const rotated = [...batches.slice(seed % (batches.length + 1)), ...batches];
        expect(progressOf(job, foldResults(rotated, 100), 100).counts).toEqual(counts);
      }),
    );
  });

  it('are those of the entries, listed one by one', () => {
    const header = fc.constantFrom<Partial<Job>>({}, { cancelledAt: 50 }, { acceptingUntil: 60 });
    const now = fc.constantFrom(100, 60 + SETTLE_MS, UPDATE_RETENTION_MS * 2);
    fc.assert(
      fc.property(log, header, now, (batches, changes, at) => {
        const { queuedAt: _queuedAt, ...unqueued } = job;
        const current = 'acceptingUntil' in changes ? { ...unqueued, ...changes } : { ...job, ...changes };
        const results = foldResults(batches, at);
        const { counts } = progressOf(current, results, at);
        const listed = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
        for (let index = 0; index < 10; index++) {
          const submitted = { item: { id: 'a' }, ...(index >= 8 ? { errors: [] } : {}) };
          listed[entryOf(current, index, submitted, results.get(index), at).completionStatus] += 1;
        }
        expect(listed).toEqual(counts);
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
    return entryOf(aJob({ total: 10 }), 4, { item }, folded, 3_000);
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
  it('leaves entries that count as not queued, and cancels those of a cancelled job', () => {
    expect(admissionOf(aJob(), 0, 9e12)).toBe('APPLY');
    expect(admissionOf(aJob({ notQueued: [1] }), 1, 3_000)).toBe('LEAVE');
    expect(admissionOf(aJob({ notQueued: [1] }), 0, 3_000)).toBe('APPLY');
    expect(admissionOf(aJob({ cancelledAt: 1 }), 0, 3_000)).toBe('CANCEL');
    expect(admissionOf(accepting(), 0, 1_000 + NOTICE_MS)).toBe('APPLY');
    expect(admissionOf(accepting(), 0, 1_001 + NOTICE_MS)).toBe('LEAVE');
  });
});
