import { expect, test } from 'vitest';
import { nearestName } from '../../../../lambdas/contract/nearest-name.ts';

const KNOWN = ['lead_id', 'city', 'phone_number', 'score', 'state', 'status'];

test.for<[string, string]>([
  ['City', 'city'],
  ['LEAD-ID', 'lead_id'],
  ['citty', 'city'],
  ['Ctiy', 'city'],
  ['Phone', 'phone_number'],
  ['Customer City', 'city'],
  ['stat', 'state'],
  ['scores', 'score'],
])('%s is likely to mean %s', ([name, nearest]) => {
  expect(nearestName(name, KNOWN)).toBe(nearest);
});

test.for<string>(['', '?', 'id', 'constructor', 'dryRun', 'x'.repeat(1_000_000)])(
  '%.20s is near to no name',
  (name) => {
    expect(nearestName(name, KNOWN)).toBeUndefined();
  },
);

test('where no name is known, none is near', () => {
  expect(nearestName('city', [])).toBeUndefined();
});

test('letters that are swapped over a distance make another name', () => {
  expect(nearestName('deal', ['lead'])).toBeUndefined();
  expect(nearestName('laed', ['lead'])).toBe('lead');
});
