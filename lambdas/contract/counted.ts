const number = new Intl.NumberFormat('en');

/** Writes a count with its noun, such as "1 row" or "2,000 rows". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${number.format(count)} ${count === 1 ? noun : plural}`;
}
