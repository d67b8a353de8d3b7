/** The types that an attribute of a procedure can have. */
export const ATTRIBUTE_TYPES = ['string', 'integer', 'number', 'boolean'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What a client may send for an attribute, after conversion; `null` clears it. */
export type AttributeValue = string | number | boolean;

export interface Attribute {
  type: AttributeType;
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
  attributes: Record<string, Attribute>;
}

/** The attribute of that name, or undefined; names such as `constructor` find nothing inherited. */
export function attributeOf(procedure: Procedure, name: string): Attribute | undefined {
  return Object.hasOwn(procedure.attributes, name) ? procedure.attributes[name] : undefined;
}
