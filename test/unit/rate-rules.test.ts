import { expect, it } from 'vitest';
import { RateRules } from '../../lib/local/rate-rules.ts';
import type { Template } from '../../lib/local/template.ts';

const RateBasedStatement = {
  Limit: 2,
  EvaluationWindowSec: 60,
  CustomKeys: [{ Header: { Name: 'authorization' } }],
};
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
