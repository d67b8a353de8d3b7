import { closest } from 'fastest-levenshtein';

/** Longer names are compared by their beginning. */
const MAX_COMPARED = 100;

/** The known name that an unknown one is likely to mean, whatever its case and separators; undefined when none is known. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) =>
    text
      .slice(0, MAX_COMPARED)
      .toLowerCase()
      .replace(/[_\- ]/g, '');
  const nearest = closest(plain(name), known.map(plain));
  return known.find((other) => plain(other) === nearest);
}
