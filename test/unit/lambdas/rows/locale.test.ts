import { expect, test } from 'vitest';
import { dateOrderOf, dateWordsOf, knownLocale, numberStyleOf } from '../../../../lambdas/rows/locale.ts';

test.for<[string, string, string | undefined]>([
  ['de', '1.234,50', 'dmy'],
  ['de-CH', "1'234.50", 'dmy'],
  ['en-US', '1,234.50', 'mdy'],
  ['en-GB', '1,234.50', 'dmy'],
  ['fr', '1 234,50', 'dmy'],
  // It writes 1234,50 without a sign, and 12.345,50 with one.
  ['es', '1.234,50', 'dmy'],
  ['sv', '1 234,50', 'ymd'],
  ['ja', '1,234.50', 'ymd'],
  // In its digits, the signs are others.
  ['ar-EG', '1,234.50', 'dmy'],
  // Their years are those of other calendars: 2569 would be read as a year of ours.
  ['th', '1,234.50', undefined],
  ['fa', '1,234.50', undefined],
])('%s writes %s and %s', ([locale, style, order]) => {
  expect([numberStyleOf(locale), dateOrderOf(locale)]).toEqual([style, order]);
});

test('months have their names in dates and alone', () => {
  const { months } = dateWordsOf('pl');
  expect(['listopada', 'listopad', 'lis'].map((name) => months.get(name))).toEqual([11, 11, 11]);
});

test.for<[string, string | undefined]>([
  ['de', 'de'],
  ['de-de', 'de-DE'],
  ['de_DE', undefined],
  ['deutsch', undefined],
  ['xx', undefined],
  ['', undefined],
  ['a'.repeat(1_000_000), undefined],
])('the locale "%s" is %s', ([text, locale]) => {
  expect(knownLocale(text)).toBe(locale);
});
