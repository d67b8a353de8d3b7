import type { Process } from '../contract/process.ts';
import type { Writing } from './change.ts';
import type { Remembered } from './decided.ts';
import type { ApplyVerdict, ReferencedUpdate } from './ports.ts';
import type { ExpectedName } from './precondition.ts';

/** What is decided on updates of one process. */
export interface Decision {
  /** What to write; empty when nothing is. */
  changes: Writing[];
  /** What of it took effect in turn; an undo goes back along it. */
  steps: readonly Writing[];
  /** What is decided now on guarded updates, by their order numbers, for the process to remember. */
  decided: ReadonlyMap<number, Remembered>;
  /** Whether it depends on the process's state and on earlier decisions. */
  isGuarded: boolean;
  /** What else of the process it depends on. */
  dependsOn: readonly ExpectedName[];
  /** A verdict on each update, in the order given. */
  verdicts: ApplyVerdict[];
}

/** Whether a decision counts as a change of the process, and does not only note refusals. */
export function writesFields({ changes, decided }: Pick<Decision, 'changes' | 'decided'>): boolean {
  return changes.length > 0 || decided.values().some((decision) => decision === 'APPLIED');
}

/** An update that names another primary key than the process's, as an identifier or as a value to set. */
export function refusalOf(
  { primaryKey, update }: ReferencedUpdate,
  process: Process,
): 'PRIMARY_KEY_MISMATCH' | 'PRIMARY_KEY_IMMUTABLE' | undefined {
  const isOther = (key: string | undefined) => key !== undefined && key !== process.primaryKey;
  if (isOther(primaryKey)) return 'PRIMARY_KEY_MISMATCH';
  return isOther(update.primaryKey) ? 'PRIMARY_KEY_IMMUTABLE' : undefined;
}

/** Whether a process may refuse an update that is for another one of its primary key: then it does not remember that. */
export function mayBeOfAnother({ isByIndex = false }: ReferencedUpdate, error: string): boolean {
  return isByIndex && ['PROCESS_DELETED', 'PRIMARY_KEY_MISMATCH'].includes(error);
}
