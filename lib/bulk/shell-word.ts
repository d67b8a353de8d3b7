/** A text as a shell takes it for one word. */
export function shellWord(text: string): string {
  return /^[\w.,:/=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path as a command takes it, which would take one that begins with a dash for a flag. */
export function fileWord(path: string): string {
  return shellWord(path.length > 1 && path.startsWith('-') ? `./${path}` : path);
}
