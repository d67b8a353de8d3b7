import { oneLine, printable } from '../../lambdas/contract/printable.ts';

/** Prints text to standard output. */
export function say(text: string): void {
  console.log(printable(text));
}

/** Prints JSON to standard output. */
export function sayJson(value: unknown, indent?: number): void {
  say(JSON.stringify(value, null, indent));
}

/** Prints a value as JSON if the user asked for it, else as text for people. */
export function print(value: unknown, { json }: { json?: true }, show: () => void): void {
  if (json === true) sayJson(value);
  else show();
}

/** Prints a table with a column for each member. */
export function sayTable(rows: readonly object[]): void {
  const cells = (row: object) =>
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]);
  console.table(rows.map((row) => Object.fromEntries(cells(row))));
}

/** Prints a message to standard error. */
export function complain(text: string): void {
  console.error(printable(text));
}
