import { describe, expect, test } from 'vitest';
import type { Job } from '../../../../../lib/client/index.ts';
import {
  announcementOf,
  percentOf,
  rateOf,
  timeLeft,
  withSample,
} from '../../../../../lib/console/model/progress.ts';

describe('progress', () => {
  test('has the rate of the last seconds', () => {
    expect(rateOf([])).toBeUndefined();
    expect(rateOf([{ at: 1000, processed: 1 }])).toBeUndefined();
    const early = withSample([], { at: 0, processed: 0 });
    const later = withSample(withSample(early, { at: 10_000, processed: 5000 }), {
      at: 12_000,
      processed: 5100,
    });
    expect(rateOf(later)).toBe(50);
  });

  test('tells how long the rest takes at that rate, and nothing while it stands still', () => {
    const counts = { SUCCESS: 100, NOT_STARTED: 300, INVALID: 0, ERROR: 0, CANCELLED: 0 };
    const moved = (processed: number) => [
      { at: 0, processed: 0 },
      { at: 1000, processed },
    ];
    expect(timeLeft({ total: 400, counts }, moved(100))).toBe(3000);
    expect(timeLeft({ total: 400, counts }, moved(0))).toBeUndefined();
    expect(timeLeft({ total: 400, counts }, [])).toBeUndefined();
  });

  test('is complete only when it is', () => {
    expect([percentOf(0, 3), percentOf(9999, 10_000), percentOf(3, 3), percentOf(0, 0)]).toEqual([
      0, 99, 100, 100,
    ]);
  });

  test('is told at each quarter and at the end', () => {
    const at = (SUCCESS: number, completionStatus: Job['completionStatus'] = 'IN_PROGRESS', more = {}) =>
      announcementOf({
        ...{ total: 100, completionStatus, ...more },
        counts: { SUCCESS, NOT_STARTED: 100 - SUCCESS, INVALID: 0, ERROR: 0, CANCELLED: 0 },
      } as Job);
    expect([at(3), at(24)]).toEqual(Array(2).fill('The job is in progress.'));
    expect([at(25), at(49)]).toEqual(Array(2).fill('25 percent processed.'));
    expect(at(100, 'COMPLETED')).toBe('The job has ended: 100 of 100 applied, 0 failed.');
    expect(at(100, 'COMPLETED', { undoes: 'a' })).toBe('The job has ended: 100 of 100 done, 0 failed.');
  });
});
