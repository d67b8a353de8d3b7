import { describe, expect, it, test } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { MAX_REMEMBERED, withDecisions } from '../../../../lambdas/domain/decided.ts';
import type { ReferencedUpdate } from '../../../../lambdas/domain/ports.ts';
import type { Expected } from '../../../../lambdas/domain/precondition.ts';

const TARGET = { id: 'a', team: 'local', procedure: 'lead' };
const ORDER = 10;
const aProcess = (changes: Partial<Process> = {}): Process => ({
  ...{ ...TARGET, primaryKey: 'KEY-a', state: 'NEW', data: { city: 'Goa' }, version: 3 },
  ...changes,
});
const expecting = (expected: Expected, changes: Partial<ReferencedUpdate> = {}): ReferencedUpdate => ({
  order: ORDER,
  update: { data: { city: 'Oslo' } },
  expect: expected,
  ...changes,
});
const decided = (process: Process, update: ReferencedUpdate) => decide(process, TARGET, [update]);

test.each<[string, Expected]>([
  ['its version', { version: 3 }],
  ['a field', { state: 'NEW' }],
  ['no value in a field', { assignedTo: null, nextActionAt: null }],
  ['an attribute, and no value in another', { data: { city: 'Goa', phone: null } }],
])('an update that expects %s, which the process has, is applied and remembered', (_what, expected) => {
  expect(decided(aProcess(), expecting(expected))).toMatchObject({
    changes: [{ field: 'data.city', value: 'Oslo', order: ORDER }],
    decided: new Map([[ORDER, 'APPLIED']]),
    verdicts: [{ outcome: 'APPLIED' }],
  });
});

test('a process without a version has version null, and null of another system is no value', () => {
  const { version: _version, ...process } = aProcess({ assignedTo: null as never });
  expect(decided(process, expecting({ version: null, assignedTo: null })).verdicts).toEqual([
    { outcome: 'APPLIED' },
  ]);
});

test('an update that expects what the process does not have is refused as a whole, with each fault', () => {
  const update = expecting({ version: 2, state: 'NEW', data: { city: 'Pune', phone: 'x' } });
  expect(decided(aProcess(), update)).toMatchObject({
    changes: [],
    decided: new Map([[ORDER, 'PRECONDITION_FAILED']]),
    verdicts: [
      {
        error: 'PRECONDITION_FAILED',
        faults: [
          { of: 'expect', name: 'version', stored: '3' },
          { of: 'expect', name: 'data.city', stored: '"Goa"' },
          { of: 'expect', name: 'data.phone', stored: 'null' },
        ],
      },
    ],
  });
});

test('an update never goes in part: a field that a newer update has set refuses it', () => {
  const process = aProcess({ clocks: { state: ORDER + 1 } });
  const update = expecting({}, { update: { state: 'WON', data: { city: 'Oslo' } }, expect: { version: 3 } });
  expect(decided(process, update).verdicts).toEqual([
    { error: 'PRECONDITION_FAILED', faults: [{ of: 'update', name: 'state', stored: '"NEW"' }] },
  ]);
});

test('an update that changes nothing is UNCHANGED, and counts as a change of the process', () => {
  const {
    changes,
    decided: noted,
    verdicts,
  } = decided(aProcess(), expecting({ version: 3 }, { update: { data: { city: 'Goa' } } }));
  expect([changes.length, noted.get(ORDER), verdicts]).toEqual([1, 'APPLIED', [{ outcome: 'UNCHANGED' }]]);
  const onlyKey = expecting({ version: 3 }, { update: { data: {}, primaryKey: 'KEY-a' } });
  expect(decided(aProcess(), onlyKey)).toMatchObject({
    changes: [],
    decided: new Map([[ORDER, 'APPLIED']]),
    verdicts: [{ outcome: 'UNCHANGED' }],
  });
});

describe('a copy of an update', () => {
  it('is as the first was, whatever the process has become', () => {
    const applied = decided(aProcess({ decided: { [ORDER]: 'A' } }), expecting({ version: 99 }));
    expect(applied).toMatchObject({ changes: [], verdicts: [{ outcome: 'APPLIED' }] });
    expect(applied.decided.size).toBe(0);
    const refused = decided(aProcess({ decided: { [ORDER]: 'P' } }), expecting({ version: 3 }));
    expect(refused).toMatchObject({ changes: [], verdicts: [{ error: 'PRECONDITION_FAILED' }] });
    expect(refused.decided.size).toBe(0);
  });

  it('is found applied on a field', () => {
    const process = aProcess({ clocks: { 'data.city': ORDER } });
    expect(decided(process, expecting({ version: 99 })).verdicts).toEqual([{ outcome: 'APPLIED' }]);
  });

  it('writes nothing when what was decided may be forgotten', () => {
    const newer = Array.from({ length: MAX_REMEMBERED + 1 }, (_, i) => [ORDER + i, 'APPLIED'] as const);
    const process = aProcess({ decided: withDecisions(undefined, new Map(newer)) });
    const late = decided(process, expecting({ version: 3 }));
    expect(late).toMatchObject({ changes: [], verdicts: [{ error: 'PRECONDITION_FAILED' }] });
    expect(late.decided.size).toBe(0);
  });
});

