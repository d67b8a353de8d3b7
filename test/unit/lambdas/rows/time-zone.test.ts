import { expect, test } from 'vitest';
import { momentOf, offsetAt, offsetText } from '../../../../lambdas/rows/time-zone.ts';

const HOUR = 60 * 60 * 1000;

test.for<[string, number, number | undefined]>([
  ['UTC', Date.UTC(2026, 10, 24, 14, 30), Date.UTC(2026, 10, 24, 14, 30)],
  ['Europe/Berlin', Date.UTC(2026, 10, 24, 14, 30), Date.UTC(2026, 10, 24, 13, 30)],
  ['Europe/Berlin', Date.UTC(2026, 6, 24, 14, 30), Date.UTC(2026, 6, 24, 12, 30)],
  // The last hour of winter, the first of summer, and the one between them that no clock shows.
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1, 59), Date.UTC(2026, 2, 29, 0, 59)],
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 2, 30), undefined],
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 3), Date.UTC(2026, 2, 29, 1)],
  // Clocks show it twice.
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 2, 30), undefined],
  ['Asia/Kathmandu', Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 24) - 5.75 * HOUR],
  // It left out this day: https://github.com/eggert/tz/blob/main/australasia
  ['Pacific/Apia', Date.UTC(2011, 11, 30, 12), undefined],
])('in %s, the local time %i is %i', ([timeZone, local, moment]) => {
  expect(momentOf(timeZone, local)).toBe(moment);
});

test('an offset is written as ISO 8601 has it', () => {
  const offsets = [0, 1 * HOUR, -3.5 * HOUR, 5.75 * HOUR, 1].map(offsetText);
  expect(offsets).toEqual(['+00:00', '+01:00', '-03:30', '+05:45', undefined]);
  expect(offsetAt('America/New_York', Date.UTC(2026, 6, 1))).toBe(-4 * HOUR);
});
