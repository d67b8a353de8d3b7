import { expect, test } from 'vitest';
import { checkCounts, noCounts, sum, tally } from '../../../../lib/cli/counts.ts';
import { ApiError, type EntryCounts } from '../../../../lib/client/index.ts';
import { entry } from '../../../support/entry.ts';

const counts = (changes: Partial<EntryCounts>): EntryCounts => ({ ...noCounts(), ...changes });

test('counts add up, without those that are taken away', () => {
  const all = [counts({ SUCCESS: 5, ERROR: 1 }), counts({ SUCCESS: 2 })];
  expect(sum(all, counts({ SUCCESS: 3 }))).toEqual(counts({ SUCCESS: 4, ERROR: 1 }));
});

test('entries are counted by how they ended', () => {
  const entries = [entry(0), entry(1, { completionStatus: 'INVALID' }), entry(2)];
  expect(tally(entries)).toEqual(counts({ SUCCESS: 2, INVALID: 1 }));
});

test('counts of as many items as were sent are believed', () => {
  expect(() => checkCounts(counts({ SUCCESS: 4, ERROR: 1 }), 5)).not.toThrow();
});

test.each<[string, unknown]>([
  ['of fewer items', counts({ SUCCESS: 4 })],
  ['of more', counts({ SUCCESS: 6 })],
  ['that are not whole', counts({ SUCCESS: 4.5, ERROR: 0.5 })],
  ['below zero', counts({ SUCCESS: 6, ERROR: -1 })],
  ['that lack a status', { SUCCESS: 5 }],
  ['that are missing', undefined],
])('counts %s are an error of the API', (_what, told) => {
  expect(() => checkCounts(told as EntryCounts, 5)).toThrow(ApiError);
});
