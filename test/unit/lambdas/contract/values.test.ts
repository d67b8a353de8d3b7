import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { attributeSchema } from '../../../../lambdas/contract/attribute-types.ts';
import { isExactNumber } from '../../../../lambdas/contract/numbers.ts';
import { FIELD_SCHEMAS, quote } from '../../../../lambdas/contract/values.ts';

const accepts = (schema: v.GenericSchema, value: unknown) => {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
};

const INTEGER = attributeSchema({ type: 'integer' });
const DECIMAL = attributeSchema({ type: 'decimal' });

describe('numbers', () => {
  it.each(['0', '-0', '1', '1.5', '1.50', '15e-1', '0.1', '9007199254740991', '1e15', '123456789.123456'])(
    '%s is kept exactly',
    (text) => expect(isExactNumber(text)).toBe(true),
  );

  it.each([
    '9007199254740993',
    '9007199254740992',
    '0.12345678901234567890',
    '1e400',
    '1.7976931348623159e308',
  ])('%s is not', (text) => expect(isExactNumber(text)).toBe(false));

  it('are told apart as reading them and writing them back does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), fc.nat({ max: 12 }), (digits, scale) => {
        const text = `${digits}e-${scale}`;
        const value = Number(text);
        const isSafe = !Number.isInteger(value) || Number.isSafeInteger(value);
        const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
        const [whole = '', fraction = ''] = mantissa.split('../..');
        const written = BigInt(whole + fraction) * 10n ** BigInt(30 + Number(exponent) - fraction.length);
        const sent = digits * 10n ** BigInt(30 - scale);
        expect(isExactNumber(text)).toBe(isSafe && written === sent);
      }),
      { numRuns: 1_000 },
    );
  });

  it('come as numbers or as their text', () => {
    expect(accepts(INTEGER, '105')).toBe(105);
    expect(accepts(INTEGER, 105)).toBe(105);
    expect(accepts(INTEGER, '1e3')).toBe(1000);
    expect(accepts(DECIMAL, '-1.5')).toBe(-1.5);
    expect(Object.is(accepts(DECIMAL, -0), 0)).toBe(true);
  });

  it.each([
    '',
    ' ',
    ' 1',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '1,5',
    '01',
    '+1',
    '.5',
    '1.',
    'null',
    true,
    [],
    {},
  ])('%j is none', (value) => {
    expect(accepts(INTEGER, value)).toBeUndefined();
    expect(accepts(DECIMAL, value)).toBeUndefined();
  });

  it('with a fraction are not integers', () => {
    expect(accepts(INTEGER, 1.5)).toBeUndefined();
    expect(accepts(INTEGER, '1.5')).toBeUndefined();
  });

  it('whose range is told, are exact within it', () => {
    const message = (value: unknown) => v.safeParse(DECIMAL, value).issues?.[0].message;
    for (const value of ['9007199254740993', '1e20', 1e126, '1e-131']) {
      expect(message(value)).toContain(
        'up to 9007199254740991, others have at most 15 significant digits and a magnitude of 1e-130 to 9.99e125',
      );
    }
    for (const text of [
      '9007199254740991',
      '-9007199254740991',
      '1e-130',
      '0.123456789012345',
      '123456789012.345',
    ]) {
      expect(accepts(DECIMAL, text), text).toBe(Number(text));
    }
  });

  it.each([
    [`0.1${'0'.repeat(2_000_000)}1`, false],
    [`0.1${'0'.repeat(2_000_000)}`, true],
    [`${'1'.repeat(2_000_000)}`, false],
    [`1e${'9'.repeat(2_000_000)}`, false],
    [`1e-${'0'.repeat(2_000_000)}1`, true],
    [`0e${'9'.repeat(2_000_000)}`, true],
    [`0.${'0'.repeat(2_000_000)}`, true],
  ])('of millions of digits are told apart in milliseconds', (text, isExact) => {
    const start = performance.now();
    expect(isExactNumber(text)).toBe(isExact);
    // Time in proportion to the square of the length is half a minute.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it.each([1e126, -1e126, 1e-131])('%d is beyond what DynamoDB stores', (value) => {
    expect(accepts(DECIMAL, value)).toBeUndefined();
  });
});

describe('other attributes', () => {
  it('are taken as they are and never converted', () => {
    expect(accepts(attributeSchema({ type: 'string' }), '')).toBe('');
    expect(accepts(attributeSchema({ type: 'string' }), '😀\u0000')).toBe('😀\u0000');
    expect(accepts(attributeSchema({ type: 'string' }), 5)).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'string' }), '\ud800')).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'boolean' }), false)).toBe(false);
    expect(accepts(attributeSchema({ type: 'boolean' }), 'false')).toBeUndefined();
    expect(accepts(attributeSchema({ type: 'boolean' }), 0)).toBeUndefined();
  });
});

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
    expect(quote([])).toBe('an array');
    expect(quote({})).toBe('an object');
    expect(quote(`${'x'.repeat(59)}😀`)).toBe(`"${'x'.repeat(59)}…"`);
    expect(quote(`${'x'.repeat(58)}😀`)).toBe(`"${'x'.repeat(58)}😀"`);
    expect(quote('x'.repeat(1_000)).length).toBeLessThan(70);
    expect(quote(Number.POSITIVE_INFINITY)).toBe('a number that is too large');
  });
});
