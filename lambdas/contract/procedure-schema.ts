import * as v from 'valibot';
import { isEnum } from './attribute-types.ts';
import { UPDATE_FIELDS } from './fields.ts';
import { ATTRIBUTE_TYPES, type Attribute, type AttributeType } from './procedure.ts';

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
);

export type ProcedureFile = v.InferOutput<typeof procedureFileSchema>;

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
