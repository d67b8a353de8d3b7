import { expect, test } from 'vitest';
import { bytesInResponse, firstThatFit, MAX_RESPONSE_BYTES } from '../../../../lambdas/http/response-size.ts';

test('a text counts as it stands in the answer of a function: quoted, and escaped again', () => {
  expect(bytesInResponse('ü')).toBe(2 + 2);
  expect(bytesInResponse('"\\')).toBe(2 + 4);
});

test('as many parts stay as fit, and at least one', () => {
  const third = 'x'.repeat(MAX_RESPONSE_BYTES / 3 - 6);
  expect(firstThatFit([third, third, third, 'y'])).toEqual([third, third, third]);
  expect(firstThatFit(['x', 'y'])).toEqual(['x', 'y']);
  const tooLarge = 'x'.repeat(MAX_RESPONSE_BYTES);
  expect(firstThatFit([tooLarge, 'y'])).toEqual([tooLarge]);
  expect(firstThatFit([])).toEqual([]);
});
