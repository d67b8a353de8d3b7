import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FIELD_SCHEMAS, quote } from '../../../../lambdas/contract/values.ts';

const accepts = (schema: v.GenericSchema, value: unknown) => {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
};

describe('fields', () => {
  it('nextActionAt is epoch milliseconds, as a number or its digits', () => {
    expect(accepts(FIELD_SCHEMAS.nextActionAt, 1_616_253_910_842)).toBe(1_616_253_910_842);
    expect(accepts(FIELD_SCHEMAS.nextActionAt, '1616253910842')).toBe(1_616_253_910_842);
    expect(accepts(FIELD_SCHEMAS.nextActionAt, null)).toBeNull();
  });

  it.each([1_616_253_910, '1616253910', 0, -1, 1.5, '', 'soon', 1_616_253_910_842_000, true])(
    'nextActionAt is not %j',
    (value) => expect(accepts(FIELD_SCHEMAS.nextActionAt, value)).toBeUndefined(),
  );

  it.each(['', ' 1616253910842', 'soon', true])('what is wrong with nextActionAt %j is told', (value) => {
    const { issues } = v.safeParse(FIELD_SCHEMAS.nextActionAt, value);
    expect(issues?.map(({ message }) => message)).toEqual([
      'is not a time: send epoch milliseconds such as 1616253910842, or null to clear',
    ]);
  });

  it('assignedTo names somebody or nobody', () => {
    expect(accepts(FIELD_SCHEMAS.assignedTo, 'Ada')).toBe('Ada');
    expect(accepts(FIELD_SCHEMAS.assignedTo, null)).toBeNull();
    for (const value of ['', '  ', 5, {}]) expect(accepts(FIELD_SCHEMAS.assignedTo, value)).toBeUndefined();
  });

  it('isDeleted is true or nothing', () => {
    expect(accepts(FIELD_SCHEMAS.isDeleted, true)).toBe(true);
    for (const value of [false, null, 'true', 1])
      expect(accepts(FIELD_SCHEMAS.isDeleted, value)).toBeUndefined();
  });
});

describe('a value in a message', () => {
  it('is its JSON, cut short', () => {
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote(null)).toBe('null');
    expect(quote('\u202a+1 212\u00a0555\u202c')).toBe(String.raw`"\u202a+1 212\u00a0555\u202c"`);
    expect(quote([])).toBe('an array');
    expect(quote({})).toBe('an object');
    expect(quote(`${'x'.repeat(59)}😀`)).toBe(`"${'x'.repeat(59)}…"`);
    expect(quote(`${'x'.repeat(58)}😀`)).toBe(`"${'x'.repeat(58)}😀"`);
    expect(quote('x'.repeat(1_000)).length).toBeLessThan(70);
    expect(quote(Number.POSITIVE_INFINITY)).toBe('a number that is too large');
  });
});
