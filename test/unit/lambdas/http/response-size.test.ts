import { expect, test } from 'vitest';
import { bytesInResponse } from '../../../../lambdas/http/response-size.ts';

test('a text counts as it stands in the answer of a function: quoted, and escaped again', () => {
  expect(bytesInResponse('ü')).toBe(2 + 2);
  expect(bytesInResponse('"\\')).toBe(2 + 4);
});
