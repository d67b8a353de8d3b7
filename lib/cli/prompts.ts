import { confirm, isCancel, password, text } from '@clack/prompts';
import { EXIT_CODES } from './exit-code.ts';

/** Whether someone can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Questions are no result of the command. */
const OUTPUT = { output: process.stderr };

/** Asks for a line. @param fault - returns what is wrong with it */
export async function askText(
  message: string,
  { initial, fault }: { initial?: string | undefined; fault: (text: string) => string | undefined },
): Promise<string> {
  const validate = (line: string | undefined) => fault(line ?? '');
  return typed(await text({ message, validate, ...(initial && { initialValue: initial }), ...OUTPUT }));
}

/** Asks for a secret, which is not shown. */
export async function askSecret(message: string): Promise<string> {
  const validate = (line: string | undefined) => (line?.trim() ? undefined : 'It is empty. Paste it here.');
  return typed(await password({ message, validate, ...OUTPUT }));
}

/** Asks whether to go on. Return alone is no. */
export async function askWhether(message: string): Promise<boolean> {
  return typed(await confirm({ message, initialValue: false, ...OUTPUT }));
}

/** Returns what was typed, or ends the command after Ctrl-C, which a question takes for itself. */
function typed<Value>(given: Value): Exclude<Value, symbol> {
  if (isCancel(given)) process.exit(EXIT_CODES.interrupted);
  return given as Exclude<Value, symbol>;
}
