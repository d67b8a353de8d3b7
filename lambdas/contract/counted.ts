let number: Intl.NumberFormat | undefined;

/** Writes a count with its noun, such as "1 row" or "2,000 rows". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  // Made on demand: the first formatter loads the data of all languages, a sixth of the time that importing accept takes.
  number ??= new Intl.NumberFormat('en');
  return `${number.format(count)} ${count === 1 ? noun : plural}`;
}
