import { expect, test } from 'vitest';
import { keyOf } from '../../../../lambdas/contract/bearer.ts';

test.each([
  ['Bearer local-key', 'local-key'],
  ['bEARER a.b_c~d+e/f==', 'a.b_c~d+e/f=='],
])('%s carries a key', (header, key) => expect(keyOf(header)).toBe(key));

// Another spelling of the same key would be counted apart by the limit of each key.
test.each([
  'Bearer  local-key',
  'Bearer local-key ',
  ' Bearer local-key',
  'Bearer',
  'Bearer a b',
  'Basic YTpi',
  'local-key',
  'Bearer a\tb',
])('%j carries none', (header) => expect(keyOf(header)).toBeUndefined());

test('no header carries no key', () => expect(keyOf(undefined)).toBeUndefined());
