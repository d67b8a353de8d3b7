import { memoize } from '../contract/memoize.ts';
import type { Procedure } from '../contract/procedure.ts';

/**
 * The states from which a process may come into a state, itself among them; undefined when that is any.
 *
 * A process without a state may come into any.
 */
export function statesBefore(procedure: Procedure, state: string): string[] | undefined {
  return statesBeforeEach(procedure).get(state);
}

/** The same for each state that not all others lead to. Every item with a state asks for it. */
export const statesBeforeEach = memoize(({ states, transitions }: Procedure): Map<string, string[]> => {
  if (transitions === undefined) return new Map();
  const leadsTo = (from: string, to: string) =>
    from === to || (Object.hasOwn(transitions, from) && transitions[from]?.includes(to));
  const before = states.map((to): [string, string[]] => [to, states.filter((from) => leadsTo(from, to))]);
  return new Map(before.filter(([, froms]) => froms.length < states.length));
});
