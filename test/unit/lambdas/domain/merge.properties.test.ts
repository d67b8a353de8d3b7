import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import type { ApplyVerdict, ReferencedUpdate } from '../../../../lambdas/domain/ports.ts';
import type { Update } from '../../../../lambdas/domain/process.ts';
import { statesBefore } from '../../../../lambdas/domain/transitions.ts';
import { withChanges } from '../../../../lambdas/domain/with-changes.ts';
import { aProcedure } from '../../../support/builders.ts';

const TARGET = { id: 'p', team: 'local', procedure: 'lead' };
const START: Process = { ...TARGET, data: { city: 'Start' }, state: 'NEW' };

const attribute = fc.constantFrom('city', 'phone', '__proto__', 'a.b', '😀');
const value = fc.oneof(fc.constantFrom('x', 'y', 1, true), fc.constant(null));
const anUpdate = fc
  .record(
    {
      data: fc.dictionary(attribute, value, { maxKeys: 3 }),
      state: fc.constantFrom('NEW', 'WON'),
      assignedTo: fc.constantFrom('Ada', null),
      nextActionAt: fc.constantFrom(1, 2, null),
    },
    { requiredKeys: [] },
  )
  .map((update) => update as Update);
const updates = fc
  .array(anUpdate, { minLength: 1, maxLength: 8 })
  .map((list) => list.map((update, i): ReferencedUpdate => ({ order: i + 1, update })));

/** How a queue may deliver: every update at least once, some again, in any order and in any batches. */
const delivered = (list: fc.Arbitrary<ReferencedUpdate[]>) =>
  list.chain((all) =>
    fc
      .record({
        order: fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
        cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      })
      .map(({ order, cuts }) => {
        const missing = all.filter((update) => !order.includes(update));
        const stream = [...order, ...missing];
        const batches: ReferencedUpdate[][] = [];
        for (let i = 0; stream.length > 0; i++) batches.push(stream.splice(0, cuts[i % cuts.length]));
        return { all, batches };
      }),
  );

function applyBatches(batches: readonly ReferencedUpdate[][]): {
  process: Process;
  verdicts: ApplyVerdict[];
} {
  let process = START;
  const verdicts: ApplyVerdict[] = [];
  for (const batch of batches) {
    const decision = decide(process, TARGET, batch);
    verdicts.push(...decision.verdicts);
    if (decision.changes.length > 0) process = withChanges(process, decision.changes, 1);
  }
  return { process, verdicts };
}

/** What a client sees and what later updates are compared with; not how often it was written. */
function visible({ version: _version, updatedAt: _updatedAt, clock: _clock, ...process }: Process) {
  const { data = {}, clocks = {}, ...fields } = process;
  return { ...fields, data: Object.entries(data).toSorted(), clocks: Object.entries(clocks).toSorted() };
}

it('however updates are shuffled, repeated and batched, the end is that of applying them in order', () => {
  fc.assert(
    fc.property(delivered(updates), ({ all, batches }) => {
      const inOrder = applyBatches(all.map((update) => [update]));
      const { process, verdicts } = applyBatches(batches);
      expect(visible(process)).toEqual(visible(inOrder.process));
      expect(verdicts.every((verdict) => 'outcome' in verdict)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it('applying any of the updates once more changes nothing', () => {
  fc.assert(
    fc.property(updates, fc.nat(), (all, pick) => {
      const { process } = applyBatches([all]);
      const again = all[pick % all.length];
      expect(decide(process, TARGET, again === undefined ? [] : [again]).changes).toEqual([]);
    }),
  );
});

it('a deletion is final for what was accepted after it, and what came before still arrives', () => {
  const withDeletion = fc.tuple(updates, fc.nat()).map(([all, place]) => {
    const position = place % (all.length + 1);
    const list = all.map(({ update }) => update);
    list.splice(position, 0, { isDeleted: true });
    return list.map((update, i): ReferencedUpdate => ({ order: i + 1, update }));
  });
  fc.assert(
    fc.property(withDeletion, (all) => {
      const deletedAt = all.findIndex(({ update }) => update.isDeleted);
      const { process, verdicts } = applyBatches([all]);
      const before = applyBatches([all.slice(0, deletedAt + 1)]);
      expect(visible(process)).toEqual(visible(before.process));
      const changesSomething = ({ update }: ReferencedUpdate) =>
        Object.keys(update).some((name) => name !== 'data') || Object.keys(update.data ?? {}).length > 0;
      for (const [i, update] of all.entries()) {
        const isRefused = i > deletedAt && changesSomething(update);
        if (isRefused) expect(verdicts[i]).toEqual({ error: 'PROCESS_DELETED' });
        if (i <= deletedAt) expect(verdicts[i]).toHaveProperty('outcome');
      }
    }),
    { numRuns: 500 },
  );
});

describe('where the procedure says which state may follow which', () => {
  const NEXT: Record<string, string[]> = { NEW: ['OPEN'], OPEN: ['WON', 'LOST'], LOST: ['OPEN'], WON: [] };
  const states = Object.keys(NEXT);
  const procedure = aProcedure({ states, transitions: NEXT });
  const restricted = fc
    .array(
      fc.record(
        { data: fc.dictionary(attribute, value, { maxKeys: 2 }), state: fc.constantFrom(...states) },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((list) =>
      list.map((update, i): ReferencedUpdate => {
        const stateFrom = update.state === undefined ? undefined : statesBefore(procedure, update.state);
        return { order: i + 1, update: stateFrom === undefined ? update : { ...update, stateFrom } };
      }),
    );

  it('no other state ever does, in whatever order and batches updates arrive, and a refused one leaves no trace', () => {
    fc.assert(
      fc.property(delivered(restricted), ({ batches }) => {
        let process = START;
        for (const batch of batches) {
          const { changes, verdicts } = decide(process, TARGET, batch);
          const traces = new Set(changes.map(({ order }) => order));
          for (const [i, { order }] of batch.entries()) {
            const verdict = verdicts[i];
            if (verdict && 'error' in verdict) expect(traces).not.toContain(order);
          }
          // One batch may take several steps; each is allowed, so a way of them leads to the end.
          const after = changes.length > 0 ? withChanges(process, changes, 1) : process;
          expect(reachable(process.state)).toContain(after.state);
          process = after;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('those that arrive in order succeed and fail one by one, batched or not', () => {
    fc.assert(
      fc.property(restricted, fc.integer({ min: 1, max: 4 }), (all, size) => {
        const alone = applyBatches(all.map((update) => [update]));
        const batches: ReferencedUpdate[][] = [];
        for (let i = 0; i < all.length; i += size) batches.push(all.slice(i, i + size));
        const batched = applyBatches(batches);
        expect(visible(batched.process)).toEqual(visible(alone.process));
        const isRefused = (verdict: ApplyVerdict) => 'error' in verdict;
        expect(batched.verdicts.map(isRefused)).toEqual(alone.verdicts.map(isRefused));
        let state = START.state ?? '';
        for (const [i, { update }] of all.entries()) {
          if (update.state === undefined) continue;
          const mayFollow = update.state === state || NEXT[state]?.includes(update.state);
          expect(isRefused(alone.verdicts[i] as ApplyVerdict)).toBe(!mayFollow);
          if (mayFollow) state = update.state;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  function reachable(from = ''): Set<string> {
    const found = new Set([from]);
    for (const state of found) for (const next of NEXT[state] ?? []) found.add(next);
    return found;
  }
});
