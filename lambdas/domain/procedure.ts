import { madeOnce } from './made-once.ts';

/** The types that an attribute of a procedure can have. */
export const ATTRIBUTE_TYPES = [
  'string',
  'text',
  'name',
  'stringId',
  'integerId',
  'email',
  'phone',
  'integer',
  'number',
  'float',
  'decimal',
  'boolean',
  'stringEnum',
  'integerEnum',
  'floatEnum',
  'multiStringEnum',
  'multiIntegerEnum',
  'multiFloatEnum',
  'date',
  'time',
  'datetime',
  'datetimeISO8601',
  'photo',
  'multiPhotos',
  'audio',
  'json',
] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What a client may send for an attribute, after conversion; `null` clears it. */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly unknown[]
  | { readonly [name: string]: unknown };

export interface Attribute {
  type: AttributeType;
  /** Of an enum, the values that it can have. */
  options?: (string | number)[];
}

/** A schema, e.g. `lead`: which attributes and states its processes have, and which attribute names them. */
export interface Procedure {
  team: string;
  id: string;
  shortId: string;
  name: string;
  /** Short id of the attribute that identifies a process to its users. */
  primaryKey: string;
  states: string[];
  /**
   * The states that may follow each state; one that is not named is final. Absent means that any may follow any.
   */
  transitions?: Record<string, string[]>;
  attributes: Record<string, Attribute>;
}

/**
 * The states from which a process may come into a state, itself among them; undefined when that is any.
 *
 * A process without a state may come into any.
 */
export function statesBefore(procedure: Procedure, state: string): string[] | undefined {
  return statesBeforeEach(procedure).get(state);
}

/** The same for each state that not all others lead to. Every item with a state asks for it. */
const statesBeforeEach = madeOnce(({ states, transitions }: Procedure): Map<string, string[]> => {
  if (transitions === undefined) return new Map();
  const leadsTo = (from: string, to: string) =>
    from === to || (Object.hasOwn(transitions, from) && transitions[from]?.includes(to));
  const before = states.map((to): [string, string[]] => [to, states.filter((from) => leadsTo(from, to))]);
  return new Map(before.filter(([, froms]) => froms.length < states.length));
});

/** The attribute of that name, or undefined; names such as `constructor` find nothing inherited. */
export function attributeOf(
  { attributes }: Pick<Procedure, 'attributes'>,
  name: string,
): Attribute | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
