import { expect, test } from 'vitest';
import { countedKinds, kindOf, rowKinds } from '../../../../../lib/console/model/row-kinds.ts';
import { dryRunEntry as entry } from '../../../../support/entry.ts';

const failed = (code: 'PROCESS_NOT_FOUND' | 'PROCESS_EXISTS' | 'INVALID_VALUE') =>
  entry(0, { completionStatus: 'ERROR', outcome: null, errors: [{ code, message: '' }] });

test.for([
  [entry(0), 'change'],
  [entry(0, { outcome: 'CREATED' }), 'create'],
  [entry(0, { outcome: 'UNCHANGED' }), 'same'],
  [entry(0, { outcome: 'SUPERSEDED' }), 'replaced'],
  [failed('INVALID_VALUE'), 'wrong'],
  [failed('PROCESS_NOT_FOUND'), 'missing'],
  [failed('PROCESS_EXISTS'), 'exists'],
] as const)('%j is of a kind: %s', ([result, kind]) => {
  expect(kindOf(result)).toBe(kind);
});

test('rows are counted by kind, and those that name one process are found', () => {
  const named = (identifier: Record<string, unknown>) => entry(0, { identifier });
  const entries = [
    ...[named({ lead_id: 'A' }), named({ lead_id: 'B' }), named({ id: 'A' }), named({ lead_id: 'A' })],
    ...[named({}), named({}), named({ id: 'x', lead_id: 'A' }), failed('INVALID_VALUE')],
  ];
  expect(rowKinds(entries)).toEqual({
    ...{ change: [0, 1, 2, 3, 4, 5, 6], create: [], same: [], replaced: [], wrong: [7] },
    ...{ missing: [], exists: [], twice: [0, 3] },
  });
});

test('a check that goes on has no result for the last rows', () => {
  expect(rowKinds([undefined, entry(0)] as never[])).toMatchObject({ change: [1] });
});

test.for([
  [undefined, ['change', 'same', 'wrong', 'missing', 'twice']],
  ['missing', ['change', 'create', 'same', 'wrong', 'twice']],
  ['all', ['create', 'wrong', 'exists', 'twice']],
] as const)('the kinds are counted that rows can be of which may create %s', ([creates, kinds]) => {
  expect(countedKinds(rowKinds([]), creates)).toEqual(kinds);
});

test('a kind that rows are of is counted, whatever was expected', () => {
  const kinds = rowKinds([entry(0, { outcome: 'CREATED' }), failed('PROCESS_EXISTS')]);
  expect(countedKinds(kinds)).toEqual(['change', 'create', 'same', 'wrong', 'missing', 'exists', 'twice']);
});
