import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { jobNameSchema } from '../../lambdas/contract/options.ts';
import { knownLocale } from '../../lambdas/rows/locale.ts';
import { isTimeZone } from '../../lambdas/rows/reading.ts';
import { number } from './progress.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Adds `column=name` to the columns mapped before. The column without a name is `=name`. */
export function mapping(
  text: string,
  map: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 0) throw new InvalidArgumentError('Write it as "column=name".');
  return new Map([...map, [text.slice(0, at), text.slice(at + 1)]]);
}

/**
 * Adds `column=member` to what the process must have by the columns before.
 * @throws InvalidArgumentError also when the column or the member is there already: only one of them would count
 */
export function expectation(
  text: string,
  expect: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  const [column, member] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (column === '' || member === '') {
    throw new InvalidArgumentError('Write it as "column=member", such as "Stage=state".');
  }
  const before = [...expect].find(([other, name]) => other === column || name === member);
  if (before === undefined) return new Map([...expect, [column, member]]);
  const what = before[0] === column ? `The column "${column}"` : `The member "${member}"`;
  throw new InvalidArgumentError(`${what} is expected already, by "${before.join('=')}". Omit one of them.`);
}

/** Reads the cell that clears a field. */
export function clearMarker(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError(
    'It is empty, and an empty cell leaves its field as it is. Omit the flag and write \\N into the cells to clear.',
  );
}

/** Reads a locale. */
export function localeOf(text: string): string {
  const known = knownLocale(text);
  if (known !== undefined) return known;
  const meant = knownLocale(text.replaceAll('_', '-'));
  const examples = 'de, de-CH, en-US, en-GB, fr';
  throw new InvalidArgumentError(
    meant === undefined
      ? `It is unknown. Give one such as ${examples}.`
      : `It is unknown. Did you mean ${meant}?`,
  );
}

/** Reads a time zone. */
export function timeZoneOf(text: string): string {
  if (isTimeZone(text)) return text;
  const nearest = nearestName(text, Intl.supportedValuesOf('timeZone'));
  const meant = nearest === undefined ? 'Give one such as Europe/Berlin or UTC.' : `Did you mean ${nearest}?`;
  throw new InvalidArgumentError(`It is unknown. ${meant}`);
}

/** Reads the character between cells. */
export function delimiterOf(text: string): string {
  if (/^(?:tab|\\t)$/i.test(text)) return '\t';
  if (/^[^\p{L}\p{N}"\r\n]$/u.test(text)) return text;
  throw new InvalidArgumentError('Give one character other than a letter, digit or quote, or "tab".');
}

/** Reads the time of a run of `--resend`. The API remembers its idempotency keys for a day. */
export function resumableRun(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at) || new Date(at).toISOString() !== text || at > Date.now()) {
    throw new InvalidArgumentError('Give the time that a run of --resend printed.');
  }
  if (at + DAY_MS > Date.now()) return text;
  throw new InvalidArgumentError(
    'The run is older than 24 hours, and its items would be sent twice. Send the failed rows of its jobs, or the whole file with --resend.',
  );
}

/** Reads what to call a job. */
export function jobName(text: string): string {
  if (v.is(jobNameSchema, text)) return text;
  throw new InvalidArgumentError('Give 1 to 200 characters.');
}

/** Reads the number of items in a request. */
export function batchSize(text: string): number {
  const size = positiveInteger(text);
  if (size > MAX_ENTRIES) {
    throw new InvalidArgumentError(`A request has at most ${number.format(MAX_ENTRIES)} items.`);
  }
  return size;
}

/** Reads a percentage, which may have decimals. */
export function percentage(text: string): number {
  const value = /^\d{1,3}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 100) return value;
  throw new InvalidArgumentError('Give a number from 0 to 100.');
}

/** Reads a number above 0, which may have decimals. */
export function positive(text: string): number {
  // Seven digits, so that a number of days is still a date.
  const value = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new InvalidArgumentError('Give a number above 0, at most 9,999,999.');
}

/** Reads a whole number above 0. */
export function positiveInteger(text: string): number {
  if (/^\d+$/.test(text)) return positive(text);
  throw new InvalidArgumentError('Give a whole number above 0.');
}

/** Reads names that are separated by commas. */
export function namesList(text: string): string[] {
  const names = text.split(',');
  if (names.includes('')) throw new InvalidArgumentError('A name is empty. Write them as "lead,contact".');
  return names;
}

/** Reads the URL of a queue. */
export function queueUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new InvalidArgumentError('Give the URL of a queue, an output of the stack.');
}
