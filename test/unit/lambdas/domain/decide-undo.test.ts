import { beforeEach, describe, expect, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { withDecisions } from '../../../../lambdas/domain/decided.ts';
import { writesFields } from '../../../../lambdas/domain/decision.ts';
import { type Image, imagesOf } from '../../../../lambdas/domain/image.ts';
import type { ReferencedUpdate } from '../../../../lambdas/domain/ports.ts';
import type { Update } from '../../../../lambdas/domain/process.ts';
import { withChanges } from '../../../../lambdas/domain/with-changes.ts';

const TARGET = { id: 'p', team: 'local', procedure: 'lead' };
/** Order numbers: the one of the entry at that index in the job of that number. */
const at = (job: number, index = 0) => job * 10_000 + index;

let process: Process;
/** What each update, and each entry of an undo, found. */
let images: Map<string, Image>;

beforeEach(() => {
  process = { ...TARGET, primaryKey: 'KEY', data: { city: 'Paris' }, state: 'NEW' };
  images = new Map();
});

function apply(update: ReferencedUpdate, isKeyTaken = false) {
  const { changes, steps, decided, verdicts } = decide(process, TARGET, [update], isKeyTaken);
  for (const verdict of verdicts) {
    if (!('undone' in verdict)) continue;
    for (const { index, writings } of verdict.undone)
      images.set(`${update.order}/${index}`, imagesOf(process, writings).get(update.order) ?? new Map());
  }
  for (const [order, image] of imagesOf(process, steps)) images.set(String(order), image);
  if (writesFields({ changes, decided })) process = withChanges(process, changes, 1);
  if (decided.size > 0) process = { ...process, decided: withDecisions(process.decided, decided) };
  return verdicts[0];
}

const update = (order: number, changes: Update, more: Partial<ReferencedUpdate> = {}) =>
  apply({ order, update: changes, ...more });

/** @param undone - order numbers of the undone updates, or those of the undo that is undone with an index */
function undo(order: number, undone: (number | string)[], lost: number[] = [], isKeyTaken = false) {
  const entries = undone.map((name, index) => ({
    index,
    order: Number(String(name).split('/')[0]),
    image: images.get(String(name)),
  }));
  const verdict = apply({ order, update: {}, undo: { entries, lost } }, isKeyTaken);
  return verdict !== undefined && 'undone' in verdict ? verdict.undone.map(({ result }) => result) : verdict;
}

const REVERTED = { outcome: 'REVERTED' };
const cityOf = () => process.data?.city;

describe('the undo of a job', () => {
  test('gives a field back what it had, and leaves its clock', () => {
    update(at(1), { data: { city: 'Tokyo', score: 1 }, state: 'WON' });
    expect(undo(at(2), [at(1)])).toEqual([REVERTED]);
    expect(process).toMatchObject({ data: { city: 'Paris' }, state: 'NEW', clock: at(1), version: 2 });
    expect(process.data).not.toHaveProperty('score');
    expect(process.clocks).toEqual({ 'data.city': at(1), 'data.score': at(1), state: at(1) });
  });

  test('keeps what a newer update has set, and names it', () => {
    update(at(1), { data: { city: 'Tokyo' }, state: 'WON' });
    update(at(2), { data: { city: 'Rome' } });
    expect(undo(at(3), [at(1)])).toEqual([{ outcome: 'REVERTED', kept: ['data.city'] }]);
    expect([cityOf(), process.state]).toEqual(['Rome', 'NEW']);
  });

  test('keeps all where nothing of it is left', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    update(at(2), { data: { city: 'Rome' } });
    expect(undo(at(3), [at(1)])).toEqual([{ outcome: 'KEPT' }]);
    expect(cityOf()).toBe('Rome');
  });

  test('keeps what a writer that goes around the clocks has set', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    process = { ...process, data: { city: 'Oslo' } };
    expect(undo(at(2), [at(1)])).toEqual([{ outcome: 'KEPT' }]);
    expect(cityOf()).toBe('Oslo');
  });

  test('goes back along all of its updates of a process', () => {
    update(at(1, 0), { data: { city: 'Tokyo' } });
    update(at(1, 1), { data: { city: 'Rome', score: 2 } });
    update(at(1, 2), { data: { city: 'Lima' } });
    expect(undo(at(2), [at(1, 0), at(1, 1), at(1, 2)])).toEqual([REVERTED, REVERTED, REVERTED]);
    expect(process.data).toEqual({ city: 'Paris' });
  });

  test('ends at what another writer had set between two of its updates', () => {
    update(at(1, 0), { data: { city: 'Tokyo' } });
    process = { ...process, data: { city: 'Oslo' } };
    update(at(1, 1), { data: { city: 'Rome' } });
    undo(at(2), [at(1, 0), at(1, 1)]);
    expect(cityOf()).toBe('Oslo');
  });

  test('ends where clocks of another writer lead in a circle', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    process = { ...process, data: { city: 'Oslo' }, clocks: { 'data.city': at(0) } };
    process.origins = { 'data.city': { at: at(0), of: -1, by: at(2) } };
    update(at(2), { data: { city: 'Oslo' } });
    expect(undo(at(3), [at(2)])).toEqual([{ outcome: 'UNCHANGED' }]);
  });

  test('changes nothing where nothing had been changed', () => {
    update(at(1), { data: { city: 'Paris' } });
    expect(undo(at(2), [at(1)])).toEqual([{ outcome: 'UNCHANGED' }]);
    expect(cityOf()).toBe('Paris');
  });

  test('is not possible where what was before is not known', () => {
    update(at(1, 0), { data: { city: 'Tokyo' } });
    update(at(1, 1), { data: { city: 'Rome' } });
    expect(undo(at(2), [at(1, 1)], [at(1, 0)])).toEqual([{ error: 'NOT_REVERSIBLE' }]);
    expect(cityOf()).toBe('Rome');
    update(at(1, 2), { data: { city: 'Lima' } });
    expect(undo(at(3), [at(1, 1)], [at(1, 0)])).toEqual([{ outcome: 'KEPT' }]);
  });

  test('leaves an entry as it is as a whole, and what an earlier one had set in its fields', () => {
    update(at(1, 0), { state: 'WON' });
    update(at(1, 1), { data: { city: 'Tokyo' } });
    update(at(1, 2), { data: { city: 'Rome' }, state: 'LOST' });
    const lost = { error: 'NOT_REVERSIBLE' };
    expect(undo(at(2), [at(1, 0), at(1, 2)], [at(1, 1)])).toEqual([lost, lost]);
    expect([cityOf(), process.state]).toEqual(['Rome', 'LOST']);
  });

  test('takes a deletion back, unless the primary key is another process’s by now', () => {
    update(at(1), { isDeleted: true });
    expect(undo(at(2), [at(1)], [], true)).toEqual([{ error: 'PROCESS_EXISTS' }]);
    expect(process.isDeleted).toBe(true);
    expect(undo(at(3), [at(1)])).toEqual([REVERTED]);
    expect(process.isDeleted).toBeUndefined();
    expect(update(at(4), { state: 'WON' })).toEqual({ outcome: 'APPLIED' });
  });

  test('gives back a null that another system had stored', () => {
    process = { ...process, data: { city: null } };
    update(at(1), { data: { city: 'Tokyo' } });
    undo(at(2), [at(1)]);
    expect(process.data).toEqual({ city: null });
  });
});

