import { expect, test } from 'vitest';
import {
  approvalText,
  expiresAt,
  isPlanned,
  plannedRecords,
  plannedRow,
  plannedText,
} from '../../../../../lib/console/model/planned.ts';
import { entry } from '../../../../support/entry.ts';

const row = (lead: string, outcome: 'APPLIED' | 'UNCHANGED' | 'CREATED') =>
  plannedRow(
    entry(0, {
      identifier: { lead_id: lead },
      completionStatus: 'NOT_STARTED',
      outcome: null,
      plan: {
        completionStatus: 'SUCCESS',
        outcome,
        errors: [],
        before: { state: null },
        after: { state: 'NEW' },
      },
    }),
  );

test('a row tells what is planned, and keeps how its entry stands', () => {
  const { entry: kept, planned } = row('LEAD-1', 'APPLIED');
  expect(kept).toMatchObject({ completionStatus: 'NOT_STARTED', outcome: null });
  expect(planned).toMatchObject({ completionStatus: 'SUCCESS', outcome: 'APPLIED', after: { state: 'NEW' } });
});

test('records that change are counted once, and those that are already so are not', () => {
  const rows = [row('LEAD-1', 'APPLIED'), row('LEAD-1', 'APPLIED'), row('LEAD-2', 'UNCHANGED')];
  expect(plannedRecords([...rows, row('LEAD-3', 'APPLIED')])).toEqual({ changed: 2, created: 0 });
});

test('a record that is created and then changed counts as created', () => {
  const rows = [row('LEAD-1', 'CREATED'), row('LEAD-1', 'APPLIED'), row('LEAD-2', 'APPLIED')];
  expect(plannedRecords(rows)).toEqual({ changed: 1, created: 1 });
});

test.for([
  [2, 0, '2 records will be changed', '2 records will not be changed', 'Change 2 records'],
  [0, 1, '1 record will be created', '1 record will not be created', 'Create 1 record'],
  [0, 0, '0 records will be changed', '0 records will not be changed', 'Change 0 records'],
  [
    ...([1, 3] as const),
    '1 record will be changed and 3 created',
    '1 record will not be changed, and 3 not created',
    'Change 1 record, create 3',
  ],
] as const)(
  '%i records to change and %i to create are told and confirmed',
  ([changed, created, will, willNot, confirm]) => {
    const records = { changed, created };
    expect([plannedText(records), plannedText(records, 'will not'), approvalText(records)]).toEqual([
      ...[will, willNot, confirm],
    ]);
  },
);

test('a plan expires a day after it was saved, and waits until it is approved', () => {
  expect(expiresAt({ createdAt: 1 })).toBe(86_400_001);
  expect(isPlanned({ completionStatus: 'PLANNED' })).toBe(true);
  expect(isPlanned({ completionStatus: 'IN_PROGRESS' })).toBe(false);
});
