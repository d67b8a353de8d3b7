import { describe, expect, it } from 'vitest';
import { awaitedCreates, marksOf } from '../../../../lambdas/domain/announced-creates.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import { orderOf } from '../../../../lambdas/domain/update-message.ts';

const NOW = 1_000_000;
const job = (fields: Partial<StoredJob> = {}) => ({ id: 'creating', sequence: 5, ...fields }) as StoredJob;
const announced = (of: StoredJob | undefined, acceptingUntil = NOW - 100_000) => [
  { marks: marksOf(['L1', 'L2']), acceptingUntil, job: of },
];
const end = { status: 'COMPLETED' } as NonNullable<StoredJob['end']>;
const LATER = orderOf(6, 0);

describe('an update that finds no process', () => {
  it('waits for a job that was accepted before, and may create it', () => {
    const isAwaited = awaitedCreates(announced(job()), NOW);
    expect(isAwaited('L1', LATER, 'mine')).toBe(true);
    expect(isAwaited('L2', LATER, 'mine')).toBe(true);
  });

  it('does not wait for a primary key that nobody creates', () => {
    expect(awaitedCreates(announced(job()), NOW)('L3', LATER, 'mine')).toBe(false);
    expect(awaitedCreates([], NOW)('L1', LATER, 'mine')).toBe(false);
  });

  it('does not wait for a job that was accepted after it, nor for its own', () => {
    const isAwaited = awaitedCreates(announced(job()), NOW);
    expect(isAwaited('L1', orderOf(4, 9), 'mine')).toBe(false);
    expect(isAwaited('L1', LATER, 'creating')).toBe(false);
  });

  it.each<[what: string, job: StoredJob, isAwaited: boolean]>([
    ['that has ended', job({ end }), false],
    ['whose plan nobody has approved', job({ plan: { INVALID: 0, SUCCESS: 2, ERROR: 0 } }), false],
    [
      'whose plan was approved after the update',
      job({ plan: { INVALID: 0, SUCCESS: 2, ERROR: 0 }, approved: { at: NOW, sequence: 7 } }),
      false,
    ],
    [
      'whose plan was approved before it',
      job({ sequence: 1, plan: { INVALID: 0, SUCCESS: 2, ERROR: 0 }, approved: { at: NOW, sequence: 5 } }),
      true,
    ],
    [
      'whose plan was discarded',
      job({ plan: { INVALID: 0, SUCCESS: 2, ERROR: 0 }, stopped: { at: NOW, why: 'cancelled' } }),
      false,
    ],
    [
      'that is cancelled, and goes on until all have noticed',
      job({ stopped: { at: NOW, why: 'cancelled' } }),
      true,
    ],
  ])('waits for a job %s or not', (_what, of, isAwaited) => {
    expect(awaitedCreates(announced(of), NOW)('L1', LATER, 'mine')).toBe(isAwaited);
  });

  it('waits for a job that is being accepted, and no longer than that can take', () => {
    expect(awaitedCreates(announced(undefined, NOW + 1_000), NOW)('L1', LATER, 'mine')).toBe(true);
    expect(awaitedCreates(announced(undefined, NOW - 60_000), NOW)('L1', LATER, 'mine')).toBe(false);
  });
});

describe('the marks of primary keys', () => {
  it('take three bytes each, and tell nearly all other keys apart', () => {
    const keys = Array.from({ length: 10_000 }, (_, number) => `KEY-${number}`);
    const marks = marksOf(keys);
    expect(marks.length).toBeLessThanOrEqual(30_000);
    const isAwaited = awaitedCreates([{ marks, acceptingUntil: NOW, job: job() }], NOW);
    expect(keys.every((key) => isAwaited(key, LATER, 'mine'))).toBe(true);
    const others = Array.from({ length: 10_000 }, (_, number) => `OTHER-${number}`);
    expect(others.filter((key) => isAwaited(key, LATER, 'mine')).length).toBeLessThan(30);
  });

  it('of one key twice are one', () => {
    expect(marksOf(['L1', 'L1'])).toHaveLength(3);
  });
});
