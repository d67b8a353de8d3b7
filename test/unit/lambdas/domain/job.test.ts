import { describe, expect, it } from 'vitest';
import {
  countedEnd,
  IN_FLIGHT_MS,
  NOTICE_MS,
  type StoredJob,
  shouldSkip,
} from '../../../../lambdas/domain/job.ts';
import { aJob, cancelled } from '../../../support/builders.ts';

const accepting = (job: Partial<StoredJob> = {}) => {
  const { queuedAt: _queuedAt, ...rest } = aJob({ total: 2, invalid: 0, acceptingUntil: 1_000, ...job });
  return rest;
};

describe('apply', () => {
  it('leaves entries that are to end as not queued, and those of a cancelled job', () => {
    const isEntryLeft = (job: StoredJob, index: number, now: number) => shouldSkip(job, { index }, now);
    expect(isEntryLeft(aJob(), 0, 9e12)).toBe(false);
    expect(isEntryLeft(aJob({ notQueued: [1] }), 1, 3_000)).toBe(true);
    expect(isEntryLeft(aJob({ notQueued: [1] }), 0, 3_000)).toBe(false);
    expect(isEntryLeft(aJob({ stopped: cancelled(1) }), 0, 3_000)).toBe(true);
    expect(isEntryLeft(accepting(), 0, 1_000 + IN_FLIGHT_MS + NOTICE_MS)).toBe(false);
    expect(isEntryLeft(accepting(), 0, 1_001 + IN_FLIGHT_MS + NOTICE_MS)).toBe(true);
  });

  it('applies what comes from the dead-letter queue, unless the job is cancelled', () => {
    const redriven = { index: 0, buried: true };
    expect(shouldSkip(accepting(), redriven, 9e12)).toBe(false);
    expect(shouldSkip(aJob({ stopped: cancelled(1) }), redriven, 3_000)).toBe(true);
  });
});

describe('the end of a job', () => {
  const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 1, ERROR: 1, CANCELLED: 0 };
  const end = { status: 'COMPLETED' as const, counts, retryable: 1, startedAt: 1, completedAt: 2 };

  it('stands for its results once it was counted again', () => {
    expect(countedEnd(aJob({ end }))).toBeUndefined();
    expect(countedEnd(aJob({ end, countedAt: 3 }))).toEqual(end);
  });

  it('noted by an earlier release does so only if nothing failed: it does not tell what a retry sends', () => {
    const { retryable: _retryable, ...old } = end;
    expect(countedEnd(aJob({ end: old, countedAt: 3 }))).toBeUndefined();
    const fine = { ...old, counts: { ...counts, ERROR: 0 } };
    expect(countedEnd(aJob({ end: fine, countedAt: 3 }))).toEqual({ ...fine, retryable: 0 });
  });
});
