import { oneLine } from '../contract/printable.ts';

/**
 * A text as a shell takes it for one word. What cannot be printed, such as a no-break space in the name of a column, is
 * written by its number in dollar quotes (POSIX.1-2024, 2.2.4; bash, zsh and ksh have them).
 */
export function shellWord(text: string): string {
  if (/^[\w.,:/=-]+$/.test(text)) return text;
  if (oneLine(text) !== text) return `$'${oneLine(text.replace(/[\\']/g, '\\$&'))}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path as a command takes it, which would take one that begins with a dash for a flag. */
export function fileWord(path: string): string {
  return shellWord(path.length > 1 && path.startsWith('-') ? `./${path}` : path);
}
