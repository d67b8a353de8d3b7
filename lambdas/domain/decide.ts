import type { Process } from '../contract/process.ts';
import { isBefore, isCreatedAfter, isYounger } from './creation.ts';
import { decideUndo } from './decide-undo.ts';
import { decideWhole } from './decide-whole.ts';
import { type GuardedDecision, isRefusal, type Refusal } from './decided.ts';
import { type Decision, mayBeOfAnother, refusalOf } from './decision.ts';
import { fieldValue } from './field.ts';
import { isGuarded, knownStateOf, mergeUpdates } from './merge.ts';
import type { ApplyVerdict, ReferencedUpdate, ResolvedReference, UpdateVerdict } from './ports.ts';
import { hasPrecondition } from './precondition.ts';
import { isWritable } from './process.ts';

/**
 * Decides what updates do to a process as it is stored, or to one that is not there.
 * @param updates - one of `runsOf`
 * @param isKeyTaken - whether another process has the primary key; of an undo
 */
export function decide(
  process: Process | undefined,
  target: ResolvedReference,
  updates: readonly ReferencedUpdate[],
  isKeyTaken = false,
): Decision {
  if (process === undefined || !belongsTo(process, target)) return sameForAll(updates, 'PROCESS_NOT_FOUND');
  const early = updates.map((update) => verdictByCreation(process, update));
  if (early.some((verdict) => verdict !== undefined)) {
    const others = updates.filter((_, position) => early[position] === undefined);
    const decision = decide(process, target, others, isKeyTaken);
    const rest = decision.verdicts.values();
    return { ...decision, verdicts: early.map((verdict) => verdict ?? (rest.next().value as ApplyVerdict)) };
  }
  if (!isWritable(process)) return sameForAll(updates, 'PROCESS_NOT_WRITABLE');
  const [first] = updates;
  if (first?.undo !== undefined) return decideUndo(process, { ...first, undo: first.undo }, isKeyTaken);
  if (first !== undefined && hasPrecondition(first)) return decideWhole(process, first);
  const refusals = updates.map((update) => refusalOf(update, process));
  const matching = updates.filter((_, position) => refusals[position] === undefined);
  const known = knownStateOf(process);
  const merge = mergeUpdates(matching, known);
  const merged = merge.verdicts((field) => fieldValue(process, field)).values();
  const verdicts = refusals.map(
    (error): ApplyVerdict => (error === undefined ? (merged.next().value as ApplyVerdict) : { error }),
  );
  const decided = new Map<number, GuardedDecision>();
  for (const [position, update] of updates.entries()) {
    const refusal = finalRefusal(update, verdicts[position]);
    const isKnown = known.decided.decisionOf(update.order) !== undefined;
    if (isGuarded(update) && refusal !== undefined && !isKnown) decided.set(update.order, refusal);
  }
  const { changes, steps } = merge;
  return { changes, steps, decided, isGuarded: updates.some(isGuarded), dependsOn: [], verdicts };
}

/** What is decided by who created the process, and when. */
function verdictByCreation(
  process: Process,
  { order, create, undo, isByIndex = false, hasEnded = false }: ReferencedUpdate,
): UpdateVerdict | undefined {
  if (undo !== undefined) return undefined;
  const { createdOrder } = process;
  if (create !== undefined && createdOrder === order) return { outcome: 'CREATED' };
  if (create?.ifExists !== undefined) {
    if (isBefore(process, order)) return { error: 'PROCESS_DELETED' };
    const { ifExists: error } = create;
    return error === 'PROCESS_EXISTS' ? { error } : { error, faults: [] };
  }
  // When it was accepted there was no such process, or one that was deleted before this one was created.
  const isForAnother = create === undefined ? isYounger : isCreatedAfter;
  const isLate = hasEnded && isCreatedAfter(process, order);
  return isLate || (isByIndex && isForAnother(process, order)) ? { error: 'PROCESS_NOT_FOUND' } : undefined;
}

/**
 * Cuts updates of one process into runs that are decided together, in the order of acceptance. One with a precondition
 * stands alone: two that expect one version would both pass against the same read. So does an undo.
 */
export function runsOf(updates: readonly ReferencedUpdate[]): ReferencedUpdate[][] {
  if (!updates.some(standsAlone)) return updates.length === 0 ? [] : [[...updates]];
  const runs: ReferencedUpdate[][] = [];
  for (const update of updates.toSorted((a, b) => a.order - b.order)) {
    const last = runs.at(-1);
    const [first] = last ?? [];
    if (last === undefined || first === undefined || [first, update].some(standsAlone)) runs.push([update]);
    else last.push(update);
  }
  return runs;
}

function standsAlone(update: ReferencedUpdate): boolean {
  return update.undo !== undefined || hasPrecondition(update);
}

function sameForAll(
  updates: readonly ReferencedUpdate[],
  error: 'PROCESS_NOT_FOUND' | 'PROCESS_NOT_WRITABLE',
): Decision {
  return {
    changes: [],
    steps: [],
    decided: new Map(),
    isGuarded: false,
    dependsOn: [],
    verdicts: updates.map(() => ({ error })),
  };
}

/** Why a verdict refuses an update for good: one to a state that may not follow yet can be tried once more. */
function finalRefusal(update: ReferencedUpdate, verdict: ApplyVerdict | undefined): Refusal | undefined {
  if (verdict === undefined || !('error' in verdict) || !isRefusal(verdict.error)) return undefined;
  if (mayBeOfAnother(update, verdict.error)) return undefined;
  return verdict.error === 'STATE_NOT_ALLOWED' && update.isTriedAgain ? undefined : verdict.error;
}

/** Whether a process is of the team and procedure that an update is for: another team's does not exist. */
export function belongsTo(process: Process, target: ResolvedReference): boolean {
  return process.team === target.team && process.procedure === target.procedure;
}