describe('an update that was accepted before an undo and comes after it', () => {
  test('wins if it is newer than the value that stands', () => {
    update(at(3), { data: { city: 'Tokyo' } });
    undo(at(5), [at(3)]);
    expect(update(at(2), { data: { city: 'Oslo' } })).toEqual({ outcome: 'APPLIED' });
    expect(update(at(1), { data: { city: 'Bern' } })).toEqual({ outcome: 'SUPERSEDED' });
    expect(cityOf()).toBe('Oslo');
    expect(update(at(4), { data: { city: 'Rome' } })).toEqual({ outcome: 'APPLIED' });
    expect([cityOf(), process.clocks?.['data.city']]).toEqual(['Rome', at(4)]);
  });

  test('wins for one that expects something, too', () => {
    update(at(3), { data: { city: 'Tokyo' } });
    undo(at(5), [at(3)]);
    const expecting = { expect: { data: { city: 'Paris' } } };
    expect(update(at(2), { data: { city: 'Oslo' } }, expecting)).toEqual({ outcome: 'APPLIED' });
    expect(cityOf()).toBe('Oslo');
  });

  test('is itself undone as any other', () => {
    update(at(3), { data: { city: 'Tokyo' } });
    undo(at(5), [at(3)]);
    update(at(2), { data: { city: 'Oslo' } });
    expect(undo(at(6), [at(2)])).toEqual([REVERTED]);
    expect(cityOf()).toBe('Paris');
  });

  test('does not win if it is a copy of what was undone', () => {
    update(at(1, 0), { data: { city: 'Tokyo' } });
    update(at(1, 1), { data: { city: 'Rome' } });
    undo(at(2), [at(1, 0), at(1, 1)]);
    expect(update(at(1, 0), { data: { city: 'Tokyo' } })).toEqual({ outcome: 'SUPERSEDED' });
    expect(update(at(1, 1), { data: { city: 'Rome' } })).toEqual({ outcome: 'APPLIED' });
    expect(cityOf()).toBe('Paris');
  });

  test('does not win if it is a copy of what was undone below another undo', () => {
    update(at(1, 0), { data: { city: 'Tokyo' } });
    update(at(1, 1), { data: { city: 'Rome' } });
    update(at(2), { data: { city: 'Lima' } });
    undo(at(3), [at(2)]);
    expect(undo(at(4), [at(1, 0), at(1, 1)])).toEqual([REVERTED, REVERTED]);
    update(at(1, 0), { data: { city: 'Tokyo' } });
    expect(cityOf()).toBe('Paris');
  });

  test('does not win if it has its result, which told that it came too late', () => {
    update(at(3), { data: { city: 'Tokyo' }, isDeleted: true });
    undo(at(5), [at(3)]);
    const ended = { hasEnded: true };
    expect(update(at(2), { data: { city: 'Oslo' } }, ended)).toEqual({ outcome: 'SUPERSEDED' });
    expect(update(at(4), { state: 'WON' }, ended)).toEqual({ error: 'PROCESS_DELETED' });
    expect([cityOf(), process.state]).toEqual(['Paris', 'NEW']);
  });
});

