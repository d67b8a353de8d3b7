import { expect, expectTypeOf, it } from 'vitest';
import { definedOf } from '../../../../lambdas/contract/defined-of.ts';

it('leaves out what is undefined, and nothing else', () => {
  const members: { a: undefined; b: null; c: number; d: string; e: boolean } = {
    a: undefined,
    b: null,
    c: 0,
    d: '',
    e: false,
  };
  const defined = definedOf(members);
  expect(Object.keys(defined)).toEqual(['b', 'c', 'd', 'e']);
  expect(defined).toEqual({ b: null, c: 0, d: '', e: false });
});

it('keeps a member named __proto__ as a member', () => {
  const members = JSON.parse('{"__proto__": 1}') as object;
  expect(Object.keys(definedOf(members))).toEqual(['__proto__']);
});

it('makes members that may be undefined such that may be missing', () => {
  const id = undefined as string | undefined;
  expectTypeOf(definedOf({ id, order: 1 })).toEqualTypeOf<{ order: number } & { id?: string }>();
});
