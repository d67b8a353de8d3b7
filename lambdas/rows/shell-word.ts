import { oneLine } from '../contract/printable.ts';

/**
 * Quotes a text as one word of a shell. Unprintable characters, such as a no-break space in the name of a column, are
 * written by their number in dollar quotes (POSIX.1-2024, 2.2.4; bash, zsh and ksh have them).
 */
export function shellWord(text: string): string {
  if (/^[\w.,:/=-]+$/.test(text)) return text;
  if (oneLine(text) !== text) return `$'${oneLine(text.replace(/[\\']/g, '\\$&'))}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes a path so that a command does not take a leading dash for a flag. */
export function fileWord(path: string): string {
  return shellWord(path.length > 1 && path.startsWith('-') ? `./${path}` : path);
}
