import { expect, test } from 'vitest';
import { partFault, unansweredPart } from '../../../../lib/client/part-error.ts';

const body = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

test.each([
  [403, body('AccessDenied'), { isExpired: true, isTransient: false }],
  [400, body('ExpiredToken'), { isExpired: true, isTransient: false }],
  [400, body('RequestTimeout'), { isExpired: false, isTransient: true }],
  [503, body('SlowDown'), { isExpired: false, isTransient: true }],
  [500, '', { isExpired: false, isTransient: true }],
  [404, body('NoSuchUpload'), { isExpired: false, isTransient: false }],
  [413, 'too large', { isExpired: false, isTransient: false }],
])('the response %i %s of the storage tells what helps', (status, text, expected) => {
  expect(partFault(7, status, text)).toMatchObject(expected);
});

test('a fault says which part was not stored, why, and what to do', () => {
  expect(partFault(7, 404, body('NoSuchUpload')).error.message).toBe(
    'Part 7 of the file was not stored: the storage responded 404 (NoSuchUpload). The job does not wait for its file any more: it was cancelled or has expired. Submit the file again.',
  );
  expect(partFault(7, 413, '').error.message).toContain('the storage responded 413. Submit the file again');
});

test('a lost connection is tried again, and no message has the address, which is a permission', () => {
  const cause = new TypeError('fetch failed', { cause: new Error('socket hang up') });
  const { error, isTransient } = unansweredPart(
    7,
    'https://bucket.example/key?X-Amz-Signature=secret',
    cause,
  );
  expect([isTransient, error.status]).toEqual([true, 0]);
  expect(error.message).toContain('No response from https://bucket.example: socket hang up.');
  expect(error.message).not.toContain('secret');
});
