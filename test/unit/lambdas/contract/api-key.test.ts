import { expect, test } from 'vitest';
import { hashKey } from '../../../../lambdas/contract/api-key.ts';

test('a key is stored as its SHA-256', () => {
  // The first example of FIPS 180-2, B.1.
  expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
