import { expect, test } from 'vitest';
import type { AttributeType } from '../../../../lambdas/contract/procedure.ts';
import type { Column, SentColumn } from '../../../../lambdas/rows/column.ts';
import { itemOf } from '../../../../lambdas/rows/csv-item.ts';

const lead: Column = { is: 'identifier', name: 'lead_id' };
const attribute = (name: string, type: AttributeType): Column => ({ is: 'attribute', name, type });

function item(cells: string[], columns: Column[]): unknown {
  return JSON.parse(itemOf(['LEAD-1', ...cells], [lead, ...columns], '\\N'));
}

test('attributes stand in data, fields beside it, and what is left out nowhere', () => {
  const columns: Column[] = [
    ...[attribute('city', 'string'), { is: 'field', name: 'state' } as const, { is: 'left out' } as const],
  ];
  expect(item(['Goa', 'NEW', 'x'], columns)).toEqual({
    lead_id: 'LEAD-1',
    state: 'NEW',
    data: { city: 'Goa' },
  });
});

test('an empty cell leaves a field as it is, the clear marker clears it', () => {
  const columns: Column[] = [
    ...[
      attribute('city', 'string'),
      attribute('score', 'integer'),
      { is: 'field', name: 'assignedTo' } as const,
    ],
  ];
  expect(item(['', '\\N', '\\N'], columns)).toEqual({
    ...{ lead_id: 'LEAD-1', assignedTo: null, data: { score: null } },
  });
});

test('an identifier is never cleared', () => {
  expect(JSON.parse(itemOf(['\\N', 'Goa'], [lead, attribute('city', 'string')], '\\N'))).toMatchObject({
    lead_id: '\\N',
  });
});

test.for<[AttributeType, string, unknown]>([
  ['integer', '9007199254740993', '9007199254740993'],
  ['string', 'true', 'true'],
  ['boolean', 'TRUE', true],
  ['boolean', 'False', false],
  ['boolean', 'yes', 'yes'],
  ['multiStringEnum', '["a","b"]', ['a', 'b']],
  ['multiStringEnum', 'a', 'a'],
  ['json', '{"a":[1]}', { a: [1] }],
  ['json', '{"a":', '{"a":'],
])('a cell of type %s that holds %s', ([type, cell, value]) => {
  expect(item([cell], [attribute('field', type)])).toEqual({ lead_id: 'LEAD-1', data: { field: value } });
});

test('isDeleted takes the capitals of a spreadsheet', () => {
  expect(item(['TRUE'], [{ is: 'field', name: 'isDeleted' }])).toEqual({
    lead_id: 'LEAD-1',
    isDeleted: true,
  });
});

test('a number in JSON keeps all of its digits', () => {
  expect(itemOf(['LEAD-1', '[1.50,9007199254740993]'], [lead, attribute('list', 'json')], '')).toContain(
    '[1.50,9007199254740993]',
  );
});

test('what is expected stands in expect, with null where there is no value', () => {
  const columns: Column[] = [
    { is: 'left out', expects: { is: 'field', name: 'version' } },
    { ...attribute('city', 'string'), expects: attribute('city', 'string') as SentColumn },
    { is: 'left out', expects: { is: 'field', name: 'state' } },
    { is: 'left out', expects: attribute('tags', 'json') as SentColumn },
  ];
  expect(item(['3', 'Goa', '', '[1]'], columns)).toEqual({
    ...{ lead_id: 'LEAD-1', data: { city: 'Goa' } },
    expect: { version: '3', state: null, data: { city: 'Goa', tags: [1] } },
  });
  expect(item(['\\N', '', '\\N', ''], columns)).toEqual({
    ...{ lead_id: 'LEAD-1' },
    expect: { version: null, state: null, data: { city: null, tags: null } },
  });
});