describe('an undo', () => {
  test('is decided once, and tells the same when it comes again', () => {
    update(at(1), { data: { city: 'Tokyo' }, state: 'WON' });
    update(at(2), { data: { city: 'Rome' } });
    const first = undo(at(3), [at(1)]);
    const after = process;
    expect(undo(at(3), [at(1)])).toEqual(first);
    expect(process).toEqual(after);
  });

  test('of an undo gives the values back', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    undo(at(2), [at(1)]);
    expect(undo(at(3), [`${at(2)}/0`])).toEqual([REVERTED]);
    expect(cityOf()).toBe('Tokyo');
    expect(undo(at(4), [at(1)])).toEqual([REVERTED]);
    expect(cityOf()).toBe('Paris');
  });

  test('of an undo loses to a later undo of the job, whichever comes first', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    undo(at(2), [at(1)]);
    expect(undo(at(4), [at(1)])).toEqual([REVERTED]);
    expect(undo(at(3), [`${at(2)}/0`])).toEqual([{ outcome: 'KEPT' }]);
    expect(cityOf()).toBe('Paris');
  });

  test('that may have been decided and forgotten changes nothing', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    process = { ...process, decided: { upTo: at(9) } };
    expect(undo(at(2), [at(1)])).toEqual([{ outcome: 'KEPT' }]);
    expect(cityOf()).toBe('Tokyo');
  });

  test('is refused where another system keeps something else in `origins`', () => {
    update(at(1), { data: { city: 'Tokyo' } });
    process = { ...process, origins: 'web' as never };
    expect(undo(at(2), [at(1)])).toEqual({ error: 'PROCESS_NOT_WRITABLE' });
    expect(update(at(3), { data: { city: 'Rome' } })).toEqual({ outcome: 'APPLIED' });
    expect(process.origins).toBe('web');
  });
});
