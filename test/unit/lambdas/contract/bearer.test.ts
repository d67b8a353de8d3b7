import { expect, test } from 'vitest';
import { BEARER } from '../../../../lambdas/contract/bearer.ts';

const keyIn = (header: string) => new RegExp(BEARER).exec(header)?.[1];

test.each([
  ['Bearer local-key', 'local-key'],
  ['bEARER a.b_c~d+e/f==', 'a.b_c~d+e/f=='],
])('%s carries a key', (header, key) => expect(keyIn(header)).toBe(key));

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
])('%j carries none', (header) => expect(keyIn(header)).toBeUndefined());
