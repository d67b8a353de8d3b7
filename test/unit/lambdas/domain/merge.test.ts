import { describe, expect, it } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { fieldValue } from '../../../../lambdas/domain/field.ts';
import { knownStateOf, mergeUpdates, UNTOUCHED } from '../../../../lambdas/domain/merge.ts';
import type { Update } from '../../../../lambdas/domain/process.ts';
import { withChanges } from '../../../../lambdas/domain/with-changes.ts';

const TARGET = { id: 'p', team: 'local', procedure: 'lead' };
const aProcess = (changes: Partial<Process> = {}): Process => ({ ...TARGET, data: {}, ...changes });
const verdictsOn = (process: Process, ...updates: [order: number, update: Update][]) =>
  decide(
    process,
    TARGET,
    updates.map(([order, update]) => ({ order, update })),
  ).verdicts;

describe('the outcome of an update', () => {
  it('is APPLIED when it changes a value, UNCHANGED when it sets what is there', () => {
    const process = aProcess({ data: { city: 'Goa' }, state: 'NEW' });
    expect(verdictsOn(process, [1, { data: { city: 'Pune' } }])).toEqual([{ outcome: 'APPLIED' }]);
    expect(verdictsOn(process, [1, { data: { city: 'Goa' } }])).toEqual([{ outcome: 'UNCHANGED' }]);
    expect(verdictsOn(process, [1, { state: 'NEW' }])).toEqual([{ outcome: 'UNCHANGED' }]);
    expect(verdictsOn(process, [1, { data: { city: 'Goa' }, state: 'WON' }])).toEqual([
      { outcome: 'APPLIED' },
    ]);
  });

  it('is UNCHANGED when it clears what is not there, APPLIED when it clears a value', () => {
    expect(verdictsOn(aProcess(), [1, { assignedTo: null }])).toEqual([{ outcome: 'UNCHANGED' }]);
    expect(verdictsOn(aProcess({ assignedTo: 'Ada' }), [1, { assignedTo: null }])).toEqual([
      { outcome: 'APPLIED' },
    ]);
  });

  it('is SUPERSEDED when newer updates have set all of its fields', () => {
    const process = aProcess({ data: { city: 'Pune' }, clocks: { 'data.city': 5 } });
    expect(verdictsOn(process, [4, { data: { city: 'Goa' } }])).toEqual([{ outcome: 'SUPERSEDED' }]);
  });

  it('is APPLIED again when the update is found on a field', () => {
    const process = aProcess({ data: { city: 'Pune' }, clocks: { 'data.city': 5, state: 9 } });
    expect(verdictsOn(process, [5, { data: { city: 'Pune' }, state: 'NEW' }])).toEqual([
      { outcome: 'APPLIED' },
    ]);
  });

  it('of two in one batch, the older whose fields all lose is SUPERSEDED', () => {
    expect(verdictsOn(aProcess(), [2, { data: { city: 'New' } }], [1, { data: { city: 'Old' } }])).toEqual([
      { outcome: 'APPLIED' },
      { outcome: 'SUPERSEDED' },
    ]);
  });
});

describe('a late older update', () => {
  it('never undoes a newer one, and still brings the fields that nobody newer has set', () => {
    const process = aProcess({ data: { city: 'New' }, clocks: { 'data.city': 5 } });
    const { changes } = decide(process, TARGET, [
      { order: 3, update: { data: { city: 'Old', phone: '1' }, state: 'NEW' } },
    ]);
    expect(changes).toEqual([
      { field: 'data.phone', value: '1', order: 3 },
      { field: 'state', value: 'NEW', order: 3 },
    ]);
  });
});

describe('a deleted process', () => {
  it('takes no update that was accepted after the deletion', () => {
    const process = aProcess({ isDeleted: true, clocks: { isDeleted: 5 } });
    expect(verdictsOn(process, [6, { state: 'NEW' }])).toEqual([{ error: 'PROCESS_DELETED' }]);
  });

  it('takes one that was accepted before', () => {
    const process = aProcess({ isDeleted: true, clocks: { isDeleted: 5 } });
    expect(verdictsOn(process, [4, { state: 'NEW' }])).toEqual([{ outcome: 'APPLIED' }]);
  });

  it('takes none when another system deleted it', () => {
    expect(verdictsOn(aProcess({ isDeleted: true }), [1, { state: 'NEW' }])).toEqual([
      { error: 'PROCESS_DELETED' },
    ]);
  });

  it('fails whatever another system has left where the clock of the deletion belongs', () => {
    const process = aProcess({ isDeleted: true, clocks: JSON.parse('{"isDeleted":"yesterday"}') });
    expect(verdictsOn(process, [1, { state: 'NEW' }])).toEqual([{ error: 'PROCESS_DELETED' }]);
  });

  it('takes nothing from an update that newer ones had overtaken: it is SUPERSEDED, as a copy of it was before', () => {
    const process = aProcess({ isDeleted: true, clocks: { isDeleted: 5, state: 8, 'data.city': 9 } });
    expect(verdictsOn(process, [7, { state: 'NEW', data: { city: 'Old' } }])).toEqual([
      { outcome: 'SUPERSEDED' },
    ]);
    expect(verdictsOn(process, [7, { state: 'NEW', assignedTo: 'Ada' }])).toEqual([
      { error: 'PROCESS_DELETED' },
    ]);
  });

  it('is deleted again by the same update without an error', () => {
    const process = aProcess({ isDeleted: true, clocks: { isDeleted: 5 } });
    expect(verdictsOn(process, [5, { isDeleted: true }])).toEqual([{ outcome: 'APPLIED' }]);
  });

  it('counts from the deletion within one batch', () => {
    expect(
      verdictsOn(aProcess(), [3, { state: 'WON' }], [2, { isDeleted: true }], [1, { state: 'NEW' }]),
    ).toEqual([{ error: 'PROCESS_DELETED' }, { outcome: 'APPLIED' }, { outcome: 'APPLIED' }]);
  });
});

