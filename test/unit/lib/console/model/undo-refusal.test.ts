import { expect, test } from 'vitest';
import { ApiError, type ErrorCode } from '../../../../../lib/client/index.ts';
import { undoRefusal } from '../../../../../lib/console/model/undo-refusal.ts';

const refusedWith = (code: ErrorCode) =>
  undoRefusal(new ApiError('No.', { status: 409, errors: [{ code, message: 'No.' }] }));

test('why a job cannot be undone is told in plain words', () => {
  expect(refusedWith('JOB_NOT_ENDED')?.title).toBe('This job is still in progress.');
  expect(refusedWith('NOTHING_TO_UNDO')?.title).toBe('There is nothing to undo.');
});

test('only what is too large to be shown can be undone all the same', () => {
  expect(refusedWith('ANSWER_TOO_LARGE')?.isTooLarge).toBe(true);
  expect(refusedWith('NOTHING_TO_UNDO')?.isTooLarge).toBe(false);
});

test('another failure is told as any other', () => {
  expect([refusedWith('JOB_NOT_FOUND'), undoRefusal(new TypeError('oops'))]).toEqual([undefined, undefined]);
});
