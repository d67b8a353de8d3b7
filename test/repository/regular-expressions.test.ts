import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { attributeSchema } from '../../lambdas/contract/attribute-types.ts';
import { BEARER } from '../../lambdas/contract/bearer.ts';
import { EMAIL_ADDRESS } from '../../lambdas/contract/email-and-phone.ts';
import { FORMULA } from '../../lambdas/contract/formulas.ts';
import { ATTRIBUTE_TYPES } from '../../lambdas/contract/procedure.ts';
import { ISO_TIMESTAMP } from '../../lambdas/contract/times.ts';
import { regularExpressionsOf, slowText, slowTextOf } from '../support/regular-expressions.ts';

const found = regularExpressionsOf(['lambdas', 'lib', 'bin']);

/** They read what an operator or the synthesized template says, not what a client sends. */
const OF_OPERATORS = [
  'lib/infrastructure/configuration.ts',
  'lib/local/gateway.ts',
  'lib/local/mock-integration.ts',
];

/** Made of parts, and tried by their names. */
const MADE = [
  { file: 'lambdas/contract/email-and-phone.ts', expression: EMAIL_ADDRESS },
  { file: 'lambdas/contract/times.ts', expression: ISO_TIMESTAMP },
  { file: 'lambdas/contract/bearer.ts', expression: new RegExp(BEARER) },
  { file: 'lambdas/contract/formulas.ts', expression: FORMULA },
];

describe('every regular expression of the source', () => {
  it('is found', () => {
    const files = new Set(found.map(({ place }) => place.split(':')[0]));
    for (const file of [
      'lambdas/contract/numbers.ts',
      'lambdas/rows/file-format.ts',
      'lib/client/index.ts',
      'lib/cli/arguments.ts',
    ]) {
      expect(files).toContain(file);
    }
  });

  it('is a literal, or known by its name, so that it can be tried', () => {
    const made = found.filter(({ expression }) => expression === undefined).map(({ place }) => place);
    const unexpected = made.filter(
      (place) =>
        ![...OF_OPERATORS, ...MADE.map(({ file }) => file)].some((file) => place.startsWith(`${file}:`)),
    );
    expect(unexpected).toEqual([]);
  });

  const literals = found.flatMap(({ place, expression }) =>
    expression === undefined ? [] : { place, expression },
  );

  it.each(MADE)('$file takes no more than linear time', ({ expression }) => {
    expect(slowText(expression)).toBeUndefined();
  });

  it.each(literals)('$place $expression takes no more than linear time', ({ expression }) => {
    expect(slowText(expression)).toBeUndefined();
  });
});

/** Their checks are a library's, in part. */
describe('every type of attribute', () => {
  const samples = [
    'a.b@c.de',
    '2026-11-24T14:30:15.123Z',
    '2026-11-24T14:30:15+01:00',
    '+91 99012 58433',
    '-0.10e+5',
  ];

  it.each(ATTRIBUTE_TYPES)('%s takes no more than linear time', (type) => {
    const schema = attributeSchema({ type, options: ['a', 105, 1.5] });
    expect(slowTextOf((text) => v.safeParse(schema, text), samples)).toBeUndefined();
  });
});

describe('a text that takes long is found for', () => {
  it.each([/0+$/, /(a+)+$/, /<([^>]+)>;/, /from:.*to:/s])('%s', (expression) => {
    expect(slowText(expression)).toBeDefined();
  });
});
