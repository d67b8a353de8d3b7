import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { UpdateOptions } from '../../../../lambdas/contract/options.ts';
import { acceptOnce, fingerprintOf } from '../../../../lambdas/domain/accept-once.ts';
import { CLOCK_SKEW_MS, IN_FLIGHT_MS } from '../../../../lambdas/domain/job.ts';
import { accepting, refusalOf, validItems } from '../../../support/accepting.ts';
import { MemoryIdempotencyRecords } from '../../../support/memory.ts';

const world = accepting();

describe('with an Idempotency-Key', () => {
  const idempotencyRecords = () => new MemoryIdempotencyRecords();
  let ids = 0;
  const once = (
    store: MemoryIdempotencyRecords,
    fingerprint = 'f',
    team = 'local',
    items: unknown[] = validItems(2),
  ) => onceBy(store, fingerprint, (jobId) => world.accept(items, jobId), team);
  const onceBy = (
    store: MemoryIdempotencyRecords,
    fingerprint: string,
    accept: Parameters<typeof acceptOnce>[1],
    team = 'local',
  ) =>
    acceptOnce({ team, key: 'k', fingerprint }, accept, {
      idempotencyRecords: store,
      jobs: world.ports.jobs,
      now: () => world.now,
      deadline: () => world.now + 28_000,
      newId: () => `job-${++ids}`,
    });

  it('a repeated request is answered with the first job, and queued once', async () => {
    const store = idempotencyRecords();
    const first = await once(store);
    world.now += 23 * 60 * 60 * 1000;
    const second = await once(store);
    expect([first.isReplay, second.isReplay]).toEqual([false, true]);
    expect([second.job.id, second.queued]).toEqual([first.job.id, first.queued]);
    expect(world.ports.queue.messages).toHaveLength(2);
  });

  it('another request is refused, and one of another team is not', async () => {
    const store = idempotencyRecords();
    await once(store);
    expect(await refusalOf(once(store, 'g'))).toBe('422 IDEMPOTENCY_KEY_REUSED');
    expect((await once(store, 'g', 'other')).isReplay).toBe(false);
  });

  it('is free again after 24 hours', async () => {
    const store = idempotencyRecords();
    const first = await once(store);
    world.now += 24 * 60 * 60 * 1000;
    expect((await once(store, 'g')).job.id).not.toBe(first.job.id);
  });

  it('is free again when the request was refused for its items', async () => {
    const store = idempotencyRecords();
    const accept = (items: unknown[]) => (jobId: string) =>
      world.accept(items, jobId, { onInvalid: 'reject' });
    const refused = onceBy(store, 'f', accept([...validItems(1), {}]));
    expect(await refusalOf(refused)).toBe('422 INVALID_ITEMS');
    expect((await onceBy(store, 'g', accept(validItems(2)))).isReplay).toBe(false);
  });

  it('of requests that race one is accepted, the others are asked to come again', async () => {
    const store = idempotencyRecords();
    const answers = await Promise.allSettled([once(store), once(store), once(store)]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ status: 503 });
    }
    expect(world.ports.queue.messages).toHaveLength(2);
  });

  it('the repeat finishes what broke off half-way, once nobody can be at it any more', async () => {
    const store = idempotencyRecords();
    const { create } = world.ports.jobs;
    const dying = Promise.withResolvers<void>();
    world.ports.jobs.create = () => {
      dying.resolve();
      return new Promise(() => {});
    };
    void once(store);
    await dying.promise;
    world.ports.jobs.create = create;
    expect(await refusalOf(once(store))).toBe('503 IDEMPOTENCY_KEY_IN_USE');
    world.now += 28_001 + CLOCK_SKEW_MS + IN_FLIGHT_MS;
    const answers = await Promise.allSettled([once(store), once(store)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(world.ports.queue.messages).toHaveLength(2);
    expect((await once(store)).isReplay).toBe(true);
  });

  it('a refused request leaves the key free', async () => {
    const store = idempotencyRecords();
    world.ports.queue.takes = () => false;
    expect(await refusalOf(once(store))).toBe('503 QUEUE_UNAVAILABLE');
    world.ports.queue.takes = () => true;
    expect((await once(store, 'g')).isReplay).toBe(false);
  });
});

describe('requests are told apart', () => {
  const of = (options?: UpdateOptions) => fingerprintOf('lead', '{"processes":[]}', options);

  it('not by what their job is called, so that those from before there were options are known again', () => {
    const bare = createHash('sha256').update('"lead"{"processes":[]}').digest('hex');
    expect([of(), of({}), of({ name: 'a', source: { lines: [] } })]).toEqual([bare, bare, bare]);
  });

  it('by the options that change what is accepted', () => {
    const rejecting = of({ name: 'a', onInvalid: 'reject' });
    expect(rejecting).toBe(of({ onInvalid: 'reject' }));
    expect(new Set([of(), of({ onInvalid: 'skip' }), rejecting]).size).toBe(3);
  });

  it('by their procedure and items', () => {
    expect(fingerprintOf('contact', '{"processes":[]}')).not.toBe(of());
    expect(fingerprintOf('lead', '{"processes":[{}]}')).not.toBe(of());
  });
});
