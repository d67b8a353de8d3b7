/**
 * Makes text of a file or a server safe to print. To a terminal control characters are commands, such as to change what
 * it shows or its title, and marks of direction show a text in another order than it has. All that the commands print
 * passes here (bin/output.ts). JSON stays valid and has the same value.
 */
export function printable(text: string): string {
  return text.replace(/\r(?!\n)|[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\n\r\t]]/gv, escaped);
}

/**
 * Makes text safe to print within a line and a cell. What cannot be seen, such as a no-break space at the end of a key, is
 * shown by its number.
 */
export function oneLine(text: string): string {
  return printable(text.replace(/[\n\r\t\p{Cf}\u00A0\u2000-\u200A\u202F\u205F]/gu, escaped));
}

function escaped(character: string): string {
  // A character may be two code units, as in JSON.
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