describe('the process of an update', () => {
  it('is missing when there is none, or only one of another team or procedure', () => {
    const missing = [{ error: 'PROCESS_NOT_FOUND' }];
    const updates = [{ order: 1, update: { state: 'NEW' } }];
    expect(decide(undefined, TARGET, updates).verdicts).toEqual(missing);
    expect(decide(aProcess({ team: 'other' }), TARGET, updates).verdicts).toEqual(missing);
    expect(decide(aProcess({ procedure: 'contact' }), TARGET, updates).verdicts).toEqual(missing);
  });

  it('has the primary key that is given with its id, or the update fails alone', () => {
    const process = aProcess({ primaryKey: 'KEY' });
    const { changes, verdicts } = decide(process, TARGET, [
      { order: 1, update: { state: 'NEW' }, primaryKey: 'OTHER' },
      { order: 2, update: { data: { city: 'Goa' } }, primaryKey: 'KEY' },
    ]);
    expect(verdicts).toEqual([{ error: 'PRIMARY_KEY_MISMATCH' }, { outcome: 'APPLIED' }]);
    expect(changes.map(({ field }) => field)).toEqual(['data.city']);
  });

  it('never changes its primary key, and is not written when an update only names it', () => {
    const process = aProcess({ primaryKey: 'KEY' });
    const { changes, verdicts } = decide(process, TARGET, [
      { order: 1, update: { data: { city: 'Goa' }, primaryKey: 'OTHER' } },
      { order: 2, update: { data: {}, primaryKey: 'OTHER' } },
      { order: 3, update: { data: {}, primaryKey: 'KEY' } },
    ]);
    const refused = { error: 'PRIMARY_KEY_IMMUTABLE' };
    expect(verdicts).toEqual([refused, refused, { outcome: 'UNCHANGED' }]);
    expect(changes).toEqual([]);
    const deleted = aProcess({ primaryKey: 'KEY', isDeleted: true });
    expect(verdictsOn(deleted, [4, { data: {}, primaryKey: 'KEY' }])).toEqual([{ error: 'PROCESS_DELETED' }]);
  });
});

describe('names that mean something to JavaScript', () => {
  it.each(['__proto__', 'constructor', 'toString', 'a.b', '😀', ''])(
    '%j is a name like any other',
    (name) => {
      const data = JSON.parse(`{${JSON.stringify(name)}:"value"}`) as NonNullable<Update['data']>;
      const { changes } = mergeUpdates([{ order: 7, update: { data } }], UNTOUCHED);
      expect(changes).toEqual([{ field: `data.${name}`, value: 'value', order: 7 }]);

      const process = withChanges(aProcess(), changes, 1);
      expect(fieldValue(process, `data.${name}`)).toBe('value');
      expect(Object.entries(process.clocks ?? {})).toEqual([[`data.${name}`, 7]]);
      expect(mergeUpdates([{ order: 6, update: { data } }], knownStateOf(process)).changes).toEqual([]);
    },
  );
});

describe('writing changes into a process', () => {
  it('sets, clears, and counts the write', () => {
    const before = aProcess({ data: { city: 'Goa', phone: '1' }, assignedTo: 'Ada', version: 3, clock: 20 });
    const changes = [
      { field: 'data.city', value: null, order: 9 },
      { field: 'assignedTo', value: null, order: 9 },
      { field: 'state', value: 'WON', order: 10 },
    ] as const;
    expect(withChanges(before, changes, 555)).toEqual({
      ...TARGET,
      data: { phone: '1' },
      state: 'WON',
      clocks: { 'data.city': 9, assignedTo: 9, state: 10 },
      clock: 20,
      version: 4,
      updatedAt: 555,
    });
  });
});
