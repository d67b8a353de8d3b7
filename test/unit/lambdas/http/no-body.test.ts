import { expect, test } from 'vitest';
import { checkNoBody } from '../../../../lambdas/http/no-body.ts';
import { anEvent, codesOf } from '../../../support/requests.ts';

const check = (body: string | null) => codesOf(() => checkNoBody(anEvent({ body })));

test.each([null, '', ' \n', '{}', ' { } '])('%j says nothing', (body) =>
  expect(check(body)).toBe('accepted'),
);

test.each([
  ['{"dryRun":true}', '400 UNKNOWN_MEMBER'],
  ['{"a":1,"b":2}', '400 UNKNOWN_MEMBER,UNKNOWN_MEMBER'],
  ['[]', '400 MALFORMED_JSON'],
  ['null', '400 MALFORMED_JSON'],
  ['{', '400 MALFORMED_JSON'],
  ['['.repeat(100_000), '400 MALFORMED_BODY'],
])('%s is refused', (body, refusal) => expect(check(body)).toBe(refusal));
