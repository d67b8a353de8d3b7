import { expect, test } from 'vitest';
import {
  ChangeReport,
  type ChangeRow,
  nameOf,
  notShown,
  placeNoun,
} from '../../../../lib/cli/change-report.ts';

const row = (index: number, changes: Partial<ChangeRow> = {}): ChangeRow => ({
  ...{ index, line: index + 2, identifier: { lead_id: `L-${index}` } },
  ...{ completionStatus: 'SUCCESS', outcome: 'APPLIED', errors: [], before: {}, after: {} },
  ...changes,
});

test('the first rows are shown in tables, by field and by row, and the others are counted', () => {
  const report = new ChangeReport(1);
  report.take(row(0, { before: { state: 'A' }, after: { state: 'B' } }));
  report.take(row(1, { before: { state: 'A' }, after: { state: 'C', a: 1 } }));
  report.take(row(2));
  expect(report.tables()).toEqual([
    'field  rows\nstate     2\na         1',
    'line  process  field  before  after\n2     L-0      state  A       B',
  ]);
  expect(report.toJSON()).toMatchObject({ changed: 2, unchanged: 1, failing: 0 });
  expect(notShown(report.omitted())).toEqual(['Not shown: 1 row that would change. See more with --limit.']);
});

test('with nothing left out and nothing to show there is nothing to say', () => {
  const report = new ChangeReport(1);
  expect([report.tables(), notShown(report.omitted())]).toEqual([[], []]);
});

test('rows are named by their line and what the item called its process', () => {
  expect([placeNoun([row(0)]), placeNoun([row(0, { line: null })])]).toEqual(['line', 'index']);
  expect(nameOf(row(0, { identifier: { id: 'a', lead_id: 'b' } }))).toBe('a b');
});
