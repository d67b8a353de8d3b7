import { expect, test } from 'vitest';
import type { PlannedEntry } from '../../../../lambdas/contract/views.ts';
import { isDiscarded, isPlanned, PlanWriter, readPlan } from '../../../../lambdas/domain/plan.ts';
import { aJob } from '../../../support/builders.ts';

const plan = { INVALID: 0, SUCCESS: 1, ERROR: 0 };
const approved = { at: 5, sequence: 7 };
const stopped = { at: 6, why: 'cancelled' as const };

test('a plan waits until it is approved, discarded or expired', () => {
  const standing = (changes: object) => {
    const job = aJob(changes);
    return isPlanned(job) ? 'planned' : isDiscarded(job) ? 'discarded' : 'neither';
  };
  expect(standing({ plan })).toBe('planned');
  expect(standing({ plan, approved })).toBe('neither');
  expect(standing({ plan, stopped })).toBe('discarded');
  expect(standing({ plan, stopped: { ...stopped, why: 'expired' } })).toBe('discarded');
  expect(standing({ plan, approved, stopped })).toBe('neither');
  expect(standing({ stopped })).toBe('neither');
});

test('its chunks begin where those of the submission do, and come back as they were', () => {
  const entries = Array.from(
    { length: 10 },
    (_, number): PlannedEntry => ({
      ...{ completionStatus: 'SUCCESS', outcome: 'APPLIED', errors: [] },
      before: { 'data.city': null },
      after: { 'data.city': `city-${number}\n` },
    }),
  );
  const writer = new PlanWriter([0, 3, 8]);
  for (const entry of entries) writer.add(entry);
  writer.end();
  expect(writer.chunks.map(readPlan)).toEqual([entries.slice(0, 3), entries.slice(3, 8), entries.slice(8)]);
});
