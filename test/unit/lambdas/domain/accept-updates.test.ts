import { describe, expect, it } from 'vitest';
import { SEQUENCE_UNIT_MS } from '../../../../lambdas/adapters/job-store.ts';
import { acceptUpdates } from '../../../../lambdas/domain/accept-updates.ts';
import { IN_FLIGHT_MS, NOTICE_MS, type StoredJob, shouldSkip } from '../../../../lambdas/domain/job.ts';
import { listEntries } from '../../../../lambdas/domain/list-entries.ts';
import type { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { accepting, aRequest, FIRST_ORDER, refusalOf, validItems } from '../../../support/accepting.ts';
import { aPage, aProcedure } from '../../../support/builders.ts';

const world = accepting();

describe('accepting', () => {
  it('queues the valid items in their order, and counts the others', async () => {
    const { job, queued } = await world.accept([
      ...validItems(2),
      { nobody: true },
      { lead_id: 5, state: 'NEW' },
    ]);
    expect(job).toMatchObject({
      total: 4,
      invalid: 1,
      sequence: world.now / SEQUENCE_UNIT_MS,
      primaryKey: 'lead_id',
      queuedAt: world.now,
    });
    expect(queued).toBe(3);
    expect(world.ports.queue.messages.map(({ index, order, target }) => [index, order, target])).toEqual([
      [0, FIRST_ORDER, { id: 'p0' }],
      [1, FIRST_ORDER + 1, { id: 'p1' }],
      [3, FIRST_ORDER + 3, { primaryKey: '5' }],
    ]);
    expect((await world.accept(validItems(1), 'job-2')).job.sequence).toBe(world.now / SEQUENCE_UNIT_MS + 1);
  });

  it('lets an item that cannot create wait for the one before that may', async () => {
    const procedure = { ...aProcedure(), required: ['city'] };
    const city = { city: 'Goa' };
    const items = [
      { lead_id: 'L', state: 'NEW' },
      { lead_id: 'L', data: city },
      { lead_id: 'L', state: 'NEW' },
      { lead_id: 'L', data: city },
      { lead_id: 'L', expect: { state: 'NEW' }, data: city },
      { lead_id: 'M', state: 'NEW' },
    ];
    const options = { onMissing: 'create' } as const;
    await acceptUpdates('job-1', { ...aRequest(items), procedure, options }, world.ports);
    expect(world.ports.queue.messages.map(({ after }) => after)).toEqual([
      ...[undefined, undefined, 1, undefined, 3, undefined],
    ]);
  });

  it('keeps by what an item names the process that it cannot create', async () => {
    const large = { city: 'x'.repeat(400_000) };
    const items = [
      { data: { lead_id: 'L', score: 'many' } },
      { data: { lead_id: 'M', ...large } },
      { data: { lead_id: null } },
      { data: {} },
    ];
    const { job } = await acceptUpdates('job-1', { ...aRequest(items), creates: 'all' }, world.ports);
    const page = await listEntries({ job, log: [] }, aPage({ limit: 10 }), world.ports);
    const identifiers = page.listed.map(({ entry }) => entry.identifier);
    expect(identifiers).toEqual([{ lead_id: 'L' }, { lead_id: 'M' }, { lead_id: null }, {}]);
    const named = aPage({ limit: 10, filter: { identifier: 'L' } });
    expect((await listEntries({ job, log: [] }, named, world.ports)).listed).toHaveLength(1);
  });

  it('ends at once when nothing is valid', async () => {
    const { job, queued } = await world.accept([{}, null]);
    expect([job.invalid, queued, job.queuedAt]).toEqual([2, 0, world.now]);
    expect(world.ports.queue.messages).toEqual([]);
  });

  it('refuses all items when one is invalid and is not to be skipped, and stores and queues nothing', async () => {
    const options = { onInvalid: 'reject' } as const;
    const items = [...validItems(2), { id: 'p2', state: 'NOWHERE' }];
    expect(await refusalOf(world.accept(items, 'job-1', options))).toBe('422 INVALID_ITEMS');
    expect(world.ports.jobs.headers.size).toBe(0);
    expect(world.ports.queue.messages).toEqual([]);
    expect(await world.ports.submissions.readChunk('job-1', 0).catch(() => 'nothing')).toBe('nothing');
    expect((await world.accept(items, 'job-2', { onInvalid: 'skip' })).queued).toBe(2);
    expect((await world.accept(validItems(2), 'job-3', options)).queued).toBe(2);
  });

  it('refuses no items, and more than 10,000', async () => {
    expect(await refusalOf(world.accept([]))).toBe('400 PROCESSES_EMPTY');
    expect(await refusalOf(world.accept(validItems(10_001)))).toBe('413 TOO_MANY_PROCESSES');
    expect(world.ports.jobs.headers.size).toBe(0);
  });

  it('keeps of an item that is too large its identifier alone', async () => {
    const { job } = await world.accept([
      { lead_id: 'L', data: { city: 'x'.repeat(400_000) } },
      'x'.repeat(400_000),
    ]);
    const page = await listEntries({ job, log: [] }, aPage({ limit: 10 }), world.ports);
    expect(page.listed).toMatchObject([
      { item: { lead_id: 'L' }, entry: { errors: [{ code: 'UPDATE_TOO_LARGE' }] } },
      { item: {}, entry: { errors: [{ code: 'UPDATE_TOO_LARGE' }, { code: 'INVALID_ITEM' }] } },
    ]);
  });

  it('notes what could not be queued', async () => {
    world.ports.queue.takes = ({ index }) => index !== 1;
    const { queued } = await world.accept(validItems(3));
    expect(queued).toBe(2);
    expect(world.ports.jobs.headers.get('job-1')).toMatchObject({ notQueued: [1], queuedAt: world.now });
  });

  it('fails when nothing could be queued', async () => {
    world.ports.queue.takes = () => false;
    expect(await refusalOf(world.accept(validItems(3)))).toBe('503 QUEUE_UNAVAILABLE');
    expect(world.ports.jobs.headers.get('job-1')).toMatchObject({ acceptingUntil: world.now });
    expect(world.ports.jobs.headers.get('job-1')?.queuedAt).toBeUndefined();
  });

  it('promises nothing of what the queue took without an answer', async () => {
    world.ports.queue.takes = () => false;
    const refusal = await world.accept(validItems(3)).catch((error: RequestError) => error.message);
    expect(refusal).toMatch(/may be applied within seconds/);
    expect(refusal).toMatch(/Send the request again with the same Idempotency-Key/);
    expect(refusal).not.toMatch(/none will/);

    const job = world.ports.jobs.headers.get('job-1') as StoredJob;
    const delivered = { index: 0 };
    expect(shouldSkip(job, delivered, world.now + IN_FLIGHT_MS + NOTICE_MS)).toBe(false);
    expect(shouldSkip(job, delivered, world.now + IN_FLIGHT_MS + NOTICE_MS + 1)).toBe(true);
  });
});
