import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DryRunEntry, Entry } from '../../../../lambdas/contract/views.ts';
import { applyUpdates, INDEX_LAG_MS } from '../../../../lambdas/domain/apply-updates.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { dryRun } from '../../../../lambdas/domain/dry-run.ts';
import { listEntries } from '../../../../lambdas/domain/list-entries.ts';
import { accepting, aRequest } from '../../../support/accepting.ts';
import { aPage } from '../../../support/builders.ts';
import { MemoryProcesses } from '../../../support/memory.ts';

const world = accepting();

describe('a dry run', () => {
  const stored = ['a', 'b', 'c'].map((id) => ({
    id,
    team: 'local',
    procedure: 'lead',
    primaryKey: `KEY-${id}`,
  }));
  const twins = ['t1', 't2'].map((id) => ({ id, team: 'local', procedure: 'lead', primaryKey: 'TWIN' }));
  const deleted = { id: 'd', team: 'local', procedure: 'lead', primaryKey: 'KEY-d', isDeleted: true };
  const all = [...stored, ...twins, deleted];
  /** Decides as the store does, and forgets what it decided. */
  class Unwritten extends MemoryProcesses {
    override async apply(...[target, updates]: Parameters<MemoryProcesses['apply']>) {
      return decide(this.stored.get(target.id), target, updates).verdicts;
    }
  }
  const identifier = fc.constantFrom(
    { id: 'a' },
    { id: 'b' },
    { lead_id: 'KEY-a' },
    { lead_id: 'KEY-c' },
    { id: 'c', lead_id: 'KEY-a' },
    { lead_id: 'TWIN' },
    { id: 'd' },
    { id: 'missing' },
    { lead_id: 'MISSING' },
    {},
  );
  const update = fc.constantFrom(
    { state: 'NEW' },
    { data: { city: 'Goa' } },
    { data: { score: '7' }, status: 'OPEN' },
    { data: { citty: 'Goa' } },
    { data: { lead_id: 'KEY-a' }, state: 'NEW' },
    { data: { lead_id: 'KEY-a' } },
    { update: { data: { lead_id: 'KEY-c' } } },
    { isDeleted: false },
    {},
  );
  const items = fc.array(
    fc.tuple(identifier, update).map(([named, change]) => ({ ...named, ...change })),
    { minLength: 1, maxLength: 12 },
  );

  it('gives each entry the status that the real run gives it, and writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (sent) => {
        const unwritten = new Unwritten(all);
        const told: DryRunEntry[] = [];
        const dry = await dryRun(aRequest(sent), {
          processes: () => unwritten,
          now: () => world.now,
          deadline: () => world.now,
          onFailure: () => {},
          onChanges: () => {},
          onEntry: (entry) => told.push(entry),
        });
        expect([...unwritten.stored.values()]).toEqual(all);
        expect(told.sort((a, b) => a.index - b.index)).toEqual(dry.entries);

        world.ports.queue.messages.length = 0;
        const jobId = crypto.randomUUID();
        const { job } = await world.accept(sent, jobId);
        const processes = new MemoryProcesses(all);
        for (const attempt of [1, 2]) {
          const deliveries = world.ports.queue.messages.splice(0).map((message) => ({
            messageId: String(message.index),
            message,
            receives: attempt,
            keptUntil: world.now,
          }));
          world.now += INDEX_LAG_MS;
          const retries = await applyUpdates(deliveries, {
            processes,
            jobs: world.ports.jobs,
            now: () => world.now,
            maxAttempts: 5,
            deadline: () => world.now + 30_000,
            remove: async () => {},
            postpone: async () => [],
            isTransient: () => false,
            onRecorded: () => {},
            onFailure: () => {},
          });
          world.ports.queue.messages.push(...[...retries.keys()].map(({ message }) => message));
        }
        const real = await listEntries(
          { job, log: world.ports.jobs.logs.get(jobId) ?? [] },
          aPage({ limit: 100 }),
          world.ports,
        );
        const verdictOf = ({ completionStatus, processId, errors }: Entry) => ({
          completionStatus,
          processId,
          errors,
        });
        expect(dry.entries.map(verdictOf)).toEqual(real.listed.map(({ entry }) => verdictOf(entry)));
      }),
      { numRuns: 300 },
    );
  });
});
