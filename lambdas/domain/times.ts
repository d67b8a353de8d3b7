import * as v from 'valibot';

/** Epoch milliseconds of 1973-03-03. A smaller number is read as seconds, which then reach year 5138. */
const EARLIEST_MILLISECONDS = 100_000_000_000;
/** The last millisecond of year 9999; a larger number can only be micro- or nanoseconds. */
const LATEST_MILLISECONDS = 253_402_300_799_999;

/**
 * A time in epoch milliseconds, as a number or its digits.
 * @param expected - what is said of anything else
 */
export const epochMilliseconds = (expected: string) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits(expected))], expected),
    v.transform(Number),
    v.check((time) => Number.isInteger(time) && time >= 0, expected),
    v.check(
      (time) => time >= EARLIEST_MILLISECONDS,
      'can only be in seconds: send epoch milliseconds (multiply by 1000), or null to clear',
    ),
    v.check(
      (time) => time <= LATEST_MILLISECONDS,
      'lies beyond the year 9999: send epoch milliseconds, not micro- or nanoseconds, or null to clear',
    ),
  );

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A day, as the epoch milliseconds of its beginning in UTC; or any epoch milliseconds, which stay as they are.
 * @param expected - what is said of anything else
 */
export const date = (expected: string) =>
  v.union(
    [
      v.pipe(v.string(), v.isoDate(expected), v.check(isRealDate, expected), v.transform(Date.parse)),
      epochMilliseconds(expected),
    ],
    expected,
  );

/**
 * A time of day, as milliseconds since midnight.
 * @param expected - what is said of anything else
 */
export const timeOfDay = (expected: string) =>
  v.union(
    [
      v.pipe(
        v.string(),
        v.regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/, expected),
        v.transform((time) => Date.parse(`1970-01-01T${time}Z`)),
      ),
      v.pipe(
        v.union([v.number(), v.pipe(v.string(), v.digits(expected))]),
        v.transform(Number),
        v.integer(expected),
        v.minValue(0, expected),
        v.maxValue(DAY_MS - 1, expected),
      ),
    ],
    expected,
  );

/**
 * A moment in ISO 8601, with an offset from UTC: kept as it is.
 * @param expected - what is said of anything else
 */
export const isoTimestamp = (expected: string) =>
  v.pipe(v.string(expected), v.isoTimestamp(expected), v.check(isRealDate, expected));

/** `2026-02-30` has the form of a date, and a `Date` makes the second of March of it. */
function isRealDate(text: string): boolean {
  const day = text.slice(0, 'yyyy-mm-dd'.length);
  const time = Date.parse(day);
  return ![time, Date.parse(text)].some(Number.isNaN) && new Date(time).toISOString().startsWith(day);
}
