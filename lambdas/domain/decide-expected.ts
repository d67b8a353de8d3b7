import type { Process } from '../contract/process.ts';
import type { GuardedDecision } from './decided.ts';
import { type Decision, refusalOf } from './decision.ts';
import { changesOf, changesValue, clockOf, fieldValue, knownStateOf, mayFollow } from './merge.ts';
import type { ApplyVerdict, ReferencedUpdate } from './ports.ts';
import { type Expected, faultsOf, membersOf } from './precondition.ts';

/**
 * Decides what an update with `expect` does to a process: all of it, or nothing. What is decided is to be remembered by the
 * process, and is the same for each copy of the update.
 */
export function decideExpected(process: Process, update: ReferencedUpdate, expected: Expected): Decision {
  const { order } = update;
  const known = knownStateOf(process);
  const changes = changesOf(update);
  const decision = known.decided.decisionOf(order);
  if (decision === 'APPLIED' || changes.some(({ field }) => clockOf(known, field) === order))
    return nothingToWrite({ outcome: 'APPLIED' });
  if (decision !== undefined) return nothingToWrite({ error: decision });
  if (known.decided.mayHaveForgotten(order)) return nothingToWrite({ error: 'PRECONDITION_FAILED' });

  const verdict = verdictOn(process, update, expected);
  const isApplied = 'outcome' in verdict;
  return {
    changes: isApplied ? changes : [],
    decided: new Map([[order, isApplied ? 'APPLIED' : (verdict.error as GuardedDecision)]]),
    dependsOn: membersOf(expected).map(([name]) => name),
    isGuarded: true,
    verdicts: [verdict],
  };
}

function nothingToWrite(verdict: ApplyVerdict): Decision {
  return { changes: [], decided: new Map(), dependsOn: [], isGuarded: true, verdicts: [verdict] };
}

/** The first of the errors that apply, in the order that docs/integrators.md tells. */
function verdictOn(process: Process, update: ReferencedUpdate, expected: Expected): ApplyVerdict {
  const refusal = refusalOf(update, process);
  if (refusal === 'PRIMARY_KEY_MISMATCH') return { error: refusal };
  if (process.isDeleted === true) return { error: 'PROCESS_DELETED' };
  if (refusal !== undefined) return { error: refusal };
  const changes = changesOf(update);
  const faults = faultsOf(process, expected, changes);
  if (faults.length > 0) return { error: 'PRECONDITION_FAILED', faults };
  if (!mayFollow(update.update, process.state ?? null)) return { error: 'STATE_NOT_ALLOWED' };
  const isChange = changes.some((change) => changesValue(fieldValue(process, change.field), change));
  return { outcome: isChange ? 'APPLIED' : 'UNCHANGED' };
}
