import { expect, it } from 'vitest';
import { fieldChanges } from '../../../../lambdas/domain/field-changes.ts';

const process = {
  id: 'a',
  team: 'local',
  procedure: 'lead',
  state: 'NEW',
  data: { city: 'Goa', tags: new Set(['x']), secret: 'not named', __proto__: undefined },
};

it('of updates are told by their order numbers, with null for no value, and only where they change something', () => {
  const changes = fieldChanges(process, [
    { field: 'data.city', value: 'Pune', order: 2 },
    { field: 'data.score', value: 7, order: 2 },
    { field: 'state', value: 'NEW', order: 2 },
    { field: 'data.tags', value: null, order: 1 },
    { field: 'data.phone', value: null, order: 1 },
    { field: 'data.constructor', value: 'x', order: 1 },
    { field: 'status', value: 'OPEN', order: 1 },
  ]);
  expect(Object.fromEntries(changes)).toEqual({
    1: {
      before: { 'data.tags': ['x'], 'data.constructor': null, status: null },
      after: { 'data.tags': null, 'data.constructor': 'x', status: 'OPEN' },
    },
    2: {
      before: { 'data.city': 'Goa', 'data.score': null },
      after: { 'data.city': 'Pune', 'data.score': 7 },
    },
  });
});

it('are none where nothing changes', () => {
  expect(fieldChanges(process, [{ field: 'state', value: 'NEW', order: 1 }]).size).toBe(0);
});
