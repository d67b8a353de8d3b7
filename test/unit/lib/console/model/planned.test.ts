import { expect, test } from 'vitest';
import {
  changedRecords,
  expiresAt,
  isPlanned,
  plannedRow,
} from '../../../../../lib/console/model/planned.ts';
import { entry } from '../../../../support/entry.ts';

const row = (lead: string, outcome: 'APPLIED' | 'UNCHANGED') =>
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
  expect(changedRecords([...rows, row('LEAD-3', 'APPLIED')])).toBe(2);
});

test('a plan expires a day after it was saved, and waits until it is approved', () => {
  expect(expiresAt({ createdAt: 1 })).toBe(86_400_001);
  expect(isPlanned({ completionStatus: 'PLANNED' })).toBe(true);
  expect(isPlanned({ completionStatus: 'IN_PROGRESS' })).toBe(false);
});
