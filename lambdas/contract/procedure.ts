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
  /** The attributes without which no process is created. */
  required?: string[];
  /** The values that a created process has in attributes that its item does not name. */
  defaults?: Record<string, AttributeValue>;
}

/** The attribute of that name, or undefined; names such as `constructor` find nothing inherited. */
export function attributeOf(
  { attributes }: Pick<Procedure, 'attributes'>,
  name: string,
): Attribute | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
