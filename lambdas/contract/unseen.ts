import { truncate } from './values.ts';

/** What a reader does not see, or takes for a space: controls, formats, spaces other than the usual one, fillers. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu;

/** Maximum number of characters that a hint lists. */
const MAX_LISTED = 3;

/** Adds to a message that something is not found what its names hold that cannot be seen. */
export function withHint(message: string, ...names: string[]): string {
  return [message, ...names.flatMap((name) => unseenHint(name) ?? [])].join(' ');
}

/**
 * Returns what keeps a name from being the one that it looks like, as two sentences of a message: invisible characters,
 * spaces around it, or letters with their accents apart. Undefined of a name that looks as it is.
 */
function unseenHint(name: string): string | undefined {
  const isComposed = name === name.normalize('NFC');
  const bare = name.replace(UNSEEN, '').trim();
  if (bare === name) {
    return isComposed
      ? undefined
      : `"${shown(name)}" is written with accents apart from their letters. Send it in Unicode form NFC.`;
  }
  const isSpaced = name.startsWith(' ') || name.endsWith(' ');
  const characters = [...new Set([...(name.match(UNSEEN) ?? []), ...(isSpaced ? [' '] : [])])];
  const listed = characters.slice(0, MAX_LISTED).map(codePoint).join(', ');
  const more = characters.length > MAX_LISTED ? ' and others' : '';
  const [what, them] =
    characters.length === 1 ? ['an invisible character', 'it'] : ['invisible characters', 'them'];
  return `"${shown(name)}" holds ${what} (${listed}${more})${placeOf(name, bare)}. Remove ${them}.`;
}

/** Where in a name the characters stand that it has beside its bare form. */
function placeOf(name: string, bare: string): string {
  if (bare === '') return '';
  if (!name.includes(bare)) return ' within it';
  const isLed = !name.startsWith(bare);
  const isFollowed = !name.endsWith(bare);
  if (isLed && isFollowed) return ' at its beginning and end';
  return isLed ? ' at its beginning' : ' at its end';
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A name in which the unseen is written as JSON escapes. */
function shown(name: string): string {
  const escaped = (character: string) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  return truncate(name, 100).replace(UNSEEN, escaped);
}
