import { describe, expect, it } from 'vitest';
import type { UpdateOptions } from '../../../../lambdas/contract/options.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { fieldChanges } from '../../../../lambdas/domain/field-changes.ts';
import { planUpdates } from '../../../../lambdas/domain/plan-updates.ts';
import { messagesOf } from '../../../../lambdas/domain/release.ts';
import { accepting, aRequest } from '../../../support/accepting.ts';
import { MemoryProcesses } from '../../../support/memory.ts';

const world = accepting();
const LEAD = { id: 'p0', team: 'local', procedure: 'lead', primaryKey: 'L0', data: { city: 'Goa' } };

function plan(items: unknown[], options: UpdateOptions = {}) {
  const stored = new MemoryProcesses([LEAD]);
  const processes: Parameters<typeof planUpdates>[2]['processes'] = (onChanges, onRead) => ({
    findIds: (...of) => stored.findIds(...of),
    traceOf: async () => undefined,
    findShowing: async () => undefined,
    get: (id) => stored.get(id),
    create: (...of) => stored.create(...of),
    apply: async (target, updates) => {
      const process = stored.stored.get(target.id);
      const { changes, verdicts } = decide(process, target, updates);
      if (process !== undefined) {
        onRead(process, updates);
        for (const [order, found] of fieldChanges(process, changes)) onChanges(order, found);
      }
      return verdicts;
    },
  });
  const ports = { ...world.ports, processes, onFailure: () => {} };
  return planUpdates('job-1', { ...aRequest(items), options: { ...options, plan: true } }, ports);
}

describe('a plan', () => {
  it('is stored and queues nothing', async () => {
    const { job, queued } = await plan([
      { id: 'p0', data: { city: 'Oslo' } },
      { id: 'nobody', state: 'NEW' },
      { id: 'p0', status: 'WRONG' },
    ]);
    expect([queued, world.ports.queue.messages]).toEqual([0, []]);
    expect(job).toMatchObject({
      ...{ total: 3, invalid: 1, releasedTo: 0, plan: { INVALID: 1, SUCCESS: 1, ERROR: 1 } },
      steps: [{ to: 2, valid: 2 }],
    });
    expect(world.ports.jobs.headers.get('job-1')).toEqual(job);
    expect(await world.ports.plans.readChunk('job-1', 0)).toMatchObject([
      { outcome: 'APPLIED', before: { 'data.city': 'Goa' }, after: { 'data.city': 'Oslo' } },
      { completionStatus: 'ERROR', errors: [{ code: 'PROCESS_NOT_FOUND' }], before: {}, after: {} },
      { completionStatus: 'INVALID', outcome: null },
    ]);
  });

  it('holds each update with what its fields have, and what would fail with its error', async () => {
    const { job } = await plan([
      { id: 'p0', data: { city: 'Oslo' }, state: 'NEW' },
      { id: 'nobody', state: 'NEW' },
    ]);
    const held = await world.ports.heldUpdates.readChunk('job-1', 0);
    expect(held).toMatchObject([
      { index: 0, planned: { 'data.city': '"Goa"', state: 'null' } },
      { index: 1, refused: { result: { error: 'PROCESS_NOT_FOUND' } } },
    ]);
    const approved = { ...job, approved: { at: 1, sequence: 500 } };
    const [message] = messagesOf(approved, held);
    expect(message).toMatchObject({ order: 5_000_000, planned: { 'data.city': '"Goa"' } });
  });

  it('is released in the steps that its options ask for', async () => {
    const items = Array.from({ length: 5 }, () => ({ id: 'p0', state: 'NEW' }));
    const { job } = await plan(items, { canary: 2 });
    expect(job.steps).toEqual([
      { to: 2, valid: 2 },
      { to: 5, valid: 5 },
    ]);
    expect(job.heldStarts).toEqual([0, 2]);
  });

  it('is refused with its invalid items where these are not to be skipped, and when it is too large', async () => {
    const refused = plan([{ id: 'p0', status: 'WRONG' }], { onInvalid: 'reject' });
    await expect(refused).rejects.toMatchObject({ status: 422, meta: { total: 1, invalid: 1 } });
    LEAD.data.city = 'x'.repeat(21 * 1024 * 1024);
    await expect(plan([{ id: 'p0', data: { city: 'Oslo' } }])).rejects.toMatchObject({ status: 413 });
    LEAD.data.city = 'Goa';
    expect(world.ports.jobs.headers.size).toBe(0);
  });
});
