import { expect, test } from 'vitest';
import {
  allows,
  authorizerContext,
  type Caller,
  callerOf,
  checkAllowed,
  checkScope,
} from '../../../../lambdas/http/caller.ts';
import { anEvent, codesOf } from '../../../support/requests.ts';

const eventOf = (authorizer: unknown, authorization = ['Bearer a']) =>
  anEvent({ requestContext: { authorizer } as never, multiValueHeaders: { authorization } });

test.each([
  ['all procedures', undefined],
  ['some', ['lead', 'a,"b"']],
  ['none', []],
])('a caller who may use %s comes back from the context of the authorizer', (_what, procedures) => {
  const caller = { team: 'local', procedures, scope: 'plan' } as const;
  expect(callerOf(eventOf(authorizerContext(caller)))).toEqual(caller);
});

test('API Gateway passes on texts only', () => {
  for (const value of Object.values(
    authorizerContext({ team: 'local', procedures: ['lead'], scope: 'read' }),
  )) {
    expect(value).toBeTypeOf('string');
  }
});

test('a request with two keys is refused: the limit might count another than the one let in', () => {
  expect(codesOf(() => callerOf(eventOf({ team: 'local' }, ['Bearer a', 'Bearer b'])))).toBe(
    '400 BAD_REQUEST',
  );
});

test('a procedure that the key does not list is refused', () => {
  const caller: Caller = { team: 'local', procedures: ['lead'], scope: 'read' };
  expect([allows(caller, 'lead'), allows(caller, 'contact')]).toEqual([true, false]);
  expect(codesOf(() => checkAllowed(caller, 'contact'))).toBe('403 PROCEDURE_FORBIDDEN');
  expect(codesOf(() => checkAllowed({ ...caller, procedures: undefined }, 'contact'))).toBe('accepted');
});

test('a context from before there were scopes, which API Gateway may still have, allows everything', () => {
  expect(callerOf(eventOf({ team: 'local' })).scope).toBe('write');
});

test.each(['', 'admin', 'WRITE'])('a context with the scope "%s" allows nothing', (scope) => {
  expect(() => callerOf(eventOf({ team: 'local', scope }))).toThrow();
});

test.each([
  ['read', 'read', 'accepted'],
  ['read', 'plan', '403 SCOPE_MISSING'],
  ['read', 'write', '403 SCOPE_MISSING'],
  ['plan', 'read', 'accepted'],
  ['plan', 'plan', 'accepted'],
  ['plan', 'write', '403 SCOPE_MISSING'],
  ['write', 'read', 'accepted'],
  ['write', 'plan', 'accepted'],
  ['write', 'write', 'accepted'],
] as const)('a key with the scope %s, where %s is needed: %s', (scope, needed, outcome) => {
  expect(codesOf(() => checkScope({ scope }, needed))).toBe(outcome);
});
