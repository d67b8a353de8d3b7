import { expect, test } from 'vitest';
import { entryError } from '../../../../lambdas/domain/entry-error.ts';

test('an error of an entry points at its item, or at a place in it', () => {
  expect(entryError('PROCESS_NOT_FOUND', 3)).toMatchObject({
    code: 'PROCESS_NOT_FOUND',
    message: expect.stringMatching(/\.$/),
    pointer: '/processes/3',
  });
  expect(entryError('PRIMARY_KEY_IMMUTABLE', 3, ['data', 'a/b']).pointer).toBe('/processes/3/data/a~1b');
});

test('who names a process that is missing is told how it is created', () => {
  expect(entryError('PROCESS_NOT_FOUND', 0).message).toContain('"options": { "onMissing": "create" }');
});
