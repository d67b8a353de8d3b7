import { expect, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { decide, runsOf } from '../../../../lambdas/domain/decide.ts';
import type { ReferencedUpdate } from '../../../../lambdas/domain/ports.ts';

const TARGET = { id: 'a', team: 'local', procedure: 'lead' };
const aProcess = (changes: Partial<Process> = {}): Process => ({
  ...{ id: 'a', team: 'local', procedure: 'lead', primaryKey: 'KEY-a', state: 'NEW' },
  ...changes,
});
const anUpdate = (changes: Partial<ReferencedUpdate> = {}): ReferencedUpdate => ({
  order: 1,
  update: { data: { city: 'Goa' } },
  ...changes,
});
const guarded = (changes: Partial<ReferencedUpdate> = {}) =>
  anUpdate({ update: { state: 'CONVERTED', stateFrom: ['IN_PROGRESS'] }, ...changes });

test.each([
  ['not there', undefined],
  ['of another team', aProcess({ team: 'other' })],
  ['of another procedure', aProcess({ procedure: 'contact' })],
])('a process that is %s does not exist, and nothing is written', (_what, process) => {
  expect(decide(process, TARGET, [anUpdate(), anUpdate()])).toMatchObject({
    changes: [],
    verdicts: [{ error: 'PROCESS_NOT_FOUND' }, { error: 'PROCESS_NOT_FOUND' }],
  });
});

test('a process that another system gave another form is not written', () => {
  const process = aProcess({ clocks: [] as never });
  expect(decide(process, TARGET, [anUpdate()])).toMatchObject({
    changes: [],
    verdicts: [{ error: 'PROCESS_NOT_WRITABLE' }],
  });
});

test('an update that names another primary key fails alone, and the verdicts keep their order', () => {
  const { changes, verdicts } = decide(aProcess(), TARGET, [
    anUpdate({ primaryKey: 'KEY-b' }),
    anUpdate({ order: 2, primaryKey: 'KEY-a' }),
    anUpdate({ order: 3, update: { data: {}, primaryKey: 'KEY-b' } }),
  ]);
  expect(verdicts).toEqual([
    { error: 'PRIMARY_KEY_MISMATCH' },
    { outcome: 'APPLIED' },
    { error: 'PRIMARY_KEY_IMMUTABLE' },
  ]);
  expect(changes.map(({ order }) => order)).toEqual([2]);
});

test('a guarded update that is refused for good is to be remembered, and one that is tried again is not', () => {
  expect([...decide(aProcess(), TARGET, [guarded()]).decided]).toEqual([[1, 'STATE_NOT_ALLOWED']]);
  expect(decide(aProcess(), TARGET, [guarded({ isTriedAgain: true })]).decided.size).toBe(0);
});

test('a refusal that is remembered is not noted again', () => {
  const { decided, verdicts } = decide(aProcess({ decided: { 1: 'R' } }), TARGET, [guarded()]);
  expect(verdicts).toEqual([{ error: 'STATE_NOT_ALLOWED' }]);
  expect(decided.size).toBe(0);
});

test('a refusal of an update without a guard is not remembered: it would be the same again', () => {
  expect(decide(aProcess(), TARGET, [anUpdate({ primaryKey: 'KEY-b' })]).decided.size).toBe(0);
});

test('updates of one process are cut into runs at each that expects something', () => {
  const plain = (order: number): ReferencedUpdate => ({ order, update: { state: 'NEW' } });
  const expecting = (order: number): ReferencedUpdate => ({ ...plain(order), expect: { version: 3 } });
  const orders = (updates: ReferencedUpdate[]) => runsOf(updates).map((run) => run.map(({ order }) => order));
  expect(orders([plain(2), plain(1)])).toEqual([[2, 1]]);
  expect(orders([plain(5), expecting(3), plain(1), expecting(4), plain(2), plain(6)])).toEqual([
    [1, 2],
    [3],
    [4],
    [5, 6],
  ]);
  expect(orders([])).toEqual([]);
});
