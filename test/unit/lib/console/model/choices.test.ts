import { expect, test } from 'vitest';
import { choicesOf } from '../../../../../lib/console/model/choices.ts';
import { aProcedure } from '../../../../support/builders.ts';

const procedure = {
  ...aProcedure({ attributes: { size: { type: 'integerEnum', options: [1, 2] } } }),
  states: ['NEW', 'DONE'],
};

test.for([
  [{ is: 'field', name: 'state' }, ['NEW', 'DONE']],
  [{ is: 'field', name: 'status' }, ['OPEN', 'COMPLETED', 'CANCELLED']],
  [{ is: 'field', name: 'isDeleted' }, ['true']],
  [{ is: 'field', name: 'assignedTo' }, undefined],
  [{ is: 'attribute', name: 'a', type: 'boolean' }, ['true', 'false']],
  [{ is: 'attribute', name: 'size', type: 'integerEnum' }, ['1', '2']],
  [{ is: 'attribute', name: 'a', type: 'string' }, undefined],
  [{ is: 'identifier', name: 'id' }, undefined],
] as const)('a cell of %j can have %j', ([column, choices]) => {
  expect(choicesOf(column, procedure)).toEqual(choices);
});
