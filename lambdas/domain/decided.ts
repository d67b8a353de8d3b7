import { definedOf } from '../contract/defined-of.ts';
import type { StoredDecisions } from '../contract/process.ts';
import type { UndoneResult, UndoneVerdict } from './undo.ts';
import { readUndone, writeUndone } from './undone-text.ts';

/**
 * What a process remembers of guarded updates, so that none is judged twice.
 *
 * The first copy of an update may be refused because of what the process is, and the second arrive when that has changed;
 * or the first be applied, and the second find that its precondition does not hold any more. The decision stands in the
 * process itself, since one conditional write then both judges and remembers.
 */
export interface Decided {
  /** What was decided on the update with that order number, if the process remembers it. */
  decisionOf: (order: number) => GuardedDecision | undefined;
  /** What was decided on the undo with that order number, by the index of its entries. */
  undoneBy: (order: number) => ((index: number) => UndoneResult) | undefined;
  /** Whether a decision on that update may have been forgotten: it is not to be judged any more. */
  mayHaveForgotten: (order: number) => boolean;
}

/** What may be decided on a guarded update for good, by the letter that is stored. */
const DECISIONS = {
  A: 'APPLIED',
  R: 'STATE_NOT_ALLOWED',
  D: 'PROCESS_DELETED',
  M: 'PRIMARY_KEY_MISMATCH',
  I: 'PRIMARY_KEY_IMMUTABLE',
  P: 'PRECONDITION_FAILED',
  L: 'PROCESS_TOO_LARGE',
} as const;
type Letter = keyof typeof DECISIONS;
export type GuardedDecision = (typeof DECISIONS)[Letter];
export type Refusal = Exclude<GuardedDecision, 'APPLIED'>;
/** What a process is to remember: of an undo, what became of each of its entries. */
export type Remembered = GuardedDecision | readonly UndoneVerdict[];

/** The letter of an update that was applied. An update that only `transitions` guard shows that in its clocks. */
export const APPLIED_LETTER = 'A' satisfies Letter;
/** A process remembers at least this many decisions, the newest by order number: about 640 bytes. */
export const MIN_REMEMBERED = 32;
/**
 * A write that keeps a decision leaves the others alone until there are this many. Only then the process has to be read, for
 * the oldest to be forgotten: once in 16 guarded updates.
 */
export const MAX_REMEMBERED = 48;
/** No order number: those are digits. */
export const FORGOTTEN_UP_TO = 'upTo';

/** @param stored - what the process holds; another writer may have left anything there */
export function readDecisions(stored: unknown): Decided {
  const decisions = decisionsOf(stored);
  const upTo = forgottenUpTo(decisions);
  return {
    decisionOf(order) {
      const letter = Object.hasOwn(decisions, order) ? decisions[order] : undefined;
      return isLetter(letter) ? DECISIONS[letter] : undefined;
    },
    undoneBy(order) {
      const text = Object.hasOwn(decisions, order) ? decisions[order] : undefined;
      return typeof text === 'string' ? readUndone(text) : undefined;
    },
    mayHaveForgotten: (order) => order <= upTo,
  };
}

/** The decisions to store with these; the oldest are forgotten where there are more than MAX_REMEMBERED. */
export function withDecisions(stored: unknown, decided: ReadonlyMap<number, Remembered>): StoredDecisions {
  const decisions = decisionsOf(stored);
  const letters = new Map<number, unknown>();
  for (const [name, letter] of Object.entries(decisions)) {
    if (name !== FORGOTTEN_UP_TO) letters.set(Number(name), letter);
  }
  for (const [order, decision] of decided) {
    letters.set(order, typeof decision === 'string' ? letterOf(decision) : writeUndone(decision));
  }
  const oldestFirst = [...letters].sort(([a], [b]) => a - b);
  const isFull = oldestFirst.length > MAX_REMEMBERED;
  const kept = isFull ? oldestFirst.slice(-MIN_REMEMBERED) : oldestFirst;
  const [forgotten = -1] = oldestFirst.at(-kept.length - 1) ?? [];
  const upTo = Math.max(forgottenUpTo(decisions), forgotten);
  return definedOf({
    ...Object.fromEntries(kept),
    [FORGOTTEN_UP_TO]: upTo < 0 ? undefined : upTo,
  });
}

/** Whether an error is a refusal that a process can remember. */
export function isRefusal(error: string): error is Refusal {
  return error !== DECISIONS.A && Object.values<string>(DECISIONS).includes(error);
}

function letterOf(decision: GuardedDecision): Letter | undefined {
  return (Object.keys(DECISIONS) as Letter[]).find((letter) => DECISIONS[letter] === decision);
}

function isLetter(value: unknown): value is Letter {
  return typeof value === 'string' && Object.hasOwn(DECISIONS, value);
}

function decisionsOf(stored: unknown): StoredDecisions {
  return typeof stored === 'object' && stored !== null ? (stored as StoredDecisions) : {};
}

function forgottenUpTo({ [FORGOTTEN_UP_TO]: upTo }: StoredDecisions): number {
  return typeof upTo === 'number' ? upTo : -1;
}
