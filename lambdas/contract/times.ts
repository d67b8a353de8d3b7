import * as v from 'valibot';

/** The first and last milliseconds of the years that ISO 8601 writes with four digits, 0000 to 9999. */
const EARLIEST = -62_167_219_200_000;
const LATEST = 253_402_300_799_999;

/** Epoch milliseconds, as a number or its digits. Zeros in front and -0 are no other times. */
const milliseconds = (expected: string) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+$/, expected))], expected),
    v.transform((time) => Number(time) + 0),
    v.check((time) => Number.isInteger(time), expected),
    v.check(
      (time) => time <= LATEST,
      'lies beyond the year 9999: send epoch milliseconds, not micro- or nanoseconds, or null to clear',
    ),
    v.check((time) => time >= EARLIEST, 'lies before the year 0: send a later time, or null to clear'),
  );

/** Epoch milliseconds of 1973-03-03. Nothing is planned for a time before: a smaller number is in seconds. */
const EARLIEST_PLAN = 100_000_000_000;

/**
 * A time that is planned for, in epoch milliseconds, as a number or its digits.
 * @param expected - what is said of anything else
 */
export const plannedTime = (expected: string) =>
  v.pipe(
    milliseconds(expected),
    v.check((time) => time >= 0, expected),
    v.check(
      (time) => time >= EARLIEST_PLAN,
      'lies before 1973 in epoch milliseconds: if it is in seconds, multiply it by 1000, or send null to clear',
    ),
  );

/** Seconds up to the year 2100. As milliseconds they all lie within 48 days of 1970-01-01. */
const LARGEST_SECONDS = 4_102_444_800;

/** Whether a number may be a time in seconds. 0 is the same time in both. */
function maySeconds(time: number): boolean {
  return time !== 0 && Math.abs(time) < LARGEST_SECONDS;
}

/**
 * A time in epoch milliseconds, as a number or its digits.
 * @param expected - what is said of anything else
 */
export const epochMilliseconds = (expected: string) =>
  v.pipe(
    milliseconds(expected),
    v.check(
      (time) => !maySeconds(time),
      'is a time within 48 days of 1970-01-01 in epoch milliseconds, and may be in seconds: if it is, multiply it by 1000, or send null to clear',
    ),
  );

const DAY_MS = 24 * 60 * 60 * 1000;

/** Time zones differ by quarters of an hour. */
const QUARTER_MS = 15 * 60 * 1000;

/**
 * A day, as the epoch milliseconds of its beginning in UTC; or any epoch milliseconds, which stay as they are.
 *
 * Of a number that may be in seconds, one is a day if it begins one somewhere on earth: `0` and `1123200000` are days of
 * January 1970, as this service and others store them.
 * @param expected - what is said of anything else
 */
export const date = (expected: string) =>
  v.union(
    [
      v.pipe(v.string(), v.isoDate(expected), v.check(isRealDay, expected), v.transform(Date.parse)),
      v.pipe(
        milliseconds(expected),
        v.check(
          (time) => !maySeconds(time) || time % QUARTER_MS === 0,
          'begins no day in epoch milliseconds, and may be in seconds: send the day as text such as "1972-05-04", or null to clear',
        ),
      ),
    ],
    expected,
  );

/** Digits that may be hours and minutes (1430), seconds too (143015), or milliseconds: only zeros are midnight in each. */
const AMBIGUOUS_DIGITS = /^(?!0+$)\d{1,6}$/;

/**
 * A time of day, as milliseconds since midnight.
 * @param expected - what is said of anything else
 */
export const timeOfDay = (expected: string) =>
  v.pipe(
    v.union([v.number(), v.string()], expected),
    v.check(
      (time) => typeof time === 'number' || !AMBIGUOUS_DIGITS.test(time),
      'may be a time without its colon, or milliseconds: write it as "14:30" or "14:30:15.250", or send null to clear',
    ),
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
    ),
  );

/** Digits, as far as a day has a place for them: whether the month has the day is checked apart. */
const DAY = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const HOUR = String.raw`(?:[01]\d|2[0-3])`;
const MINUTE = String.raw`[0-5]\d`;
/** Midnight at the end of a day is hour 24 (ISO 8601-1:2019/Amd 1:2022), in which nothing follows. */
const TIME = String.raw`(?:${HOUR}:${MINUTE}(?::${MINUTE}(?:[.,]\d+)?)?|24:00(?::00(?:[.,]0+)?)?)`;
const OFFSET = String.raw`(?:Z|[+\-]${HOUR}(?::?${MINUTE})?)`;
/**
 * ISO 8601 in its extended format, with a calendar date: seconds and fraction may be left out
 * (`OffsetDateTime.toString()` of Java leaves out seconds that are 0), the decimal sign may be a comma, the offset may be
 * hours alone (PostgreSQL). Dates by week or day of the year, fractions of a minute and leap seconds are not taken: few
 * programs read them. A space instead of the T is RFC 3339's, not ISO 8601's.
 */
export const ISO_TIMESTAMP = new RegExp(`^${DAY}T${TIME}${OFFSET}$`);

/**
 * A moment in ISO 8601, with an offset from UTC: kept as it is.
 * @param expected - what is said of anything else
 */
export const isoTimestamp = (expected: string) =>
  v.pipe(
    v.string(expected),
    v.check(
      (text) => !/^\d{4}-\d\d-\d\d /.test(text),
      'has a space after the day: write a T instead, such as "2026-11-24T14:30:00Z", or send null to clear',
    ),
    v.regex(ISO_TIMESTAMP, expected),
    v.check(isRealDay, expected),
  );

/** `2026-02-30` has the form of a day, and a `Date` makes the second of March of it. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 'yyyy-mm-dd'.length);
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
