import { expect, test } from 'vitest';
import {
  CREATES_CHOICES,
  createsProposal,
  effectText,
  emptyCellText,
} from '../../../../../lib/console/model/creates.ts';
import { rowKinds } from '../../../../../lib/console/model/row-kinds.ts';
import { dryRunEntry as entry } from '../../../../support/entry.ts';

const failed = (code: 'PROCESS_NOT_FOUND' | 'PROCESS_EXISTS' | 'INVALID_VALUE') =>
  entry(0, { completionStatus: 'ERROR', outcome: null, errors: [{ code, message: '' }] });

test('rows create nothing unless somebody chooses it', () => {
  expect(CREATES_CHOICES.map(({ creates }) => creates)).toEqual([undefined, 'missing', 'all']);
});

test('an empty cell is told by what rows may do', () => {
  expect(CREATES_CHOICES.map(({ creates }) => emptyCellText(creates))).toEqual([
    'An empty cell leaves the field unchanged.',
    'An empty cell leaves the field unchanged. In a new record, the field gets its default, or stays empty.',
    'Where a cell is empty, the field gets its default, or stays empty.',
  ]);
});

test('what rows would do is counted, and nothing is told of what no row would do', () => {
  const created = entry(0, { outcome: 'CREATED' });
  expect(effectText('missing', rowKinds([created, created, entry(0)]))).toBe(
    '1 row would update a record, 2 would create one.',
  );
  expect(effectText('all', rowKinds([created]))).toBe('1 row would create a record.');
  const idle = [entry(0, { outcome: 'UNCHANGED' }), entry(0, { outcome: 'SUPERSEDED' })];
  const wrong = (['PROCESS_NOT_FOUND', 'PROCESS_EXISTS', 'INVALID_VALUE'] as const).map(failed);
  expect(effectText('missing', rowKinds([...idle, ...wrong]))).toBe(
    '0 rows would update a record, 0 would create one, 2 would change nothing, 3 would fail.',
  );
});

test.for([
  [undefined, 1, 0, '1 row names a record that does not exist. Create this record'],
  [undefined, 2, 0, '2 rows name records that do not exist. Create these records'],
  ['all', 0, 1, '1 row names a record that exists already. Update this record'],
  ['all', 0, 2, '2 rows name records that exist already. Update these records'],
  ['missing', 1, 0, undefined],
  [undefined, 0, 0, undefined],
] as const)(
  'of rows that may create %s, %i missing and %i existing lead to: %s',
  ([creates, missing, exists, text]) => {
    const proposal = createsProposal(creates, {
      missing: Array.from({ length: missing }, (_, i) => i),
      exists: Array.from({ length: exists }, (_, i) => i),
    });
    expect(proposal && `${proposal.text} ${proposal.label}`).toBe(text);
    if (proposal !== undefined) expect(proposal.creates).toBe('missing');
  },
);