test('of several errors the first is told', () => {
  const wrong = expecting(
    { version: 99 },
    { primaryKey: 'KEY-b', update: { state: 'WON', stateFrom: ['OLD'], primaryKey: 'KEY-c' } },
  );
  const errorOn = (process: Process, update: ReferencedUpdate) => {
    const [verdict] = decided(process, update).verdicts;
    return verdict !== undefined && 'error' in verdict ? verdict.error : verdict;
  };
  const deleted = aProcess({ isDeleted: true });
  const named = { ...wrong, primaryKey: 'KEY-a' };
  const kept = { ...named, update: { state: 'WON', stateFrom: ['OLD'] } };
  expect([
    errorOn(deleted, wrong),
    errorOn(deleted, named),
    errorOn(aProcess(), named),
    errorOn(aProcess(), kept),
    errorOn(aProcess(), { ...kept, expect: { version: 3 } }),
  ]).toEqual([
    'PRIMARY_KEY_MISMATCH',
    'PROCESS_DELETED',
    'PRIMARY_KEY_IMMUTABLE',
    'PRECONDITION_FAILED',
    'STATE_NOT_ALLOWED',
  ]);
});

test('a deleted process takes no update that expects something, be it accepted before the deletion', () => {
  const process = aProcess({ isDeleted: true, clocks: { isDeleted: ORDER + 5 } });
  expect(decided(process, expecting({ version: 3 })).verdicts).toEqual([{ error: 'PROCESS_DELETED' }]);
});

describe('an update of an approved plan', () => {
  const planned = (changes: Partial<ReferencedUpdate> = {}): ReferencedUpdate => ({
    order: ORDER,
    update: { data: { city: 'Oslo' } },
    planned: { 'data.city': '"Goa"' },
    ...changes,
  });

  it('is applied where its fields have what they had', () => {
    expect(decided(aProcess(), planned())).toMatchObject({
      decided: new Map([[ORDER, 'APPLIED']]),
      dependsOn: ['data.city'],
      verdicts: [{ outcome: 'APPLIED' }],
    });
  });

  it('is refused where one has changed, also one that the plan would leave', () => {
    const update = { state: 'NEW', data: { city: 'Oslo' } };
    const both = planned({ update, planned: { 'data.city': '"Pune"', state: '"OPEN"' } });
    expect(decided(aProcess(), both).verdicts).toEqual([
      {
        error: 'PRECONDITION_FAILED',
        faults: [
          { of: 'plan', name: 'data.city', stored: '"Goa"' },
          { of: 'plan', name: 'state', stored: '"NEW"' },
        ],
      },
    ]);
  });

  it('goes on from what an earlier item of the same plan has set', () => {
    const process = aProcess({ data: { city: 'Rome' }, clocks: { 'data.city': ORDER - 1 } });
    expect(decided(process, planned()).verdicts).toEqual([{ outcome: 'APPLIED' }]);
  });

  it('leaves what a later item of the same plan has set', () => {
    const process = aProcess({ data: { city: 'Rome' }, clocks: { 'data.city': ORDER + 1 } });
    const late = decided(process, planned());
    expect(late).toMatchObject({ changes: [], verdicts: [{ outcome: 'SUPERSEDED' }] });
    const update = { state: 'WON', data: { city: 'Oslo' } };
    const half = planned({ update, planned: { 'data.city': '"Goa"', state: '"NEW"' } });
    expect(decided(process, half)).toMatchObject({
      changes: [{ field: 'state' }],
      verdicts: [{ outcome: 'APPLIED' }],
    });
  });

  it('yields to an update that was accepted after the approval', () => {
    const process = aProcess({ clocks: { 'data.city': ORDER + 10_000 } });
    expect(decided(process, planned()).verdicts).toEqual([
      { error: 'PRECONDITION_FAILED', faults: [{ of: 'update', name: 'data.city', stored: '"Goa"' }] },
    ]);
  });
});
