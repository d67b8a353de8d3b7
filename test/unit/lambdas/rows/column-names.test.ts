import { expect, test } from 'vitest';
import { columnCalled, nameOfAttribute, optionsOf } from '../../../../lambdas/rows/column-names.ts';
import { aProcedure } from '../../../support/builders.ts';

const procedure = aProcedure({
  attributes: {
    lead_id: { type: 'string' },
    state: { type: 'string' },
    source: { type: 'stringEnum', options: ['Web'] },
  },
});

test('a name means an identifier, a field, an attribute, or nothing', () => {
  const names = ['id', 'lead_id', 'state', 'data.state', 'source', 'data.source', 'constructor', ''];
  expect(names.map((name) => columnCalled(name, procedure)?.is)).toEqual([
    ...['identifier', 'identifier', 'field', 'attribute', 'attribute', 'attribute', undefined, undefined],
  ]);
});

test('an attribute called like a field is reached with the prefix', () => {
  expect(['state', 'source'].map((name) => nameOfAttribute(name, procedure))).toEqual([
    'data.state',
    'source',
  ]);
});

test('the values that a column can have are those of the procedure', () => {
  expect(optionsOf({ is: 'field', name: 'state' }, procedure)).toEqual(procedure.states);
  expect(optionsOf({ is: 'field', name: 'assignedTo' }, procedure)).toEqual([]);
  expect(optionsOf({ is: 'attribute', name: 'source', type: 'stringEnum' }, procedure)).toEqual(['Web']);
});
