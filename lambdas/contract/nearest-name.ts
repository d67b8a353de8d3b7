import { distance } from 'fastest-levenshtein';
import { memoize } from './memoize.ts';

/** Longer names are compared by their beginning. */
const MAX_COMPARED = 100;

/** Share of the letters that may differ. Beyond it a suggestion misleads more often than it helps. */
const MAX_DIFFERENCE = 1 / 3;

/** Shorter texts occur in many names. */
const MIN_CONTAINED = 3;

const lettersOfAll = memoize((names: readonly string[]) =>
  names.map((name) => ({ name, letters: lettersOf(name) })),
);

/**
 * Returns the known name that an unknown one is likely to mean, whatever its case and separators.
 *
 * A name that contains the other comes first, such as `phone_number` for `Phone`.
 * @returns undefined when no known name is near
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const letters = lettersOf(name);
  let nearest: string | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const candidate of lettersOfAll(known)) {
    const difference = differenceOf(letters, candidate.letters);
    if (difference >= smallest) continue;
    nearest = candidate.name;
    smallest = difference;
  }
  return nearest;
}

/** Returns 0 for the same text, less than 1 if one contains the other, infinity if they are not near. */
function differenceOf(a: string, b: string): number {
  if (a === b) return 0;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= MIN_CONTAINED && long.includes(short)) return 1 - short.length / long.length;
  const errors = editsBetween(a, b);
  return errors <= Math.max(1, long.length * MAX_DIFFERENCE) ? errors : Number.POSITIVE_INFINITY;
}

/** Returns the number of typing errors between two texts. */
export function editsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  return edits === 2 && isSwap(a, b) ? 1 : edits;
}

/** Whether two neighbouring letters are swapped: one typing error, but two edits. */
function isSwap(a: string, b: string): boolean {
  const at = a.split('').findIndex((letter, position) => letter !== b[position]);
  return `${a.slice(0, at)}${a[at + 1]}${a[at]}${a.slice(at + 2)}` === b;
}

function lettersOf(name: string): string {
  return name
    .slice(0, MAX_COMPARED)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
