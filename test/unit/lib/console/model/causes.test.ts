import { expect, test } from 'vitest';
import type { ErrorBody } from '../../../../../lambdas/contract/errors.ts';
import type { Column } from '../../../../../lambdas/rows/column.ts';
import { causesOf, hasWrongColumns, wrongColumns } from '../../../../../lib/console/model/causes.ts';
import { dryRunEntry as entry } from '../../../../support/entry.ts';

const columns: Column[] = [
  { is: 'identifier', name: 'lead_id' },
  { is: 'field', name: 'state' },
  { is: 'attribute', name: 'state', type: 'string' },
  { is: 'attribute', name: 'score', type: 'integer' },
  { is: 'left out' },
];
const row = (...cells: string[]) => ({ line: 2, text: '', cells });
const failed = (...errors: ErrorBody[]) => entry(0, { completionStatus: 'INVALID', outcome: null, errors });
const invalid = (pointer: string, message: string): ErrorBody => ({
  ...{ code: 'INVALID_VALUE', message, pointer: `/processes/0/${pointer}` },
});
const state = (value: string) =>
  invalid('state', `"state": ${JSON.stringify(value)} is not a state of this procedure: send one of "NEW".`);
const score = (value: string) =>
  invalid('data/score', `"score": ${JSON.stringify(value)} is not a whole number: send one such as 105.`);
const missing: ErrorBody = {
  ...{ code: 'PROCESS_NOT_FOUND', message: 'No process with this identifier.', pointer: '/processes/0' },
};

test('rows with the same error are one cause, with the value and the reason, most rows first', () => {
  const rows = [row('A', 'x', '', '1'), row('B', 'NEW ', '', 'many'), row('C', 'NEW ', '', '2')];
  const entries = [failed(state('x')), failed(state('NEW '), score('many')), failed(state('NEW '))];
  expect(causesOf(rows, entries, columns)).toMatchObject([
    {
      ...{ field: 'state', column: 1, values: ['NEW '], positions: [1, 2] },
      reason: 'is not a state of this procedure',
    },
    { field: 'state', column: 1, values: ['x'], positions: [0] },
    { field: 'score', column: 3, values: ['many'], positions: [1], reason: 'is not a whole number' },
  ]);
});

test('many different values are one cause, and so are all identifiers that belong to no process', () => {
  const values = Array.from({ length: 8 }, (_, i) => `x${i}`);
  const rows = values.map((value, i) => row(`L-${i}`, '', '', value));
  const causes = causesOf(
    rows,
    values.map((value, i) => failed(...(i < 2 ? [score(value), missing] : [score(value)]))),
    columns,
  );
  expect(causes).toMatchObject([
    { field: 'score', values, positions: [...rows.keys()] },
    {
      field: 'lead_id',
      column: 0,
      reason: 'belongs to no process',
      values: ['L-0', 'L-1'],
      positions: [0, 1],
    },
  ]);
  expect(new Set(causes.map(({ key }) => key)).size).toBe(causes.length);
});

test('identifiers that exist already are one cause, and so are rows without a required attribute', () => {
  const exists: ErrorBody = {
    ...missing,
    code: 'PROCESS_EXISTS',
    message: 'A process has it, so none was created.',
  };
  const required: ErrorBody = {
    code: 'REQUIRED_MISSING',
    message: '"score" is missing, and no lead is created without it. Add it to "data".',
    pointer: '/processes/0/data/score',
  };
  const rows = [row('A', '', '', '1'), row('B', '', '', '2'), row('C', '', '', '')];
  expect(causesOf(rows, [failed(exists), failed(exists), failed(required)], columns)).toMatchObject([
    {
      field: 'lead_id',
      column: 0,
      values: ['A', 'B'],
      reason: 'belongs to a process already',
      positions: [0, 1],
    },
    {
      ...{ code: 'REQUIRED_MISSING', field: 'score', column: 3, values: [''], positions: [2] },
      reason: 'is missing, and no lead is created without it',
    },
  ]);
});

