import { expect, it } from 'vitest';
import { MAX_REFUSAL_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { InvalidItems } from '../../../../lambdas/domain/invalid-items.ts';
import type { RequestError } from '../../../../lambdas/domain/request-error.ts';

const error = (pointer: string) => ({ code: 'INVALID_VALUE', message: 'No.', pointer }) as const;

/** The refusal of a request with these errors of its invalid items; undefined when it is not refused. */
function refusalOf(items: (readonly string[])[], total: number): RequestError | undefined {
  const invalid = new InvalidItems();
  for (const pointers of items) invalid.add(pointers.map(error));
  try {
    invalid.refuse(total);
    return undefined;
  } catch (refusal) {
    return refusal as RequestError;
  }
}

it('a request without invalid items is not refused', () => expect(refusalOf([], 3)).toBeUndefined());

it('a summary comes first, and then every error of every item', () => {
  const refusal = refusalOf([['/processes/1/state', '/processes/1/status'], ['/processes/2']], 3);
  expect([refusal?.status, refusal?.meta]).toEqual([422, { total: 3, invalid: 2 }]);
  expect(refusal?.errors).toEqual([
    {
      code: 'INVALID_ITEMS',
      message: '2 of 3 items are invalid; nothing was accepted. Correct them and send the request again.',
    },
    error('/processes/1/state'),
    error('/processes/1/status'),
    error('/processes/2'),
  ]);
});

it('one item is spoken of as one', () => {
  expect(refusalOf([['/processes/0']], 1)?.errors[0]?.message).toBe(
    '1 of 1 item is invalid; nothing was accepted. Correct it and send the request again.',
  );
});

it('at most 1,000 errors are listed, and all invalid items are counted', () => {
  const refusal = refusalOf(
    Array.from({ length: 400 }, (_, index) => [`/a${index}`, `/b${index}`, `/c${index}`]),
    10_000,
  );
  expect(refusal?.errors).toHaveLength(MAX_REFUSAL_ERRORS);
  expect(refusal?.errors.at(-1)).toEqual(error('/c332'));
  expect(refusal?.meta).toEqual({ total: 10_000, invalid: 400 });
});
