import { expect, test } from 'vitest';
import { UndoReport } from '../../../../lib/cli/undo-report.ts';
import type { DryRunEntry } from '../../../../lib/client/index.ts';

const entry = (index: number, changes: Partial<DryRunEntry>): DryRunEntry => ({
  ...{ index, identifier: { lead_id: `L-${index}` }, processId: null, completionStatus: 'SUCCESS' },
  ...{ outcome: 'REVERTED', errors: [], line: index + 2, attempts: 0, completedAt: 0, before: {}, after: {} },
  ...changes,
});
const ENTRIES = [
  entry(0, { before: { 'data.city': 'Pune' }, after: { 'data.city': 'Goa' } }),
  entry(1, { before: { state: 'B' }, after: { state: 'A' }, kept: ['data.city', 'data.score'] }),
  entry(2, { outcome: 'KEPT' }),
  entry(3, { outcome: 'UNCHANGED' }),
  entry(4, {
    ...{ completionStatus: 'ERROR', outcome: null },
    errors: [{ code: 'NOT_REVERSIBLE', message: 'It was not recorded.' }],
  }),
];

function reportOf(limit: number): UndoReport {
  const report = new UndoReport(limit);
  for (const each of ENTRIES) report.take(each);
  return report;
}

test('an undo is shown by outcome, by field and by row, with what stays', () => {
  expect(reportOf(20).paragraphs()).toEqual([
    [
      'would be as before         1',
      'would be partly as before  1',
      'would be kept              1',
      'unchanged                  1',
      'not reversible             1',
    ].join('\n'),
    'field      rows\ndata.city     1\nstate         1',
    'cause           rows\nNOT_REVERSIBLE     1',
    [
      'line  process  field      before  after',
      '2     L-0      data.city  Pune    Goa',
      '3     L-1      state      B       A',
    ].join('\n'),
    'line 6, L-4: It was not recorded. (NOT_REVERSIBLE)',
    [
      'line  process  stays, as something newer has set it',
      '3     L-1      data.city, data.score',
      '4     L-2      all that the job set',
    ].join('\n'),
  ]);
});

test('processes that the job created are deleted, and not as before', () => {
  const report = new UndoReport(20);
  const deletion = { before: { isDeleted: null }, after: { isDeleted: true } };
  for (const each of [entry(0, deletion), entry(1, deletion)]) report.take(each);
  expect(report.paragraphs()[0]).toBe('would be deleted  2');
  report.take(entry(2, { before: { state: 'B' }, after: { state: 'A' } }));
  expect(report.paragraphs()[0]).toBe('would be as before  1\nwould be deleted    2');
  expect(report.toJSON()).toMatchObject({ outcomes: { reverted: 1, deleted: 2 } });
});

test('what is not shown is told, and JSON has it too', () => {
  const report = reportOf(1);
  expect(report.paragraphs().at(-1)).toBe(
    'Not shown: 1 row that would change, 1 row that would be kept, or in part. See more with --limit.',
  );
  expect(report.toJSON()).toMatchObject({
    outcomes: { reverted: 1, partlyReverted: 1, kept: 1, unchanged: 1, notReversible: 1 },
    fields: { 'data.city': 1, state: 1 },
    kept: [{ index: 1, kept: ['data.city', 'data.score'] }],
  });
});

test.for([null, { index: 0 }, { ...entry(0, {}), after: null }])('%j is no entry of a dry run', (listed) => {
  expect(() => new UndoReport(1).take(listed as never)).toThrow('other than the entries of a dry run');
});
