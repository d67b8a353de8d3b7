import type { Process } from '../contract/process.ts';
import type { Change } from './change.ts';
import { clockOfValue, isAppliedTo, isOfSameJob } from './clocks.ts';
import type { GuardedDecision } from './decided.ts';
import { type Decision, mayBeOfAnother, refusalOf } from './decision.ts';
import { fieldValue } from './field.ts';
import { changesOf, changesValue, knownStateOf, mayFollow } from './merge.ts';
import type { ReferencedUpdate, UpdateVerdict } from './ports.ts';
import { type ExpectedName, faultsOf, membersOf } from './precondition.ts';

/**
 * Decides what an update with a precondition does to a process: all of it, or nothing. What is decided is to be remembered
 * by the process, and is the same for each copy of the update.
 */
export function decideWhole(process: Process, update: ReferencedUpdate): Decision {
  const { order, expect = {}, planned = {} } = update;
  const known = knownStateOf(process);
  const changes = changesOf(update);
  const decision = known.decided.decisionOf(order);
  if (decision === 'APPLIED' || changes.some(({ field }) => isAppliedTo(known, field, order)))
    return nothingToWrite({ outcome: 'APPLIED' });
  if (decision !== undefined) return nothingToWrite({ error: decision });
  if (known.decided.mayHaveForgotten(order)) return nothingToWrite({ error: 'PRECONDITION_FAILED' });

  const due = changes.filter((change) => !isOvertakenInPlan(process, update, change));
  const verdict = verdictOn(process, update, due);
  if ('outcome' in verdict && verdict.outcome === 'SUPERSEDED') return nothingToWrite(verdict);
  if ('error' in verdict && mayBeOfAnother(update, verdict.error)) return nothingToWrite(verdict);
  const isApplied = 'outcome' in verdict;
  return {
    changes: isApplied ? due : [],
    steps: isApplied ? due : [],
    decided: new Map([[order, isApplied ? 'APPLIED' : (verdict.error as GuardedDecision)]]),
    dependsOn: [...membersOf(expect).map(([name]) => name), ...(Object.keys(planned) as ExpectedName[])],
    isGuarded: true,
    verdicts: [verdict],
  };
}

function nothingToWrite(verdict: UpdateVerdict): Decision {
  return { changes: [], steps: [], decided: new Map(), dependsOn: [], isGuarded: true, verdicts: [verdict] };
}

/** Whether a later item of the same plan has set a field already: as planned, that one stays. */
function isOvertakenInPlan(
  process: Process,
  { expect, planned }: ReferencedUpdate,
  { field, order }: Change,
): boolean {
  if (planned === undefined || expect !== undefined) return false;
  const clock = clockOfValue(process, field);
  return clock > order && isOfSameJob(clock, order);
}

/** The first of the errors that apply, in the order that docs/integrators.md tells. */
function verdictOn(process: Process, update: ReferencedUpdate, changes: readonly Change[]): UpdateVerdict {
  const refusal = refusalOf(update, process);
  if (refusal === 'PRIMARY_KEY_MISMATCH') return { error: refusal };
  if (process.isDeleted === true) return { error: 'PROCESS_DELETED' };
  if (refusal !== undefined) return { error: refusal };
  const faults = faultsOf(process, update, changes);
  if (faults.length > 0) return { error: 'PRECONDITION_FAILED', faults };
  if (!mayFollow(update.update, process.state ?? null)) return { error: 'STATE_NOT_ALLOWED' };
  if (changes.length === 0 && changesOf(update).length > 0) return { outcome: 'SUPERSEDED' };
  const isChange = changes.some((change) => changesValue(fieldValue(process, change.field), change));
  return { outcome: isChange ? 'APPLIED' : 'UNCHANGED' };
}
