import { type Change, fieldValue, knownStateOf, mergeUpdates } from './merge.ts';
import type { ApplyVerdict, ResolvedTarget, TargetedUpdate } from './ports.ts';
import type { Process } from './process.ts';

export interface Decision {
  /** What to write; empty when nothing is. */
  changes: Change[];
  /** A verdict on each update, in the order given. */
  verdicts: ApplyVerdict[];
}

/** Decides what updates do to a process as it is stored, or to one that is not there. */
export function decide(
  process: Process | undefined,
  target: ResolvedTarget,
  updates: readonly TargetedUpdate[],
): Decision {
  if (process === undefined || !belongsTo(process, target)) {
    return { changes: [], verdicts: updates.map(() => ({ error: 'PROCESS_NOT_FOUND' })) };
  }
  const refusals = updates.map((update) => refusalOf(update, process));
  const matching = updates.filter((_, position) => refusals[position] === undefined);
  const { changes, verdicts } = mergeUpdates(matching, knownStateOf(process));
  const merged = verdicts((field) => fieldValue(process, field)).values();
  return {
    changes,
    verdicts: refusals.map((refusal) => refusal ?? (merged.next().value as ApplyVerdict)),
  };
}

/** An update that names another primary key than the process's, as an identifier or as a value to set. */
function refusalOf({ primaryKey, update }: TargetedUpdate, process: Process): ApplyVerdict | undefined {
  const isOther = (key: string | undefined) => key !== undefined && key !== process.primaryKey;
  if (isOther(primaryKey)) return { error: 'PRIMARY_KEY_MISMATCH' };
  return isOther(update.primaryKey) ? { error: 'PRIMARY_KEY_IMMUTABLE' } : undefined;
}

/** Whether a process is of the team and procedure that an update is for: another team's does not exist. */
export function belongsTo(process: Process, target: ResolvedTarget): boolean {
  return process.team === target.team && process.procedure === target.procedure;
}
