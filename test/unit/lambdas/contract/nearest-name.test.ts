import { expect, test } from 'vitest';
import { nearestName } from '../../../../lambdas/contract/nearest-name.ts';

const KNOWN = ['phone_number', 'city', 'leadId'];

test.each([
  ['Phone Number', 'phone_number'],
  ['PHONE-NUMBER', 'phone_number'],
  ['citty', 'city'],
  ['lead_id', 'leadId'],
])('%s means %s', (name, known) => expect(nearestName(name, KNOWN)).toBe(known));

test('where no name is known there is none to mean', () => {
  expect(nearestName('city', [])).toBeUndefined();
});

test('a name of megabytes is compared by its beginning', () => {
  const startedAt = performance.now();
  expect(nearestName(`city${'x'.repeat(5_000_000)}`, KNOWN)).toBeTypeOf('string');
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
