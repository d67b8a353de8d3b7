import * as v from 'valibot';

declare global {
  interface JSON {
    /** https://tc39.es/proposal-json-parse-with-source/#sec-json.rawjson, in Node since 22. */
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/**
 * DynamoDB stores numbers of magnitude 1e-130 to 9.99e125 with 38 digits; a double beyond that is refused.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const LARGEST_NUMBER = 9.99e125;
const SMALLEST_NUMBER = 1e-130;

/** Which numbers a double carries without loss and DynamoDB stores, for messages. */
export const EXACT_NUMBERS = `whole numbers are exact up to ${Number.MAX_SAFE_INTEGER}, others have at most 15 significant digits and a magnitude of 1e-130 to 9.99e125`;

/** At most 15 digits: every double carries these, unless the exponent is extreme. */
const SHORT_NUMBER = /^-?[\d.]{1,15}(?:[eE]|$)/;
const NUMBER_TEXT = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Whether a double carries the number written as `text` without loss.
 *
 * Integers are exact up to 2^53 - 1; fractions when their shortest text has the same digits.
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  if (Math.abs(value) >= SMALLEST_NUMBER && SHORT_NUMBER.test(text)) return true;
  return decimalOf(text) === decimalOf(String(value));
}

/** A number's text as its significant digits and exponent, so that `1.50`, `15e-1` and `1.5` are equal. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const { first, end } = significantDigits(digits);
  if (first === end) return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - end);
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(first, end)}e${scale}`;
}

/**
 * Returns where the significant digits of a run of digits begin and end; the same place if all are zeros.
 *
 * Not `/0+$/`: it looks at every run of zeros from each of its digits, which takes hours for a long one.
 */
export function significantDigits(digits: string): { first: number; end: number } {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  let first = 0;
  while (first < end && digits[first] === '0') first += 1;
  return { first, end };
}

/** Parses JSON so that its numbers are written again with the digits that they have, also those that a double rounds. */
export function parseAsWritten(text: string): unknown {
  const asWritten = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? JSON.rawJSON(source)
      : value;
  return JSON.parse(text, asWritten);
}

export function isStorable(value: number): boolean {
  return value === 0 || (Math.abs(value) <= LARGEST_NUMBER && Math.abs(value) >= SMALLEST_NUMBER);
}

/** A number, or its text as JSON has it. */
export const number = (expected: string) =>
  v.pipe(
    v.union([v.number(), v.string()], expected),
    v.check((value) => typeof value === 'number' || NUMBER_TEXT.test(value), expected),
    v.check(
      (value) => typeof value === 'number' || isExactNumber(value),
      `cannot be stored exactly as a number: ${EXACT_NUMBERS}`,
    ),
    v.transform(Number),
    v.check(isStorable, `is out of range: ${EXACT_NUMBERS}`),
    // -0 has no place in DynamoDB.
    v.transform((value: number) => value + 0),
  );

/** Whether parsing made it of a JSON number that is too large for a double. */
export function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}
