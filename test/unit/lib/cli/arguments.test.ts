import { expect, test } from 'vitest';
import { positive, positiveInteger } from '../../../../lib/cli/arguments.ts';

test.for([
  ['1', 1],
  ['0.5', 0.5],
  ['365', 365],
  ['9999999', 9_999_999],
] as const)('%s is a number above 0', ([text, value]) => {
  expect(positive(text)).toBe(value);
});

test.for(['', '0', '0.0', '-1', '1e9', '0x10', 'Infinity', 'many', ' 1', '1,5', '10000000'])(
  '%j is no number above 0',
  (text) => {
    expect(() => positive(text)).toThrow('Give a number above 0, at most 9,999,999.');
  },
);

test('a whole number has no decimals', () => {
  expect(positiveInteger('20')).toBe(20);
  expect(() => positiveInteger('0.5')).toThrow('Give a whole number above 0.');
  expect(() => positiveInteger('0')).toThrow('Give a number above 0');
});

test('the largest number of days is still a date', () => {
  const expiresAt = Date.now() + positive('9999999') * 24 * 60 * 60 * 1000;
  expect(new Date(expiresAt).toISOString()).toMatch(/^\+\d{6}-/);
});
