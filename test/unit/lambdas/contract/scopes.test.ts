import { expect, it } from 'vitest';
import { includesScope, isScope, SCOPES } from '../../../../lambdas/contract/scopes.ts';

it('a scope includes itself and those before it', () => {
  const included = SCOPES.map((scope) => SCOPES.filter((needed) => includesScope(scope, needed)));
  expect(included).toEqual([['read'], ['read', 'plan'], ['read', 'plan', 'write']]);
});

it('no other value is a scope', () => {
  expect(SCOPES.every(isScope)).toBe(true);
  for (const value of ['', 'Read', 'admin', null, undefined, 0, ['read']]) expect(isScope(value)).toBe(false);
});
