import { expect, test } from 'vitest';
import { attributeOf } from '../../../../lambdas/contract/procedure.ts';
import { aProcedure } from '../../../support/builders.ts';

test('an attribute is found by its name, and nothing that every object inherits', () => {
  expect(attributeOf(aProcedure(), 'city')).toEqual({ type: 'string' });
  for (const name of ['town', 'constructor', '__proto__', 'toString']) {
    expect(attributeOf(aProcedure(), name)).toBeUndefined();
  }
});
