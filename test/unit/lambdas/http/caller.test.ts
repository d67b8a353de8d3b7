import { expect, test } from 'vitest';
import { allows, authorizerContext, callerOf, checkAllowed } from '../../../../lambdas/http/caller.ts';
import { anEvent, codesOf } from '../../../support/requests.ts';

const eventOf = (authorizer: unknown, authorization = ['Bearer a']) =>
  anEvent({ requestContext: { authorizer } as never, multiValueHeaders: { authorization } });

test.each([
  ['all procedures', undefined],
  ['some', ['lead', 'a,"b"']],
  ['none', []],
])('a caller who may use %s comes back from the context of the authorizer', (_what, procedures) => {
  const caller = { team: 'local', procedures };
  expect(callerOf(eventOf(authorizerContext(caller)))).toEqual(caller);
});

test('API Gateway passes on texts only', () => {
  for (const value of Object.values(authorizerContext({ team: 'local', procedures: ['lead'] }))) {
    expect(value).toBeTypeOf('string');
  }
});

test('a request with two keys is refused: the limit might count another than the one let in', () => {
  expect(codesOf(() => callerOf(eventOf({ team: 'local' }, ['Bearer a', 'Bearer b'])))).toBe(
    '400 BAD_REQUEST',
  );
});

test('a procedure that the key does not list is refused', () => {
  const caller = { team: 'local', procedures: ['lead'] };
  expect([allows(caller, 'lead'), allows(caller, 'contact')]).toEqual([true, false]);
  expect(codesOf(() => checkAllowed(caller, 'contact'))).toBe('403 PROCEDURE_FORBIDDEN');
  expect(codesOf(() => checkAllowed({ ...caller, procedures: undefined }, 'contact'))).toBe('accepted');
});
