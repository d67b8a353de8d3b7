import { describe, expect, it } from 'vitest';
import {
  foldResults,
  isRetryable,
  type Result,
  type ResultBatch,
} from '../../../../lambdas/domain/results.ts';

const batch = (index: number, result: Result, completedAt = 20): ResultBatch => ({
  startedAt: 10,
  completedAt,
  results: [{ index, result, attempts: 1 }],
});

const SUCCESS: Result = { outcome: 'APPLIED' };
const NOT_FOUND: Result = { error: 'PROCESS_NOT_FOUND' };
const GAVE_UP: Result = { error: 'PROCESSING_FAILED' };
const foldedResult = (log: ResultBatch[]) => foldResults(log).get(0)?.result;

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

it('a result is retryable when the same update may succeed later', () => {
  const results: Result[] = [GAVE_UP, { error: 'NOT_QUEUED' }, NOT_FOUND, SUCCESS, { cancelled: true }];
  expect(results.map(isRetryable)).toEqual([true, true, false, false, false]);
});
