import { expect, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { faultsOf, membersOf, rawValue } from '../../../../lambdas/domain/precondition.ts';

const aProcess = (changes: Partial<Process> = {}): Process => ({
  ...{ id: 'a', team: 'local', procedure: 'lead', state: 'NEW', data: { city: 'Goa' }, version: 3 },
  ...changes,
});

test('the members of a precondition are named like fields, attributes with data', () => {
  expect(membersOf({ version: 3, state: null, data: { city: 'Goa', 'a.b': null } })).toEqual([
    ['version', 3],
    ['state', null],
    ['data.city', 'Goa'],
    ['data.a.b', null],
  ]);
});

test('a member is read from the process, and an attribute from nothing but its data', () => {
  const process = aProcess();
  expect(rawValue(process, 'version')).toBe(3);
  expect(rawValue(process, 'data.city')).toBe('Goa');
  expect(rawValue(process, 'data.constructor')).toBeUndefined();
  expect(rawValue(process, 'assignedTo')).toBeUndefined();
});

test('lists are compared by their members', () => {
  const process = aProcess({ data: { tags: ['a', 'b'] } });
  expect(faultsOf(process, { data: { tags: ['a', 'b'] } }, [])).toEqual([]);
  expect(faultsOf(process, { data: { tags: ['b', 'a'] } }, [])).toEqual([
    { of: 'expect', name: 'data.tags', stored: '["a","b"]' },
  ]);
});

test('a stored value is told up to 100 characters', () => {
  const process = aProcess({ data: { city: 'x'.repeat(200), phone: ['y'.repeat(200)] } });
  expect(faultsOf(process, { data: { city: 'a', phone: 'b' } }, [])).toMatchObject([
    { stored: `"${'x'.repeat(100)}…"` },
    { stored: `["${'y'.repeat(98)}…` },
  ]);
});

test('a field that a newer update has set is at fault, one that an older has set is not', () => {
  const process = aProcess({ clocks: { state: 11, 'data.city': 9 } });
  const changes = [
    { field: 'state' as const, value: 'WON', order: 10 },
    { field: 'data.city' as const, value: 'Oslo', order: 10 },
  ];
  expect(faultsOf(process, {}, changes)).toEqual([{ of: 'update', name: 'state', stored: '"NEW"' }]);
});
