import * as v from 'valibot';
import { attributeSchema, isEnum } from './attribute-types.ts';
import { UPDATE_FIELDS } from './fields.ts';
import {
  ATTRIBUTE_TYPES,
  type Attribute,
  type AttributeType,
  type AttributeValue,
  attributeOf,
  type Procedure,
} from './procedure.ts';

/** Types whose values are one text or number, which can name a process. */
const KEY_TYPES: readonly AttributeType[] = [
  'string',
  'text',
  'name',
  'stringId',
  'integerId',
  'email',
  'phone',
  'integer',
  'number',
];

/** What stands on an item beside its primary key. */
const TAKEN_NAMES = ['id', 'update', 'expect', ...UPDATE_FIELDS];

/** Each message of an item that may create a process brings the defaults, beside an item of 320 KB. */
const MAX_DEFAULTS_BYTES = 10 * 1024;

const shortText = v.pipe(v.string('is not text'), v.trim(), v.nonEmpty('is empty'));
const shortIdSchema = v.pipe(
  v.string('is not text'),
  v.regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'is not 1 to 100 letters, digits, "_" and "-"'),
);

const attributeFileSchema = v.pipe(
  v.strictObject({
    type: v.picklist(ATTRIBUTE_TYPES, `is not a type: take one of ${ATTRIBUTE_TYPES.join(', ')}`),
    options: v.exactOptional(v.array(v.union([v.string(), v.number()], 'is neither text nor a number'))),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? optionsFault(dataset.value) : undefined;
    if (fault !== undefined) addIssue({ message: fault });
  }),
);

/** A procedure as an operator writes it down. */
export const procedureFileSchema = v.pipe(
  v.strictObject({
    id: v.exactOptional(shortIdSchema),
    shortId: shortIdSchema,
    name: shortText,
    primaryKey: shortText,
    states: v.pipe(
      v.array(shortText, 'is not a list'),
      v.minLength(1, 'is empty'),
      v.check((states) => new Set(states).size === states.length, 'lists a state twice'),
    ),
    transitions: v.exactOptional(
      v.record(v.string(), v.array(v.string('is not text'), 'is not a list'), 'is not an object'),
    ),
    attributes: v.record(
      v.pipe(v.string(), v.regex(/^(?!__proto__$).{1,255}$/su, 'is not a name of 1 to 255 characters')),
      attributeFileSchema,
    ),
    required: v.exactOptional(v.array(v.string('is not text'), 'is not a list')),
    defaults: v.exactOptional(v.record(v.string(), v.unknown(), 'is not an object')),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { primaryKey, attributes, states, transitions = {} } = dataset.value;
    for (const state of new Set([...Object.keys(transitions), ...Object.values(transitions).flat()])) {
      if (!states.includes(state))
        addIssue({ message: `transitions name "${state}", which is not among the states` });
    }
    const type = Object.hasOwn(attributes, primaryKey) ? attributes[primaryKey]?.type : undefined;
    if (TAKEN_NAMES.includes(primaryKey)) {
      addIssue({ message: `primaryKey "${primaryKey}" is taken: an item has a field of this name` });
    }
    if (type === undefined) addIssue({ message: `primaryKey "${primaryKey}" is not among the attributes` });
    else if (!KEY_TYPES.includes(type)) {
      addIssue({
        message: `primaryKey "${primaryKey}" is of type ${type}: take one of ${KEY_TYPES.join(', ')}`,
      });
    }
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { value: procedure } = dataset;
    for (const fault of requiredFaults(procedure)) addIssue({ message: fault });
    const { defaults, ...others } = procedure;
    if (defaults === undefined) return others;
    const { values, faults } = checkedDefaults(procedure, defaults);
    for (const fault of faults) addIssue({ message: fault });
    return faults.length > 0 ? NEVER : { ...others, defaults: values };
  }),
);

export type ProcedureFile = v.InferOutput<typeof procedureFileSchema>;

type Attributes = Pick<Procedure, 'primaryKey' | 'attributes'>;

function requiredFaults({ attributes, required = [] }: Attributes & Pick<Procedure, 'required'>): string[] {
  const unknown = required.filter((name) => !Object.hasOwn(attributes, name));
  const isTwice = new Set(required).size < required.length;
  return [
    ...unknown.map((name) => `required names "${name}", which is not among the attributes`),
    ...(isTwice ? ['required lists an attribute twice'] : []),
  ];
}

/** The values of `defaults` as they are stored. */
function checkedDefaults(
  { primaryKey, attributes }: Attributes,
  defaults: Record<string, unknown>,
): { values: Record<string, AttributeValue>; faults: string[] } {
  const values: [string, AttributeValue][] = [];
  const faults: string[] = [];
  for (const [name, value] of Object.entries(defaults)) {
    const attribute = attributeOf({ attributes }, name);
    if (attribute === undefined) {
      faults.push(`defaults name "${name}", which is not among the attributes`);
    } else if (name === primaryKey) {
      faults.push(`defaults name the primary key "${name}", which each item brings`);
    } else {
      const parsed = v.safeParse(attributeSchema(attribute), value, { abortEarly: true });
      if (parsed.success) values.push([name, parsed.output]);
      else
        faults.push(`the default of "${name}" ${parsed.issues[0].message.replace(', or null to clear', '')}`);
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(values)));
  if (bytes > MAX_DEFAULTS_BYTES)
    faults.push(`defaults have ${bytes} bytes of JSON: shorten them to ${MAX_DEFAULTS_BYTES}`);
  return { values: Object.fromEntries(values), faults };
}

function optionsFault({ type, options }: Attribute): string | undefined {
  if (!isEnum(type)) return options === undefined ? undefined : `has options, and ${type} has none`;
  if (options === undefined || options.length === 0) return `has no options, and ${type} needs some`;
  if (new Set(options).size < options.length) return 'has an option twice';
  const isOfType = (option: string | number) =>
    /string/i.test(type)
      ? typeof option === 'string'
      : /integer/i.test(type)
        ? Number.isSafeInteger(option)
        : typeof option === 'number';
  return options.every(isOfType) ? undefined : `has options that are not of ${type}`;
}
