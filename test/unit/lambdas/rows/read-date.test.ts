import { expect, test } from 'vitest';
import type { DateOrder } from '../../../../lambdas/rows/locale.ts';
import { readDate } from '../../../../lambdas/rows/read-date.ts';

function read(cell: string, order: DateOrder, locale?: string): string | undefined {
  const found = readDate(cell, order, locale);
  return found && [found.day, found.time, found.offset].filter((part) => part !== undefined).join(' ');
}

test.for<[string, DateOrder, string, string]>([
  ['24.11.2026', 'dmy', 'de', '2026-11-24'],
  ['4.1.2026', 'dmy', 'de', '2026-01-04'],
  ['24. 11. 2026', 'dmy', 'de', '2026-11-24'],
  ['24.11.2026 14:30', 'dmy', 'de', '2026-11-24 14:30'],
  ['24.11.2026, 9:05:07', 'dmy', 'de', '2026-11-24 09:05:07'],
  ['24. November 2026', 'dmy', 'de', '2026-11-24'],
  ['24. Nov. 2026', 'dmy', 'de', '2026-11-24'],
  ['1. März 2026 um 14:30', 'dmy', 'de', '2026-03-01 14:30'],
  ['1. Jänner 2026', 'dmy', 'de-AT', '2026-01-01'],
  ['11/24/2026', 'mdy', 'en-US', '2026-11-24'],
  ['Nov 24, 2026', 'mdy', 'en-US', '2026-11-24'],
  ['24-Nov-2026', 'mdy', 'en-US', '2026-11-24'],
  ['11/24/2026, 2:30 PM', 'mdy', 'en-US', '2026-11-24 14:30'],
  // https://github.com/date-fns/date-fns/issues/3348
  ['11/24/2026, 2:30\u202fPM', 'mdy', 'en-US', '2026-11-24 14:30'],
  ['11/24/2026 12:00 AM', 'mdy', 'en-US', '2026-11-24 00:00'],
  ['11/24/2026 12:00 pm', 'mdy', 'en-US', '2026-11-24 12:00'],
  ['24/11/2026', 'dmy', 'en-GB', '2026-11-24'],
  ['24 de noviembre de 2026 a las 14:30', 'dmy', 'es', '2026-11-24 14:30'],
  // https://github.com/moment/luxon/pull/762
  ['24/11/2026 2:30 p.\u00a0m.', 'dmy', 'es', '2026-11-24 14:30'],
  ['24.11.2026 14.30', 'dmy', 'fi', '2026-11-24 14:30'],
  ['2026年11月24日', 'ymd', 'ja', '2026-11-24'],
  ['2026. 11. 24.', 'ymd', 'hu', '2026-11-24'],
  ['2026/11/24', 'dmy', 'de', '2026-11-24'],
  ['2026-11-24', 'mdy', 'de', '2026-11-24'],
  ['2026-11-24 14:30', 'dmy', 'de', '2026-11-24 14:30'],
  ['2026-11-24T14:30:00.123Z', 'dmy', 'de', '2026-11-24 14:30:00.123 Z'],
  ['2026-11-24T14:30+0100', 'dmy', 'de', '2026-11-24 14:30 +0100'],
])('"%s" (%s, %s) is %s', ([cell, order, locale, day]) => {
  expect(read(cell, order, locale)).toBe(day);
});

test('the order decides a date that has two', () => {
  // https://github.com/dannymcc/may/issues/250
  expect(read('12/01/2026', 'mdy')).toBe('2026-12-01');
  expect(read('12/01/2026', 'dmy')).toBe('2026-01-12');
});

test.for<[string, DateOrder]>([
  // In the other order it is a date: https://github.com/wireservice/csvkit/issues/280
  ['31/12/2012', 'mdy'],
  ['12/31/2012', 'dmy'],
  // A `Date` makes another day of it: https://github.com/spencermountain/spacetime/issues/50
  ['30.02.2018', 'dmy'],
  ['2018-02-30', 'dmy'],
  ['29.02.2026', 'dmy'],
  ['31.04.2026', 'dmy'],
  ['00.01.2026', 'dmy'],
  // Not the year 91: https://github.com/submersion-app/submersion/issues/1829
  ['15.04.91', 'dmy'],
  ['4/15/26', 'mdy'],
  ['26.06.26', 'dmy'],
  ['24. Nov 26', 'dmy'],
  ['15.04.0091', 'dmy'],
  ['24.11.12026', 'dmy'],
  ['24.11/2026', 'dmy'],
  ['24.11.', 'dmy'],
  ['11.2026', 'dmy'],
  ['24.11.2026 25:00', 'dmy'],
  ['24.11.2026 24:00', 'dmy'],
  ['24.11.2026 14:61', 'dmy'],
  ['24.11.2026 14:30 15:30', 'dmy'],
  ['24.11.2026 13:00 PM', 'dmy'],
  ['24.11.2026 0:30 AM', 'dmy'],
  ['24.11.2026 PM', 'dmy'],
  ['14:30', 'dmy'],
  ['46350', 'dmy'],
  ['20261124', 'dmy'],
  ['03/04/2026', 'ymd'],
  ['Nov 24 2026 Nov', 'mdy'],
  ['gestern', 'dmy'],
  ['', 'dmy'],
  ['1.'.repeat(500_000), 'dmy'],
])('"%s" (%s) is not a date', ([cell, order]) => {
  expect(readDate(cell, order, 'en')).toBeUndefined();
});
