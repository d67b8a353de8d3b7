/**
 * The refusals of guarded updates that a process remembers, so that none is judged twice.
 *
 * The first copy of an update may be refused because of the process's state, and the second arrive when the state has
 * moved on. Whether an update was *applied* shows in the clocks of its fields; a refusal leaves no other trace than this.
 * It stands in the process itself, since one conditional write then both judges and remembers.
 */
export interface Decided {
  /** Whether the process remembers that it refused the update with that order number. */
  hasRefused: (order: number) => boolean;
  /** The same, or it may have forgotten it: the update is not to be judged any more. */
  isSettled: (order: number) => boolean;
}

/** How a process stores them: `R` by order number, and the greatest order number that was forgotten. */
export type StoredDecisions = Readonly<Record<string, unknown>>;

/** A process remembers this many: about 600 bytes at most. */
export const MAX_DECISIONS = 32;
/** No order number: those are digits. */
export const FORGOTTEN_UP_TO = 'upTo';
const REFUSED = 'R';

/** @param stored - what the process holds; another writer may have left anything there */
export function readDecisions(stored: unknown): Decided {
  const decisions = decisionsOf(stored);
  const upTo = forgottenUpTo(decisions);
  const hasRefused = (order: number) => Object.hasOwn(decisions, order) && decisions[order] === REFUSED;
  return { hasRefused, isSettled: (order) => order <= upTo || hasRefused(order) };
}

/** The decisions to store when these updates are refused, too; the oldest are forgotten beyond MAX_DECISIONS. */
export function withRefusals(stored: unknown, refused: readonly number[]): StoredDecisions {
  const decisions = decisionsOf(stored);
  const known = Object.keys(decisions).filter((name) => name !== FORGOTTEN_UP_TO);
  const orders = [...new Set([...known.map(Number), ...refused])].sort((a, b) => a - b);
  const kept = orders.slice(-MAX_DECISIONS);
  const forgotten = orders.at(-MAX_DECISIONS - 1);
  const upTo = Math.max(forgottenUpTo(decisions), forgotten ?? -1);
  return {
    ...Object.fromEntries(kept.map((order) => [order, REFUSED])),
    ...(upTo < 0 ? {} : { [FORGOTTEN_UP_TO]: upTo }),
  };
}

function decisionsOf(stored: unknown): StoredDecisions {
  return typeof stored === 'object' && stored !== null ? (stored as StoredDecisions) : {};
}

function forgottenUpTo({ [FORGOTTEN_UP_TO]: upTo }: StoredDecisions): number {
  return typeof upTo === 'number' ? upTo : -1;
}
