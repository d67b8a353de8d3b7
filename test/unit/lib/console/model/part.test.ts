import { expect, test } from 'vitest';
import { NotLoadedError, part } from '../../../../../lib/console/model/part.ts';

test('a part that the browser gets is returned', async () => {
  expect(await part(async () => 'part')).toBe('part');
});

test('one that it cannot get says what to do, and why it failed', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module');
  const error = await part(() => Promise.reject(cause)).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(NotLoadedError);
  expect(error).toMatchObject({ cause, message: expect.stringContaining('reload the page') });
});
