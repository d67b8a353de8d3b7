import { isObject } from '../contract/is-object.ts';
import type { FieldName } from './field.ts';
import type { UndoneResult, UndoneVerdict } from './undo.ts';

/**
 * What a process remembers of an undo: that it was decided, and of the entries that are not simply reverted how they
 * ended, by their index.
 */
type Exceptions = Record<string, Letter | ['V', ...FieldName[]]>;

const UNDONE = 'V';
const LETTERS = {
  K: { outcome: 'KEPT' },
  U: { outcome: 'UNCHANGED' },
  N: { error: 'NOT_REVERSIBLE' },
  E: { error: 'PROCESS_EXISTS' },
} as const satisfies Record<string, UndoneResult>;
type Letter = keyof typeof LETTERS;

/** A process keeps 48 decisions at most. A longer text is cut to the decision alone: its entries then read as reverted. */
const MAX_TEXT = 500;

export function writeUndone(undone: readonly UndoneVerdict[]): string {
  const exceptions: Exceptions = {};
  for (const { index, result } of undone) {
    const exception = exceptionOf(result);
    if (exception !== undefined) exceptions[index] = exception;
  }
  if (Object.keys(exceptions).length === 0) return UNDONE;
  const text = UNDONE + JSON.stringify(exceptions);
  return text.length > MAX_TEXT ? UNDONE : text;
}

/** @returns undefined when the text is not about an undo */
export function readUndone(text: string): ((index: number) => UndoneResult) | undefined {
  if (!text.startsWith(UNDONE)) return undefined;
  const exceptions = text === UNDONE ? {} : parse(text.slice(UNDONE.length));
  return (index) => resultOf(Object.hasOwn(exceptions, index) ? exceptions[index] : undefined);
}

function exceptionOf(result: UndoneResult): Exceptions[string] | undefined {
  if ('outcome' in result && result.outcome === 'REVERTED')
    return result.kept === undefined ? undefined : ['V', ...result.kept];
  const code = 'outcome' in result ? result.outcome : result.error;
  return (Object.keys(LETTERS) as Letter[]).find((letter) =>
    Object.values<string>(LETTERS[letter]).includes(code),
  );
}

function resultOf(exception: Exceptions[string] | undefined): UndoneResult {
  if (exception === undefined) return { outcome: 'REVERTED' };
  if (typeof exception === 'string') return LETTERS[exception];
  const [, ...kept] = exception as ['V', ...FieldName[]];
  return { outcome: 'REVERTED', kept };
}

/** Another system may have written anything. */
function parse(text: string): Exceptions {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? (parsed as Exceptions) : {};
  } catch {
    return {};
  }
}
