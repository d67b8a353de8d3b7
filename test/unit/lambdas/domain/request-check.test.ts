import { expect, test } from 'vitest';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { RequestCheck } from '../../../../lambdas/domain/request-check.ts';
import { aProcedure } from '../../../support/builders.ts';

test('each further item lists one error once the errors of a request are as long as a body may be', () => {
  const check = new RequestCheck(aProcedure());
  const megabyte = { code: 'INVALID_VALUE', message: 'x'.repeat(1024 * 1024 - 1), pointer: 'y' } as const;
  for (let listed = 0; listed < 20; listed++) {
    expect(check.maxErrors).toBe(MAX_ERRORS);
    check.noteListed([megabyte]);
  }
  expect(check.maxErrors).toBe(1);
});
