import { expect, it } from 'vitest';
import { RateRules } from '../../../../lib/local/rate-rules.ts';
import type { Template } from '../../../../lib/local/template.ts';

const statement = (...TextTransformations: { Priority: number; Type: string }[]) => ({
  Limit: 2,
  EvaluationWindowSec: 60,
  CustomKeys: [{ Header: { Name: 'authorization', TextTransformations } }],
});
const RateBasedStatement = statement({ Priority: 0, Type: 'NONE' });
const rulesOf = (...Rules: unknown[]) =>
  new RateRules({
    ofType: () => [['KeyLimit', { Rules }]] as [string, Record<string, unknown>][],
  } as unknown as Template);

it('admits as many requests of a key as the limit says, until the window is over', () => {
  const rules = rulesOf({ Statement: { RateBasedStatement } });
  const admitted = (key: string, times: number[]) =>
    times.map((time) => rules.admits({ authorization: key }, time));
  expect(admitted('Bearer a', [0, 10, 20, 59_999, 60_000])).toEqual([true, true, false, false, true]);
  expect(admitted('Bearer b', [30, 40, 50])).toEqual([true, true, false]);
});

it('admits any number of requests without a key, or without a rule', () => {
  const limited = rulesOf({ Statement: { RateBasedStatement } });
  expect([1, 2, 3].map((time) => limited.admits({}, time))).toEqual([true, true, true]);
  const free = rulesOf({ Statement: { GeoMatchStatement: {} } });
  expect([1, 2, 3].map((time) => free.admits({ authorization: 'a' }, time))).toEqual([true, true, true]);
});

it('counts together what the transformations make alike', () => {
  const admitted = (rate: object, keys: string[]) => {
    const rules = rulesOf({ Statement: { RateBasedStatement: rate } });
    return keys.map((authorization) => rules.admits({ authorization }, 0));
  };
  const spellings = ['Bearer a', 'BEARER \t a', 'bearer\xa0\n A', 'bEARER a'];
  expect(admitted(RateBasedStatement, spellings)).toEqual([true, true, true, true]);
  const alike = statement({ Priority: 1, Type: 'LOWERCASE' }, { Priority: 0, Type: 'COMPRESS_WHITE_SPACE' });
  expect(admitted(alike, spellings)).toEqual([true, true, false, false]);
  // As WAF does: no other letters than A to Z.
  expect(admitted(alike, ['É', 'é', 'É', 'é'])).toEqual([true, true, true, true]);
  expect(() =>
    rulesOf({ Statement: { RateBasedStatement: statement({ Priority: 0, Type: 'MD5' }) } }),
  ).toThrow('The local rate rules do not know the transformation MD5');
});
