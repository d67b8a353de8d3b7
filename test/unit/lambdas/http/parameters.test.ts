import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cursorSchema, limitSchema, noQuery } from '../../../../lambdas/contract/queries.ts';
import {
  idempotencyKey,
  pathWithQuery,
  preferredWait,
  readQuery,
} from '../../../../lambdas/http/parameters.ts';
import { anEvent, codesOf } from '../../../support/requests.ts';

describe('parameters', () => {
  const schema = v.object({ limit: limitSchema(1000, 100), cursor: cursorSchema });
  const query = (
    queryStringParameters: Record<string, string> | null,
    multiValueQueryStringParameters: Record<string, string[]> | null = null,
  ) => readQuery(anEvent({ queryStringParameters, multiValueQueryStringParameters }), schema);

  it('that are wrong are all told', () => {
    expect(codesOf(() => query({ limit: '0', cursor: '?' }))).toBe(
      '400 MALFORMED_PARAMETER,MALFORMED_PARAMETER',
    );
  });

  it.each([
    ['LIMIT', '"LIMIT" is not known. Send limit, or leave it out.'],
    ['lim-it', '"lim-it" is not known. Send limit, or leave it out.'],
    ['_Cursor', '"_Cursor" is not known. Send cursor, or leave it out.'],
    ['__proto__', '"__proto__" is not known.'],
    ['', '"" is not known.'],
    ['x'.repeat(10_000), '"xxxxx'],
  ])('%s is not known', (name, message) => {
    const sent = () => query(Object.fromEntries([[name, '5']]));
    expect(codesOf(sent)).toBe('400 MALFORMED_PARAMETER');
    expect(sent).toThrow(message);
  });

  it('of a route that takes none are refused', () => {
    const sent = () => readQuery(anEvent({ queryStringParameters: { dryRun: 'true' } }), noQuery);
    expect(sent).toThrow('"dryRun" is not known. Leave it out: this route takes none.');
  });

  it('are not given twice with different values', () => {
    expect(codesOf(() => query({ limit: '6' }, { limit: ['5', '6'] }))).toBe('400 MALFORMED_PARAMETER');
    expect(query({ limit: '5' }, { limit: ['5', '5'] })).toEqual({ limit: 5 });
  });

  it('make a path', () => {
    expect(pathWithQuery('/x', { a: 'b c', n: 1, none: undefined })).toBe('/x?a=b+c&n=1');
  });

  it.each([
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['wait="7"; x=1', 7],
    ['wait=99', 20],
    ['wait=x', undefined],
    ['await=5', undefined],
    ['', undefined],
  ])('Prefer: %s waits %s seconds', (prefer, seconds) => {
    expect(preferredWait(anEvent({ headers: { prefer } }), 20)).toBe(seconds);
  });

  it('Idempotency-Key has 1 to 255 characters', () => {
    const key = (value: string) => () => idempotencyKey(anEvent({ headers: { 'idempotency-key': value } }));
    expect(key('k'.repeat(255))()).toHaveLength(255);
    expect(codesOf(key(''))).toBe('400 MALFORMED_PARAMETER');
    expect(codesOf(key('k'.repeat(256)))).toBe('400 MALFORMED_PARAMETER');
    expect(idempotencyKey(anEvent({}))).toBeUndefined();
    const twice = anEvent({
      headers: { 'idempotency-key': 'k' },
      multiValueHeaders: { 'idempotency-key': ['k', 'k'] },
    });
    expect(codesOf(() => idempotencyKey(twice))).toBe('400 MALFORMED_PARAMETER');
  });
});