test('an attribute is told from a field of its name, in a wrapped update too', () => {
  const error = invalid('update/data/state', '"state": 1 is not a string: put it in quotes.');
  expect(causesOf([row('A', 'NEW', 'x')], [failed(error)], columns)).toMatchObject([{ column: 2 }]);
  const names = invalid('data/a~1b~0c', '"a/b~c" is not an attribute of lead. Did you mean "city"?');
  expect(causesOf([row('A')], [failed(names)], columns)).toMatchObject([
    { field: 'a/b~c', column: undefined, reason: 'is not an attribute of lead' },
  ]);
});

test.for([
  ['"score": 1.5 is not a whole number: send 105', '1.5', 'is not a whole number'],
  ['"score": "a \\" b" is not a whole number: send 105', 'a " b', 'is not a whole number'],
  ['"score": an array is not a whole number: send 105', 'an array', 'is not a whole number'],
  ['"score" must be text, not 1.', '', 'must be text, not 1'],
  ['Something else. Do that.', '', 'Something else'],
] as const)('of items of JSON, %s has the value %j', ([message, value, reason]) => {
  expect(causesOf([row()], [failed(invalid('data/score', message))], [])).toMatchObject([
    { field: 'score', column: undefined, values: [value], reason },
  ]);
});

test('the check may not have come to a row, and a row may have an error twice', () => {
  const entries = [undefined, failed(state('x'), state('x'))] as never[];
  expect(causesOf([row('A', 'x'), row('B', 'x')], entries, columns)).toMatchObject([{ positions: [1] }]);
});

test('the wrong cells of a row are those of its errors, each once', () => {
  const all = row('A', 'x', '', 'many');
  expect(wrongColumns(failed(score('many'), state('x'), score('many')), all, columns)).toEqual([3, 1]);
  expect(wrongColumns(failed(missing), all, columns)).toEqual([0]);
});

const nameless: ErrorBody = {
  code: 'IDENTIFIER_MISSING',
  message: 'The item names no process. Add "id" or the primary key of lead, "lead_id".',
  pointer: '/processes/0',
};
const nothing: ErrorBody = {
  ...{ code: 'UPDATE_MISSING', message: 'The item changes nothing. Name at least one of state.' },
  pointer: '/processes/0',
};

test('a row without identifier is corrected by its primary key, or by its id in a file without', () => {
  const id: Column = { is: 'identifier', name: 'id' };
  const both = [id, ...columns];
  expect(causesOf([row('', '', 'NEW')], [failed(nameless)], both)).toMatchObject([
    { field: 'lead_id', column: 1, values: [''], reason: 'is empty, so the row names no process' },
  ]);
  expect(wrongColumns(failed(nameless), row('', '', 'NEW'), both)).toEqual([1]);
  expect(wrongColumns(failed(nameless), row('', 'NEW'), columns.with(0, id))).toEqual([0]);
  expect(causesOf([row('NEW')], [failed(nameless)], columns.slice(1))).toMatchObject([
    { field: undefined, column: undefined, reason: 'The item names no process' },
  ]);
});

test('a row that changes nothing is corrected by any cell that is sent, unless these are many', () => {
  expect(wrongColumns(failed(nothing), row('A'), columns)).toEqual([1, 2, 3]);
  expect(wrongColumns(failed(nameless, nothing), row(), columns)).toEqual([0, 1, 2, 3]);
  const many = Array.from(
    { length: 7 },
    (_, i): Column => ({ is: 'attribute', name: `${i}`, type: 'string' }),
  );
  expect(wrongColumns(failed(nothing), row('A'), many)).toEqual([]);
  const isCorrectable = (...errors: ErrorBody[]) =>
    hasWrongColumns([row('A'), row('B')], [failed(nothing), failed(...errors)], many);
  expect(isCorrectable(nothing)).toBe(false);
  expect(isCorrectable(invalid('data/3', '"3" must be text, not 1.'))).toBe(true);
});
