import { expect, test } from 'vitest';
import { statesBefore } from '../../../../lambdas/domain/transitions.ts';
import { aProcedure } from '../../../support/builders.ts';

const procedure = aProcedure({ transitions: { NEW: ['IN_PROGRESS'], IN_PROGRESS: ['NEW', 'CONVERTED'] } });

test('a state may be reached from those that lead to it, and from itself', () => {
  expect(statesBefore(procedure, 'CONVERTED')).toEqual(['IN_PROGRESS', 'CONVERTED']);
  expect(statesBefore(procedure, 'IN_PROGRESS')).toEqual(['NEW', 'IN_PROGRESS']);
});

test('without transitions any state may follow any', () => {
  expect(statesBefore(aProcedure(), 'CONVERTED')).toBeUndefined();
});

test('a state that all others lead to needs no guard', () => {
  const { states } = aProcedure();
  const transitions = Object.fromEntries(states.map((state) => [state, ['NEW']]));
  expect(statesBefore(aProcedure({ transitions }), 'NEW')).toBeUndefined();
});

test('a state that is named like what every object inherits leads nowhere unless it is listed', () => {
  const odd = aProcedure({ states: ['constructor', 'NEW'], transitions: {} });
  expect(statesBefore(odd, 'NEW')).toEqual(['NEW']);
});
