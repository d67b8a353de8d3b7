import type { Process } from '../contract/process.ts';
import { type Change, fieldValue, isGuarded, knownStateOf, mergeUpdates } from './merge.ts';
import type { ApplyVerdict, ReferencedUpdate, ResolvedReference } from './ports.ts';
import { isWritable } from './process.ts';
import { isRefusal, type Refusal } from './remembered-refusals.ts';

export interface Decision {
  /** What to write; empty when nothing is. */
  changes: Change[];
  /** The guarded updates that are refused now, by their order numbers, for the process to remember. */
  refused: ReadonlyMap<number, Refusal>;
  /** Whether it depends on the process's state and on earlier refusals. */
  isGuarded: boolean;
  /** A verdict on each update, in the order given. */
  verdicts: ApplyVerdict[];
}

/** Decides what updates do to a process as it is stored, or to one that is not there. */
export function decide(
  process: Process | undefined,
  target: ResolvedReference,
  updates: readonly ReferencedUpdate[],
): Decision {
  if (process === undefined || !belongsTo(process, target)) return sameForAll(updates, 'PROCESS_NOT_FOUND');
  if (!isWritable(process)) return sameForAll(updates, 'PROCESS_NOT_WRITABLE');
  const refusals = updates.map((update) => refusalOf(update, process));
  const matching = updates.filter((_, position) => refusals[position] === undefined);
  const known = knownStateOf(process);
  const merge = mergeUpdates(matching, known);
  const merged = merge.verdicts((field) => fieldValue(process, field)).values();
  const verdicts = refusals.map((refusal) => refusal ?? (merged.next().value as ApplyVerdict));
  const refused = new Map<number, Refusal>();
  for (const [position, update] of updates.entries()) {
    const refusal = finalRefusal(update, verdicts[position]);
    const isKnown = known.decided.refusalOf(update.order) !== undefined;
    if (isGuarded(update) && refusal !== undefined && !isKnown) refused.set(update.order, refusal);
  }
  return { changes: merge.changes, refused, isGuarded: updates.some(isGuarded), verdicts };
}

function sameForAll(
  updates: readonly ReferencedUpdate[],
  error: 'PROCESS_NOT_FOUND' | 'PROCESS_NOT_WRITABLE',
): Decision {
  return { changes: [], refused: new Map(), isGuarded: false, verdicts: updates.map(() => ({ error })) };
}

/** Why a verdict refuses an update for good: one to a state that may not follow yet can be tried once more. */
function finalRefusal(
  { isTriedAgain = false }: ReferencedUpdate,
  verdict: ApplyVerdict | undefined,
): Refusal | undefined {
  if (verdict === undefined || !('error' in verdict) || !isRefusal(verdict.error)) return undefined;
  return verdict.error === 'STATE_NOT_ALLOWED' && isTriedAgain ? undefined : verdict.error;
}

/** An update that names another primary key than the process's, as an identifier or as a value to set. */
function refusalOf({ primaryKey, update }: ReferencedUpdate, process: Process): ApplyVerdict | undefined {
  const isOther = (key: string | undefined) => key !== undefined && key !== process.primaryKey;
  if (isOther(primaryKey)) return { error: 'PRIMARY_KEY_MISMATCH' };
  return isOther(update.primaryKey) ? { error: 'PRIMARY_KEY_IMMUTABLE' } : undefined;
}

/** Whether a process is of the team and procedure that an update is for: another team's does not exist. */
export function belongsTo(process: Process, target: ResolvedReference): boolean {
  return process.team === target.team && process.procedure === target.procedure;
}
