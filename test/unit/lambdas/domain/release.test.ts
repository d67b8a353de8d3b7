import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdUpdates, type IndexedItem } from '../../../../lambdas/domain/held-updates.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import {
  canaryMessage,
  heldBack,
  nextStepOf,
  queueStep,
  releaseOf,
  thresholdMessage,
} from '../../../../lambdas/domain/release.ts';
import type { ResultBatch } from '../../../../lambdas/domain/results.ts';
import { aJob, cancelled } from '../../../support/builders.ts';
import { MemoryHeldUpdates, MemoryJobs, MemoryQueue } from '../../../support/memory.ts';

/** Every second item of a request is invalid. */
const validItems = (count: number): IndexedItem[] =>
  Array.from({ length: count }, (_, position) => ({
    index: 2 * position,
    target: { id: `p${position}` },
    update: { data: { city: 'Goa' } },
  }));

const batchOf = (results: string): ResultBatch => ({
  startedAt: 3_000,
  completedAt: 4_000,
  results: [...results].map((sign, position) => ({
    index: 2 * position,
    result: sign === '+' ? { outcome: 'APPLIED' } : { error: 'PROCESS_NOT_FOUND' },
    attempts: 1,
  })),
});

/** A job of ten valid entries with a canary of four. */
const aJobWithCanary = (changes: Partial<StoredJob> = {}) =>
  aJob({ total: 20, invalid: 10, ...releaseOf(validItems(10), { canary: 4 }), ...changes });

describe('the steps of a job', () => {
  const lookAfter = (count: number, errorPercent = 5) => ({ errorPercent, after: count });
  it.each([
    ['without safeguards', 5_000, {}, []],
    ['with a canary', 5_000, { canary: 200 }, [200, 5_000]],
    ['that is all canary', 200, { canary: 200 }, []],
    ['with a threshold', 3_000, { abortOn: { errorPercent: 5 } }, [100, 1_100, 2_100, 3_000]],
    ['with a threshold and few entries', 100, { abortOn: { errorPercent: 5 } }, []],
    ['that is looked at late', 8_000, { abortOn: lookAfter(3_000) }, [3_000, 6_000, 8_000]],
    ['with both', 3_000, { canary: 10, abortOn: lookAfter(50) }, [10, 50, 1_050, 2_050, 3_000]],
    [
      'with a canary beyond the first look',
      3_000,
      { canary: 60, abortOn: lookAfter(50) },
      [60, 1_060, 2_060, 3_000],
    ],
    ['that is all canary, with a threshold', 3_000, { canary: 5_000, abortOn: lookAfter(50) }, []],
  ])('%s are as large as they may be', (_case, count, options, ends) => {
    const { steps = [] } = releaseOf(validItems(count), options);
    expect(steps.map(({ valid }) => valid)).toEqual(ends);
    expect(steps.map(({ to }) => to)).toEqual(ends.map((end) => 2 * end - 1));
  });

  it('never bring more than a wave after a look', () => {
    const count = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(count, fc.option(count, { nil: 0 }), count, (all, canary, first) => {
        const options = { ...(canary > 0 && { canary }), abortOn: lookAfter(first) };
        const ends = releaseOf(validItems(all), options).steps?.map(({ valid }) => valid) ?? [all];
        const sizes = ends.map((end, position) => end - (ends[position - 1] ?? 0));
        expect(ends.at(-1)).toBe(all);
        expect(sizes.every((size) => size > 0)).toBe(true);
        const [, ...waves] = sizes;
        expect(Math.max(0, ...waves)).toBeLessThanOrEqual(Math.max(first, 1_000));
      }),
    );
  });
});

describe('the next step of a job', () => {
  /** After the first results of a job with a canary of four: `+` a success, `-` a failure. */
  const next = (results: string, changes: Partial<StoredJob> = {}) =>
    nextStepOf({ job: aJobWithCanary(changes), log: [batchOf(results)] });

  it('waits for all results of the one before, and for accepting', () => {
    expect(next('+++')).toBeUndefined();
    const { queuedAt: _queuedAt, ...accepting } = aJobWithCanary();
    expect(nextStepOf({ job: accepting, log: [batchOf('++++')] })).toBeUndefined();
    expect(next('++++')).toEqual({ release: { to: 19, valid: 10 } });
  });

  it('is released when few enough have failed, and never after a stop', () => {
    expect(next('+-++', { errorPercent: 25 })).toMatchObject({ release: { to: 19 } });
    expect(next('+-++', { errorPercent: 25, stopped: cancelled(1) })).toBeUndefined();
    expect(next('+-++', { errorPercent: 24.9 })).toEqual({
      stop: { why: 'threshold', failed: 1, processed: 4 },
    });
  });

  it('is decided by the entries before it alone: an older header may come with results of the step itself', () => {
    expect(next('++++--')).toEqual({ release: { to: 19, valid: 10 } });
  });

  it('is queued to its end once it is released, whatever has failed since', () => {
    expect(next('++++--', { releasedTo: 19, queuedTo: 12 })).toEqual({ queue: { to: 19, valid: 10 } });
    expect(next('++++--', { releasedTo: 19, queuedTo: 19 })).toBeUndefined();
  });

  it('is nothing after the last', () => {
    expect(next('++++++++++', { releasedTo: 19, queuedTo: 19 })).toBeUndefined();
    expect(nextStepOf({ job: aJob(), log: [batchOf('++')] })).toBeUndefined();
    expect(heldBack(aJobWithCanary())).toBe(6);
    expect(heldBack(aJobWithCanary({ releasedTo: 19 }))).toBe(0);
    expect(heldBack(aJob())).toBe(0);
  });
});

