/**
 * Makes text of a file or a server safe to print. Control characters are commands to a terminal, and direction marks
 * change the order in which text is shown. All output of the commands passes through here (lib/cli/output.ts). JSON
 * stays valid and keeps its value.
 */
export function printable(text: string): string {
  return text.replace(/\r(?!\n)|[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\n\r\t]]/gv, escaped);
}

/**
 * Makes text safe to print within a line and a cell. Invisible characters, such as a no-break space at the end of a key,
 * are shown by their number.
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
