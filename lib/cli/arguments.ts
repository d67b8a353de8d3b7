import { InvalidArgumentError } from 'commander';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import { number } from './progress.ts';

/** Adds `column=name` to what was mapped before. The column without a name is `=name`. */
export function mapping(
  text: string,
  map: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 0) throw new InvalidArgumentError('Write it as "column=name".');
  return new Map([...map, [text.slice(0, at), text.slice(at + 1)]]);
}

export function clearMarker(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError(
    'It must not be empty: an empty cell leaves its field as it is. Leave the flag out and write \\N into the cells to clear.',
  );
}

/** @returns the character between cells */
export function delimiterOf(text: string): string {
  if (/^(?:tab|\\t)$/i.test(text)) return '\t';
  if (/^[^\p{L}\p{N}"\r\n]$/u.test(text)) return text;
  throw new InvalidArgumentError('Give one character that is no letter, digit or quote, or "tab".');
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time of a run of `--resend`, whose idempotency keys are known for a day. */
export function resumableRun(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at) || new Date(at).toISOString() !== text || at > Date.now())
    throw new InvalidArgumentError('It is not a time that a run of --resend told.');
  if (at + DAY_MS > Date.now()) return text;
  throw new InvalidArgumentError(
    'The run is older than 24 hours, and what it sent would be sent twice. Send the failed rows of its jobs, or all of the file with --resend.',
  );
}

export function batchSize(text: string): number {
  const size = positive(text);
  if (size > MAX_ENTRIES) throw new InvalidArgumentError(`At most ${number.format(MAX_ENTRIES)} items fit.`);
  return size;
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is not a whole number above 0.');
  return Number(text);
}
