import fc from 'fast-check';
import type { JsonSchema } from '../../lib/openapi/document.ts';
import { document } from '../support/contract.ts';

/** What generated texts are made of, beside arbitrary ones, so that some of them mean something. */
export interface Dictionary {
  /** The attributes of `data`, each with what it takes. */
  attributes: Readonly<Record<string, JsonSchema>>;
  primaryKeys: readonly string[];
  /** Values of properties whose schemas say too little to meet one. */
  values: Readonly<Record<string, readonly unknown[]>>;
  texts: readonly string[];
}

/** A JSON text, which may say what no JavaScript value can: a key twice, or a number too large. */
type JsonText = fc.Arbitrary<string>;

const HOSTILE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'a.b',
  '',
  '#state',
  ':v0',
  'id',
  'update',
  'data',
];

/** Tokens that parsers and stores are known to stumble over. */
const HOSTILE_TOKENS = [
  ...['null', 'true', 'false', '0', '-0', '1e999', '-1e400', '1e-400', '9007199254740993', '0.1e1'],
  ...['123456789012345678901234567890', '1.00000000000000000001', '253402300800000', '1616253910'],
  ...[
    '""',
    '" "',
    '"\\ud800"',
    '"\\udc00x"',
    '"\\u0000"',
    '"\\ufffe\\uffff"',
    '"\\ud83d\\ude00"',
    '"\\u2028"',
  ],
  ...['"__proto__"', '"=1+1"', '"a.b[0]"', '"2026-02-30"', '"1e3"', '"١٢٣"', '[]', '{}', '[[]]', '{"":0}'],
];

/** UTF-16 code units one by one: most are lone surrogates sooner or later. */
const brokenText = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength: 4 })
  .map((units) => String.fromCharCode(...units));

const written = (value: unknown): string => JSON.stringify(value);

const deep = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(5, 31, 34, 400))
  .map(([open, levels]) => `${open.repeat(levels)}0${(open === '[' ? ']' : '}').repeat(levels)}`);

/** Any JSON. */
export function anything({ attributes, texts }: Dictionary): JsonText {
  const names = Object.keys(attributes);
  const name = fc
    .oneof(fc.constantFrom(...names, ...HOSTILE_NAMES), fc.string({ unit: 'grapheme' }))
    .map(written);
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TOKENS) },
      { weight: 4, arbitrary: fc.constantFrom(...texts).map(written) },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(written) },
      { weight: 1, arbitrary: brokenText.map(written) },
      {
        weight: 2,
        arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(written),
      },
      { weight: 1, arbitrary: deep },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((parts) => `[${parts}]`) },
      {
        weight: 2,
        arbitrary: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map(objectOf),
      },
    ),
  })).value;
}

const objectOf = (pairs: [name: string, value: string][]) =>
  `{${pairs.map(([name, value]) => `${name}:${value}`)}}`;

/** JSON that fits a schema of the document, or nearly: some parts are replaced by anything. */
export function textOf(schema: JsonSchema, dictionary: Dictionary): JsonText {
  return fc.oneof(
    { weight: 60, arbitrary: fittingText(schema, dictionary) },
    { weight: 1, arbitrary: anything(dictionary) },
  );
}

function fittingText(schema: JsonSchema, dictionary: Dictionary): JsonText {
  const { $ref, anyOf, enum: options, type, pattern } = schema;
  if ($ref !== undefined) {
    const name = String($ref).split('/').at(-1) ?? '';
    return textOf(document.components.schemas[name] as JsonSchema, dictionary);
  }
  if (anyOf !== undefined) {
    return fc.oneof(...(anyOf as JsonSchema[]).map((option) => textOf(option, dictionary)));
  }
  if (options !== undefined) return fc.constantFrom(...(options as unknown[])).map(written);
  if ('const' in schema) return fc.constant(written(schema.const));
  switch (type) {
    case 'string':
      return pattern === undefined
        ? fc
            .oneof(
              { weight: 3, arbitrary: fc.constantFrom(...dictionary.texts) },
              { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
            )
            .map(written)
        : fc.stringMatching(new RegExp(String(pattern), 'u')).map(written);
    case 'integer':
    case 'number': {
      const { minimum = 0, maximum = 2 ** 53 } = schema as { minimum?: number; maximum?: number };
      return fc
        .oneof(fc.constantFrom(0, 105, 1616253910842), fc.maxSafeInteger())
        .map((number) => Math.min(Math.max(number, minimum), maximum))
        .map(written);
    }
    case 'boolean':
      return fc.boolean().map(written);
    case 'null':
      return fc.constant('null');
    case 'array': {
      const { items, minItems = 0 } = schema as { items: JsonSchema; minItems?: number };
      return fc
        .array(textOf(items, dictionary), { minLength: minItems, maxLength: 5 })
        .map((parts) => `[${parts}]`);
    }
    case 'object':
      return objectText(schema, dictionary);
    default:
      return anything(dictionary);
  }
}

/** Required properties, some of the others, and some under names of the dictionary where the schema lets them be. */
function objectText(schema: JsonSchema, dictionary: Dictionary): JsonText {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  const named = Object.entries(properties).map(([name, property]) => {
    const fitting = textOf(property, dictionary);
    const meant = (dictionary.values[name] ?? []).map(written);
    const value = meant.length === 0 ? fitting : fc.oneof(fc.constantFrom(...meant), fitting);
    const pair = fc.tuple(fc.constant(written(name)), value);
    // What takes one value only is seldom there: it deletes the process.
    const [there, missing] = required.includes(name) ? [60, 1] : 'const' in property ? [1, 60] : [1, 2];
    return fc.oneof(
      { weight: there, arbitrary: pair },
      { weight: missing, arbitrary: fc.constant(undefined) },
    );
  });
  const names = [...HOSTILE_NAMES, ...dictionary.primaryKeys, ...Object.keys(dictionary.attributes)];
  const stray = fc.tuple(fc.constantFrom(...names).map(written), anything(dictionary));
  const strays = fc.oneof(
    { weight: 60, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(stray, { maxLength: 2 }) },
  );
  return fc
    .tuple(fc.tuple(...named), morePairs(schema, dictionary), strays)
    .map(([pairs, more, others]) =>
      objectOf([...pairs.filter((pair) => pair !== undefined), ...more, ...others]),
    );
}

/** Properties under names that the schema leaves open: of attributes, or a primary key. */
function morePairs(
  { additionalProperties }: JsonSchema,
  dictionary: Dictionary,
): fc.Arbitrary<[name: string, value: string][]> {
  if (additionalProperties === undefined || additionalProperties === false) return fc.constant([]);
  const isOpen = Object.keys(additionalProperties as object).length === 0;
  const schemas = isOpen
    ? dictionary.attributes
    : Object.fromEntries(dictionary.primaryKeys.map((name) => [name, additionalProperties as JsonSchema]));
  const pairs = Object.entries(schemas).map(([name, schema]) =>
    fc.tuple(fc.constant(written(name)), textOf(schema, dictionary)),
  );
  return fc.oneof(
    {
      weight: 20,
      arbitrary: fc.uniqueArray(fc.oneof(...pairs), {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: Math.min(pairs.length, 3),
      }),
    },
    { weight: 1, arbitrary: fc.array(fc.oneof(...pairs), { maxLength: 2 }) },
  );
}
