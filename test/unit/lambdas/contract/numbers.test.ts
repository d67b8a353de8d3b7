import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExactNumber } from '../../../../lambdas/contract/numbers.ts';

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
        const [whole = '', fraction = ''] = mantissa.split('.');
        const written = BigInt(whole + fraction) * 10n ** BigInt(30 + Number(exponent) - fraction.length);
        const sent = digits * 10n ** BigInt(30 - scale);
        expect(isExactNumber(text)).toBe(isSafe && written === sent);
      }),
      { numRuns: 1_000 },
    );
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
});
