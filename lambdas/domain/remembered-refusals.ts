import { definedOf } from '../contract/defined-of.ts';
import type { StoredDecisions } from '../contract/process.ts';

/**
 * The refusals of guarded updates that a process remembers, so that none is judged twice.
 *
 * The first copy of an update may be refused because of the process's state, and the second arrive when the state has
 * moved on. Whether an update was *applied* shows in the clocks of its fields; a refusal leaves no other trace than this.
 * It stands in the process itself, since one conditional write then both judges and remembers.
 */
export interface Decided {
  /** Why the process refused the update with that order number, if it remembers that it did. */
  refusalOf: (order: number) => Refusal | undefined;
  /** Whether it may have forgotten a refusal of that update: it is not to be judged any more. */
  mayHaveForgotten: (order: number) => boolean;
}

/** Why a guarded update may be refused for good, by the letter that is stored. */
const REFUSALS = {
  R: 'STATE_NOT_ALLOWED',
  D: 'PROCESS_DELETED',
  M: 'PRIMARY_KEY_MISMATCH',
  I: 'PRIMARY_KEY_IMMUTABLE',
} as const;
type Letter = keyof typeof REFUSALS;
export type Refusal = (typeof REFUSALS)[Letter];

/** A process remembers this many: about 600 bytes at most. */
export const MAX_DECISIONS = 32;
/** No order number: those are digits. */
export const FORGOTTEN_UP_TO = 'upTo';

/** @param stored - what the process holds; another writer may have left anything there */
export function readDecisions(stored: unknown): Decided {
  const decisions = decisionsOf(stored);
  const upTo = forgottenUpTo(decisions);
  return {
    refusalOf(order) {
      const letter = Object.hasOwn(decisions, order) ? decisions[order] : undefined;
      return isLetter(letter) ? REFUSALS[letter] : undefined;
    },
    mayHaveForgotten: (order) => order <= upTo,
  };
}

/** The decisions to store when these updates are refused, too; the oldest are forgotten beyond MAX_DECISIONS. */
export function withRefusals(stored: unknown, refused: ReadonlyMap<number, Refusal>): StoredDecisions {
  const decisions = decisionsOf(stored);
  const letters = new Map<number, unknown>();
  for (const [name, letter] of Object.entries(decisions)) {
    if (name !== FORGOTTEN_UP_TO) letters.set(Number(name), letter);
  }
  for (const [order, refusal] of refused) letters.set(order, letterOf(refusal));
  const oldestFirst = [...letters].sort(([a], [b]) => a - b);
  const [forgotten = -1] = oldestFirst.at(-MAX_DECISIONS - 1) ?? [];
  const upTo = Math.max(forgottenUpTo(decisions), forgotten);
  return definedOf({
    ...Object.fromEntries(oldestFirst.slice(-MAX_DECISIONS)),
    [FORGOTTEN_UP_TO]: upTo < 0 ? undefined : upTo,
  });
}

/** Whether an error is a refusal that a process can remember. */
export function isRefusal(error: string): error is Refusal {
  return Object.values<string>(REFUSALS).includes(error);
}

function letterOf(refusal: Refusal): Letter | undefined {
  return (Object.keys(REFUSALS) as Letter[]).find((letter) => REFUSALS[letter] === refusal);
}

function isLetter(value: unknown): value is Letter {
  return typeof value === 'string' && Object.hasOwn(REFUSALS, value);
}

function decisionsOf(stored: unknown): StoredDecisions {
  return typeof stored === 'object' && stored !== null ? (stored as StoredDecisions) : {};
}

function forgottenUpTo({ [FORGOTTEN_UP_TO]: upTo }: StoredDecisions): number {
  return typeof upTo === 'number' ? upTo : -1;
}
