import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { optionsSchema } from '../../../../lambdas/contract/options.ts';

describe('the options of a PATCH', () => {
  it.each([
    [{}],
    [{ name: 'x' }],
    [{ name: ' ' }],
    [{ name: '😀'.repeat(200) }],
    [{ name: 'a\nb\u0000' }],
    [{ source: {} }],
    [{ source: { file: 'leads.csv', lines: [1, 1, Number.MAX_SAFE_INTEGER] } }],
  ])('take %j as it is', (options) => expect(v.parse(optionsSchema, options)).toEqual(options));

  it.each([
    [{ name: '' }],
    [{ name: null }],
    [{ name: 7 }],
    [{ name: 'x'.repeat(201) }],
    [{ name: '\ud800' }],
    [{ source: null }],
    [{ source: [] }],
    [{ source: { file: '' } }],
    [{ source: { file: 'x'.repeat(256) } }],
    [{ source: { file: '\udc00' } }],
    [{ source: { lines: 2 } }],
    [{ source: { lines: [0] } }],
    [{ source: { lines: [1.5] } }],
    [{ source: { lines: ['2'] } }],
    [{ source: { lines: [null] } }],
    [{ source: { lines: [2 ** 53] } }],
  ])('refuse %j', (options) => expect(v.safeParse(optionsSchema, options).success).toBe(false));
});