describe('queueing a step', () => {
  /** As large as a chunk may be. */
  const LARGE = 'x'.repeat(300_000);

  async function aStep() {
    const valid = validItems(5).map((item) => ({ ...item, update: { data: { city: LARGE } } }));
    const { steps = [], ...release } = releaseOf(valid, { canary: 2 });
    const held = holdUpdates(valid, steps, 1);
    const job = aJob({ total: 10, invalid: 5, steps, ...release, heldStarts: held.starts });
    const ports = {
      jobs: new MemoryJobs(),
      heldUpdates: new MemoryHeldUpdates(),
      queue: new MemoryQueue(),
      now: () => 10_000,
      deadline: () => 40_000,
    };
    await ports.heldUpdates.store(job.id, held.chunks);
    await ports.jobs.create(job);
    const indexes = () => ports.queue.messages.map(({ index }) => index);
    const step = () => ({ to: 9, valid: 5 });
    const header = () => ports.jobs.headers.get(job.id) ?? job;
    return { job, ports, indexes, step, header };
  }

  it('queues its entries with their order, and notes how far it is', async () => {
    const { job, ports, indexes, step, header } = await aStep();
    expect(job.heldStarts).toEqual([4, 6, 8]);
    expect(await queueStep(job, step(), ports)).toBe(true);
    expect(indexes()).toEqual([4, 6, 8]);
    expect(ports.queue.messages[0]).toMatchObject({ jobId: job.id, order: 10_004, target: { id: 'p2' } });
    expect(header()).toMatchObject({ queuedTo: 9 });
  });

  it('goes on at the chunk that it had no time for', async () => {
    const { job, ports, indexes, step, header } = await aStep();
    const times = [10_000];
    expect(await queueStep(job, step(), { ...ports, now: () => times.shift() ?? 39_000 })).toBe(false);
    expect(indexes()).toEqual([4]);
    expect(header().queuedTo).toBe(6);
    expect(await queueStep(header(), step(), ports)).toBe(true);
    expect(indexes()).toEqual([4, 6, 8]);
  });

  it('begins again at the chunk of which the queue refused something', async () => {
    const { job, ports, indexes, step, header } = await aStep();
    const queue = new MemoryQueue();
    queue.send = async (messages) => [...messages];
    expect(await queueStep(job, step(), { ...ports, queue })).toBe(false);
    expect(header().queuedTo).toBeUndefined();
    expect(await queueStep(job, step(), ports)).toBe(true);
    expect(indexes()).toEqual([4, 6, 8]);
  });
});

describe('a client is told', () => {
  it.each([
    [50, 100, 5, 'Stopped: 50 of 100 processed entries failed (50 %); the threshold is 5 %.'],
    [1, 3, 0, 'Stopped: 1 of 3 processed entries failed (33.33 %); the threshold is 0 %.'],
    [501, 10_000, 2.5, 'Stopped: 501 of 10000 processed entries failed (5.01 %); the threshold is 2.5 %.'],
  ])('that %i of %i failed, and of the threshold', (failed, processed, errorPercent, message) => {
    const stopped = { at: 1, why: 'threshold' as const, failed, processed };
    expect(thresholdMessage(stopped, aJob({ errorPercent }))).toBe(message);
  });

  it('how far a canary is, until the next step is released', () => {
    const counts = { INVALID: 10, NOT_STARTED: 7, SUCCESS: 2, ERROR: 1, CANCELLED: 0 };
    expect(canaryMessage(aJobWithCanary(), counts)).toBe('Canary: 3 of 4 entries are processed.');
    expect(canaryMessage(aJobWithCanary({ releasedTo: 19 }), counts)).toBeNull();
    const { isCanary: _isCanary, ...watched } = aJobWithCanary();
    expect(canaryMessage(watched, counts)).toBeNull();
  });
});
