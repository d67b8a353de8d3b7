import { expect, test } from 'vitest';
import { ENTRY_ERROR_MESSAGES, INVALID_CODES, REQUEST_ERRORS } from '../../../../lambdas/contract/errors.ts';

test.each(Object.entries(ENTRY_ERROR_MESSAGES))(
  'the message of %s says what is wrong, and what to do',
  (_code, message) => {
    expect(message).toMatch(/^[A-Z].*[.;,] .*\.$/);
  },
);

test('clients send again what met 5xx or 429, and nothing else of what they sent wrongly', () => {
  const repeated = Object.entries(REQUEST_ERRORS).filter(([, status]) => status >= 500 || status === 429);
  expect(repeated.map(([code]) => code)).toEqual([
    'TOO_MANY_REQUESTS',
    'INTERNAL_ERROR',
    'QUEUE_UNAVAILABLE',
    'IDEMPOTENCY_KEY_IN_USE',
  ]);
});

test('no code is listed twice for entries that are invalid', () => {
  expect(new Set(INVALID_CODES).size).toBe(INVALID_CODES.length);
});
