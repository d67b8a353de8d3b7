import { isDeepStrictEqual } from 'node:util';
import { definedOf } from '../contract/defined-of.ts';
import { TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import type { Process } from '../contract/process.ts';
import type { UpdateOutcome } from '../contract/statuses.ts';
import type { Change } from './change.ts';
import { type Clocks, clockOfValue, isAppliedTo, isOlder, isOvertaken, undeletedFrom } from './clocks.ts';
import { type Decided, type Refusal, readDecisions } from './decided.ts';
import type { FieldName } from './field.ts';
import type { Update } from './process.ts';

export interface OrderedUpdate {
  order: number;
  update: Update;
  /** Whether it has its result. */
  hasEnded?: boolean;
}

/**
 * Whether an update could be applied only because another one was undone: a newer one of a field, or a deletion. A copy of an
 * update that has its result is not to be: it was told that it came too late.
 */
export function mayWinLate(process: Process, ordered: OrderedUpdate): boolean {
  const from = undeletedFrom(process);
  if (from !== undefined && ordered.order > from) return true;
  return changesOf(ordered).some(
    ({ field, order }) => isOlder(process, field, order) && !isOvertaken(process, field, order),
  );
}

/** Whether an update may go to a process depends on the state that it has: it is judged once. */
export function isGuarded({ update }: OrderedUpdate): boolean {
  return update.stateFrom !== undefined;
}

export type Verdict = { outcome: UpdateOutcome } | { error: Refusal };

/** What deciding between updates needs to know of the stored process. */
export interface KnownState extends Clocks {
  /** Order number of the deletion, -1 when another system deleted it, undefined when it is not deleted. */
  deletedAt: number | undefined;
  /** Order number of the first deletion that was undone. */
  undeletedFrom?: number | undefined;
  /** The process's state, null when it has none; undefined when the write's condition is to tell. */
  state: string | null | undefined;
  /** What was decided on guarded updates. */
  decided: Decided;
}

/** A process that no update has reached yet: what the one-write path assumes, and its condition verifies. */
export const UNTOUCHED: KnownState = {
  clocks: {},
  deletedAt: undefined,
  state: undefined,
  decided: readDecisions(undefined),
};

export interface Merged {
  /** The changes to write, one a field; empty when there is nothing to write. */
  changes: Change[];
  /** The changes that took effect, one after the other, those included that a newer one of them has overwritten. */
  steps: Change[];
  /**
   * The verdict on each update, in the order given.
   * @param current - the value of a field before the changes, to tell `UNCHANGED` from `APPLIED`
   */
  verdicts: (current: (field: FieldName) => unknown) => Verdict[];
}

/**
 * Decides what several updates of one process change, whatever order they arrive in.
 *
 * Per field the highest order number wins. An update that is found applied already (its own number is on a
 * field) changes nothing and is `APPLIED` again. Updates accepted after a deletion fail, earlier ones still
 * bring what nobody newer has set. An update to a state that may not follow the present one fails as a whole, unless
 * a newer update has set the state anyway.
 */
export function mergeUpdates(updates: readonly OrderedUpdate[], known: KnownState): Merged {
  const winners = new Map<FieldName, Change>();
  const steps: Change[] = [];
  const early = new Map<OrderedUpdate, Verdict>();
  let { deletedAt, state } = known;

  for (const ordered of updates.toSorted((a, b) => a.order - b.order)) {
    const changes = changesOf(ordered);
    const isLate = ordered.hasEnded ? isOlder : isOvertaken;
    const won = changes.filter(({ field, order }) => !isLate(known, field, order));
    const refusal = isGuarded(ordered) ? knownRefusalOf(ordered, known) : undefined;
    if (changes.some(({ field, order }) => isAppliedTo(known, field, order))) {
      early.set(ordered, { outcome: 'APPLIED' });
    } else if (refusal !== undefined) {
      // Before all else: a copy of it was told so, whatever has become of the process since.
      early.set(ordered, { error: refusal });
    } else if (ordered.hasEnded && isAfter(known.undeletedFrom, ordered)) {
      // It was told so, though the deletion was undone since. If it was told another thing, that stands.
      early.set(ordered, { error: 'PROCESS_DELETED' });
    } else if (changes.length > 0 && won.length === 0) {
      // Whether or not it was deleted since: a first copy of the update may have found it alive, and told so.
      early.set(ordered, { outcome: 'SUPERSEDED' });
    } else if (isAfter(deletedAt, ordered)) {
      early.set(ordered, { error: 'PROCESS_DELETED' });
    } else if (changes.length === 0) {
      // It only names the primary key, which is the process's.
      early.set(ordered, { outcome: 'UNCHANGED' });
    } else {
      const isStateWon = won.some(({ field }) => field === 'state');
      if (isStateWon && !mayFollow(ordered.update, state)) {
        early.set(ordered, { error: 'STATE_NOT_ALLOWED' });
        continue;
      }
      for (const change of won) winners.set(change.field, change);
      steps.push(...won);
      if (isStateWon) state = ordered.update.state;
      if (won.some(({ field }) => field === 'isDeleted')) deletedAt = ordered.order;
    }
  }

  const changes = [...winners.values()];
  return {
    changes,
    steps,
    verdicts(current) {
      const wins = new Map<number, 'APPLIED' | 'UNCHANGED'>();
      for (const change of changes) {
        const { field, order } = change;
        if (changesValue(current(field), change)) wins.set(order, 'APPLIED');
        else if (!wins.has(order)) wins.set(order, 'UNCHANGED');
      }
      return updates.map(
        (ordered) => early.get(ordered) ?? { outcome: wins.get(ordered.order) ?? 'SUPERSEDED' },
      );
    },
  };
}

/** Whether an update was accepted after a deletion. */
function isAfter(deletion: number | undefined, { order }: OrderedUpdate): boolean {
  return deletion !== undefined && order > deletion;
}

/** Whether a change brings another value than the one that a field has. */
export function changesValue(current: unknown, { value }: { value: unknown }): boolean {
  return !isDeepStrictEqual(current ?? null, value ?? null);
}

/** Why an update was refused before; one that may have been, and is forgotten, counts as refused for its state. */
function knownRefusalOf({ order }: OrderedUpdate, { decided }: KnownState): Refusal | undefined {
  const decision = decided.decisionOf(order);
  if (decision !== undefined && decision !== 'APPLIED') return decision;
  return decided.mayHaveForgotten(order) ? 'STATE_NOT_ALLOWED' : undefined;
}

/** Whether a process of that state may come into the update's. */
export function mayFollow({ stateFrom }: Update, state: string | null | undefined): boolean {
  return stateFrom === undefined || state === undefined || state === null || stateFrom.includes(state);
}

/** The fields that an update names, each with its value and the update's order number. */
export function changesOf({ order, update }: OrderedUpdate): Change[] {
  const changes: Change[] = Object.entries(update.data ?? {}).map(([name, value]) => ({
    field: `data.${name}`,
    value,
    order,
  }));
  for (const field of TOP_LEVEL_FIELDS) {
    const value = update[field];
    if (value !== undefined) changes.push({ field, value, order });
  }
  return changes;
}

/** What a stored process tells for merging. */
export function knownStateOf(process: Process): KnownState {
  return {
    ...definedOf({ clocks: process.clocks, origins: process.origins }),
    deletedAt: process.isDeleted === true ? clockOfValue(process, 'isDeleted') : undefined,
    undeletedFrom: undeletedFrom(process),
    state: process.state ?? null,
    decided: readDecisions(process.decided),
  };
}
