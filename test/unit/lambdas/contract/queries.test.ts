import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cursorOf, cursorSchema, limitSchema } from '../../../../lambdas/contract/queries.ts';
import { readQuery } from '../../../../lambdas/http/parameters.ts';
import { anEvent, codesOf } from '../../../support/requests.ts';

describe('parameters', () => {
  const schema = v.object({ limit: limitSchema(1000, 100), cursor: cursorSchema });
  const query = (
    queryStringParameters: Record<string, string> | null,
    multiValueQueryStringParameters: Record<string, string[]> | null = null,
  ) => readQuery(anEvent({ queryStringParameters, multiValueQueryStringParameters }), schema);

  it('have their standard', () => {
    expect(query(null)).toEqual({ limit: 100 });
    expect(query({ limit: '1000', cursor: cursorOf(17) })).toEqual({ limit: 1000, cursor: 17 });
  });

  it.each(['0', '1001', '-1', '1.5', 'x', '', '1e2', '99999999999'])('limit %j is refused', (limit) => {
    expect(codesOf(() => query({ limit }))).toBe('400 MALFORMED_PARAMETER');
  });

  it.each([
    '',
    '0',
    'zzz',
    Buffer.from('from:-1').toString('base64url'),
    Buffer.from('from:017').toString('base64url'),
    cursorOf(Number.NaN),
    `${cursorOf(1)}!!`,
    `${cursorOf(1)}=`,
    ` ${cursorOf(1)}`,
  ])('cursor %j is refused', (cursor) => {
    expect(codesOf(() => query({ cursor }))).toBe('400 MALFORMED_PARAMETER');
  });
});
