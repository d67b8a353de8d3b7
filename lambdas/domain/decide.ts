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
  const matching = updates.filter(
    ({ primaryKey }) => primaryKey === undefined || primaryKey === process.primaryKey,
  );
  const { changes, verdicts } = mergeUpdates(matching, knownStateOf(process));
  const verdictOf = new Map<TargetedUpdate, ApplyVerdict>();
  for (const [position, verdict] of verdicts((field) => fieldValue(process, field)).entries()) {
    const update = matching[position];
    if (update !== undefined) verdictOf.set(update, verdict);
  }
  return {
    changes,
    verdicts: updates.map((update) => verdictOf.get(update) ?? { error: 'PRIMARY_KEY_MISMATCH' }),
  };
}

/** Whether a process is of the team and procedure that an update is for: another team's does not exist. */
export function belongsTo(process: Process, target: ResolvedTarget): boolean {
  return process.team === target.team && process.procedure === target.procedure;
}
