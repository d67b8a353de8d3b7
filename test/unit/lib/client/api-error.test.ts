import { expect, test } from 'vitest';
import { ApiError, errorOfResponse } from '../../../../lib/client/api-error.ts';

const errorOf = (status: number, text: string, headers: Record<string, string> = {}) =>
  errorOfResponse(status, new Headers(headers), text);

test('an error has all that the API found wrong, and what to report', () => {
  const errors = [
    { code: 'A', message: 'One.' },
    { code: 'B', message: 'Two.', pointer: '/processes/3' },
  ];
  const error = errorOf(400, JSON.stringify({ _errors: errors }), { 'x-request-id': 'r' });
  expect(error).toMatchObject({
    ...{ status: 400, message: 'One. Two.', errors, requestId: 'r' },
    ...{ codes: ['A', 'B'], messages: ['One.', 'Two.'], pointer: '/processes/3' },
  });
});

test.each(['<html>Bad Gateway</html>', '', 'null', '[]', '{"_errors":1}', '{"_errors":[null,{"code":1}]}'])(
  'the answer of something between is no error of the API: %j',
  (text) => {
    const error = errorOf(502, text);
    expect(error).toBeInstanceOf(ApiError);
    expect(error.errors).toEqual([]);
    expect(error.message).toContain('502');
  },
);

test('an answer that leads elsewhere says where', () => {
  expect(errorOf(302, '', { location: 'https://login.example/' }).message).toContain(
    'https://login.example/',
  );
});

test('a page of megabytes is not shown as a whole', () => {
  expect(errorOf(500, 'x'.repeat(5_000_000)).message.length).toBeLessThan(500);
});

test.each([
  [0, true],
  [429, true],
  [500, true],
  [503, true],
  [400, false],
  [401, false],
  [409, false],
])('whether trying later may help after %i: %s', (status, helps) => {
  expect(new ApiError('', { status }).isPassing).toBe(helps);
});
