import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longId, shortId } from '../../../../lambdas/adapters/short-id.ts';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('a UUID takes 22 characters, and no other id is shortened', () => {
  expect(shortId(UUID)).toBe('D4-tW9nLRp-hZXCGdyiVDg');
  expect(shortId(UUID.toUpperCase())).toBe(`.${UUID.toUpperCase()}`);
  expect(shortId(`${UUID}0`)).toBe(`.${UUID}0`);
  expect(shortId('LEAD-001')).toBe('.LEAD-001');
  expect(shortId('')).toBe('.');
});

test('every id is the same after it was shortened, and no two are short alike', () => {
  const id = fc.oneof(
    fc.uuid(),
    fc.uuid().map((uuid) => uuid.toUpperCase()),
    fc.uuid().map((uuid) => shortId(uuid)),
    fc.uuid().map((uuid) => uuid.replaceAll('-', '')),
    fc.string().map((text) => `.${text}`),
    fc.string(),
  );
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(longId(shortId(one))).toBe(one);
      expect(shortId(one) === shortId(other)).toBe(one === other);
    }),
  );
});
