/**
 * Text of a file or a server as a terminal may have it: to it control characters are commands, such as to change what it
 * shows or its title, and marks of direction show a text in another order than it has.
 */
export function printable(text: string): string {
  return text.replace(/[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/gv, escaped);
}

/** The same within a line and a cell. */
export function oneLine(text: string): string {
  return text.replace(/[\n\t]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
