import { expect, test } from 'vitest';
import { Suggestions } from '../../../../lambdas/domain/suggestions.ts';
import { aProcedure } from '../../../support/builders.ts';

test.each([
  ['citi', 'data', 'city'],
  ['lead_ids', 'item', 'lead_id'],
  ['assignedto', 'update', 'assignedTo'],
] as const)('%s in %s suggests %s', (name, place, known) => {
  expect(new Suggestions(aProcedure()).nearest(name, place)).toBe(known);
});

test('a name of the length of a text suggests nothing', () => {
  expect(new Suggestions(aProcedure()).nearest('city'.repeat(17), 'data')).toBeUndefined();
});

test('a procedure without attributes suggests none', () => {
  expect(new Suggestions(aProcedure({ attributes: {} })).nearest('city', 'data')).toBeUndefined();
});

test('different names use up the comparisons of a request, and a name that was compared is still suggested', () => {
  const suggestions = new Suggestions(aProcedure());
  const first = suggestions.nearest('citi', 'data');
  const all = Array.from({ length: 100_000 }, (_, i) => suggestions.nearest(`city${i}`, 'data'));
  expect(all[0]).toBeDefined();
  expect(all.at(-1)).toBeUndefined();
  expect(suggestions.nearest('citi', 'data')).toBe(first);
});
