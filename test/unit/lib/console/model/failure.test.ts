import { describe, expect, test } from 'vitest';
import { FileError } from '../../../../../lambdas/rows/row.ts';
import { ApiError } from '../../../../../lib/client/index.ts';
import {
  failureOf,
  isNotPlanned,
  isOtherPlan,
  isTransient,
  isUnauthorized,
} from '../../../../../lib/console/model/failure.ts';
import { NotLoadedError } from '../../../../../lib/console/model/part.ts';

describe('a failure', () => {
  test('of the API has its codes and messages, and what to do', () => {
    const errors = [{ code: 'JOB_NOT_FOUND', message: 'There is none.' }] as const;
    expect(failureOf(new ApiError('There is none.', { status: 404, errors, requestId: 'r-1' }))).toEqual({
      title: 'The API refused the request.',
      codes: ['JOB_NOT_FOUND'],
      messages: ['There is none.'],
      remedy: expect.stringMatching(/^[A-Z][^`]*\.$/),
      requestId: 'r-1',
    });
  });

  test('of the network says that nothing is sent twice', () => {
    expect(failureOf(new ApiError('no answer', { status: 0 })).remedy).toMatch(/Nothing is sent twice/);
  });

  test('of a file has each of its faults', () => {
    expect(failureOf(new FileError(['One.', 'Two.'])).messages).toEqual(['One.', 'Two.']);
  });

  test('to load a part of the page says what to do', () => {
    expect(failureOf(new NotLoadedError()).remedy).toMatch(/reload the page/);
  });

  test('that nobody expected is told too', () => {
    expect(failureOf(new TypeError('oops')).messages).toEqual(['oops']);
  });

  test('may be gone later when the API did not respond or failed', () => {
    const isGone = (status: number) => isTransient(new ApiError('', { status }));
    expect([0, 429, 500, 503].map(isGone)).toEqual([true, true, true, true]);
    expect([400, 401, 404].map(isGone)).toEqual([false, false, false]);
    expect([new Error(), undefined].map(isTransient)).toEqual([false, false]);
  });

  test('of the key is one, and no other is', () => {
    const answers = [401, 403].map((status) => isUnauthorized(new ApiError('', { status })));
    expect([...answers, isUnauthorized(new Error())]).toEqual([true, false, false]);
  });

  test('of a plan tells another plan from one that is none any more', () => {
    const all = (['ETAG_MISMATCH', 'JOB_NOT_PLANNED', 'JOB_FINISHED', 'JOB_NOT_FOUND'] as const).map(
      (code) => new ApiError('', { status: 409, errors: [{ code, message: '' }] }),
    );
    expect(all.map(isOtherPlan)).toEqual([true, false, false, false]);
    expect(all.map(isNotPlanned)).toEqual([false, true, true, false]);
    expect([isOtherPlan(new Error()), isNotPlanned(undefined)]).toEqual([false, false]);
  });
});
