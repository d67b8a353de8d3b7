import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  dayAndTimeText,
  dayText,
  momentOf,
  serialOf,
  timeOfDay,
  timeText,
} from '../../../../lambdas/rows/xlsx-dates.ts';

const dayOf = (serial: number, is1904 = false) => {
  const moment = momentOf(serial, is1904);
  return moment === undefined ? undefined : dayText(moment);
};

test.for([
  [1, '1900-01-01'],
  [59, '1900-02-28'],
  // 29 February 1900 never was: https://github.com/tidyverse/readxl/issues/264
  [60, undefined],
  [60.5, undefined],
  [61, '1900-03-01'],
  [46350, '2026-11-24'],
  [46350.999999999, '2026-11-25'],
  [2_958_465, '9999-12-31'],
  [2_958_466, undefined],
  [0, undefined],
  [0.5, undefined],
  [-1, undefined],
  [1e300, undefined],
] as const)('of 1900, %s is %s', ([serial, day]) => {
  expect(dayOf(serial)).toBe(day);
});

test.for([
  [0, '1904-01-01'],
  [59, '1904-02-29'],
  // https://github.com/exceljs/exceljs/issues/1002
  [44_888, '2026-11-24'],
  [-1, undefined],
] as const)('of 1904, %s is %s', ([serial, day]) => {
  expect(dayOf(serial, true)).toBe(day);
});

test.for([
  // https://github.com/tidyverse/readxl/issues/370: 11:30 was read as 11:29:59.
  [42_488.479166666664, '2016-04-28T11:30:00'],
  [46_350.35416666667, '2026-11-24T08:30:00'],
  [46_350 + 1 / 86_400, '2026-11-24T00:00:01'],
  [46_350.35416666667 + 0.123 / 86_400, '2026-11-24T08:30:00.123'],
] as const)('%s is %s', ([serial, text]) => {
  expect(dayAndTimeText(momentOf(serial, false) ?? Number.NaN)).toBe(text);
});

test('every moment is itself again as a serial number', () => {
  const [from, to] = [Date.UTC(1900, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)];
  fc.assert(
    fc.property(fc.integer({ min: from, max: to }), (moment) => {
      expect(momentOf(serialOf(moment), false)).toBe(moment);
    }),
  );
});

test('times and durations are written with two digits or more', () => {
  expect([0, 30_600_000, 86_399_999, 26.5 * 3_600_000, 9_999 * 3_600_000].map(timeText)).toEqual([
    '00:00:00',
    '08:30:00',
    '23:59:59.999',
    '26:30:00',
    '9999:00:00',
  ]);
  expect(timeOfDay(46_350.25)).toBe(6 * 3_600_000);
});
