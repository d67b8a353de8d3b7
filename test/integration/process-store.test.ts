import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, NumberValue, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import pMap from 'p-map';
import { beforeEach, expect, test } from 'vitest';
import { DryRunProcesses } from '../../lambdas/adapters/dry-run-processes.ts';
import { ProcessStore } from '../../lambdas/adapters/process-store.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import type { FieldChanges } from '../../lambdas/domain/field-changes.ts';
import type { ReferencedUpdate } from '../../lambdas/domain/ports.ts';
import type { Update } from '../../lambdas/domain/process.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new ProcessStore(documents, { table: tables.processes, index: PRIMARY_KEY_INDEX }, () => 1_000);
const dryRun = new DryRunProcesses(
  store,
  () => 1_000,
  () => {},
);
const team = 'integration';
const procedure = 'lead';

let target: { id: string; team: string; procedure: string };

async function put(fields: Record<string, unknown> = {}, id: string = randomUUID()): Promise<string> {
  const Item = { id, team, procedure, primaryKey: id, data: {}, clocks: {}, ...fields };
  await documents.send(new PutCommand({ TableName: tables.processes, Item: withMaps(Item) }));
  return id;
}

/** The same with a Map for each object within: the client would ask a member `constructor` for the object's type. */
function withMaps(item: Record<string, unknown>): Record<string, unknown> {
  const mapOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mapOf);
    if (value === undefined || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return new Map(Object.entries(value as object).map(([name, member]) => [name, mapOf(member)]));
  };
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, mapOf(value)]));
}

async function stored(): Promise<Process> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tables.processes, Key: { id: target.id }, ConsistentRead: true }),
  );
  return Item as Process;
}

const at = (order: number, update: Update, primaryKey?: string): ReferencedUpdate => ({
  order,
  update,
  ...(primaryKey === undefined ? {} : { primaryKey }),
});

beforeEach(async () => {
  target = { id: await put(), team, procedure };
});

test('one write sets values, clears others, and notes the order of each field', async () => {
  await put({ data: { city: 'Goa', old: 1 }, assignedTo: 'a' }, target.id);
  const update: Update = { data: { city: 'Pune', old: null }, state: 'NEW', assignedTo: null };
  expect(await store.apply(target, [at(5, update)])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toEqual({
    id: target.id,
    team,
    procedure,
    primaryKey: target.id,
    data: { city: 'Pune' },
    state: 'NEW',
    clocks: { 'data.city': 5, 'data.old': 5, state: 5, assignedTo: 5 },
    clock: 5,
    version: 1,
    updatedAt: 1_000,
  });
});

test('tells what a process shows of an update, and nothing of another team', async () => {
  await store.apply(target, [at(5, { state: 'NEW' })]);
  await store.apply(target, [at(6, { state: 'WON', stateFrom: ['WON'] })]);
  expect(await store.traceOf(target, 5)).toEqual({ outcome: 'APPLIED' });
  expect(await store.traceOf(target, 6)).toEqual({ error: 'STATE_NOT_ALLOWED' });
  expect(await store.traceOf(target, 4)).toBeUndefined();
  // Numbers of another team may be the same.
  expect(await store.traceOf({ ...target, team: 'another' }, 5)).toBeUndefined();
  expect(await store.traceOf({ ...target, procedure: 'contact' }, 6)).toBeUndefined();
});

test('the common case is one request, an older update two', async () => {
  let requests = 0;
  documents.middlewareStack.add(
    (next) => (args) => {
      requests += 1;
      return next(args);
    },
    { step: 'initialize', name: 'count' },
  );
  await store.apply(target, [at(5, { state: 'NEW' })]);
  expect(requests).toBe(1);
  expect(await store.apply(target, [at(4, { status: 'OPEN' })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(requests).toBe(3);
  documents.middlewareStack.remove('count');
});

test('a primary key to set must be the one that the process has, and nothing is written for it', async () => {
  const named = (primaryKey: string, update: Update = {}) => at(5, { data: {}, ...update, primaryKey });
  const before = await stored();
  expect(await store.apply(target, [named(target.id)])).toEqual([{ outcome: 'UNCHANGED' }]);
  expect(await store.apply(target, [named('other'), named(target.id)])).toEqual([
    { error: 'PRIMARY_KEY_IMMUTABLE' },
    { outcome: 'UNCHANGED' },
  ]);
  expect(await store.apply(target, [named('other', { state: 'NEW' })])).toEqual([
    { error: 'PRIMARY_KEY_IMMUTABLE' },
  ]);
  expect(await stored()).toEqual(before);
  expect(await store.apply(target, [named(target.id, { state: 'NEW' })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await store.apply({ ...target, id: 'nobody' }, [named('other')])).toEqual([
    { error: 'PROCESS_NOT_FOUND' },
  ]);
});

test('outcomes: unchanged, superseded, applied once', async () => {
  await store.apply(target, [at(5, { state: 'NEW' })]);
  expect(await store.apply(target, [at(6, { state: 'NEW' })])).toEqual([{ outcome: 'UNCHANGED' }]);
  expect(await store.apply(target, [at(3, { state: 'OLD' })])).toEqual([{ outcome: 'SUPERSEDED' }]);
  const before = await stored();
  expect(await store.apply(target, [at(6, { state: 'NEW' })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toEqual(before);
});

test('missing, of another team or procedure: the same answer', async () => {
  const missing = [{ error: 'PROCESS_NOT_FOUND' }];
  const update = at(5, { state: 'NEW' });
  expect(await store.apply({ ...target, id: 'nobody' }, [update])).toEqual(missing);
  expect(await store.apply({ ...target, team: 'another' }, [update])).toEqual(missing);
  expect(await store.apply({ ...target, procedure: 'another' }, [update])).toEqual(missing);
  expect((await stored()).state).toBeUndefined();
});

test('a primary key given must match; the updates beside it still arrive', async () => {
  const verdicts = await store.apply(target, [
    at(5, { state: 'A' }, 'other'),
    at(6, { status: 'OPEN' }, target.id),
    at(7, { assignedTo: 'x' }),
  ]);
  expect(verdicts).toEqual([
    { error: 'PRIMARY_KEY_MISMATCH' },
    { outcome: 'APPLIED' },
    { outcome: 'APPLIED' },
  ]);
  expect(await store.apply(target, [at(8, { state: 'A' }, 'other')])).toEqual([
    { error: 'PRIMARY_KEY_MISMATCH' },
  ]);
  const process = await stored();
  expect(process).toMatchObject({ status: 'OPEN', assignedTo: 'x' });
  expect(process.state).toBeUndefined();
});

test('a deleted process takes what was accepted before its deletion, and nothing after', async () => {
  expect(await store.apply(target, [at(5, { isDeleted: true })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await store.apply(target, [at(6, { state: 'LATE' })])).toEqual([{ error: 'PROCESS_DELETED' }]);
  expect(await store.apply(target, [at(4, { state: 'EARLY' })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await store.apply(target, [at(5, { isDeleted: true })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toMatchObject({ isDeleted: true, state: 'EARLY' });
});

test('records of another system may lack data, clocks and version, and hold numbers of 38 digits', async () => {
  const digits = '12345678901234567890123456789012345678';
  await put({ data: undefined, clocks: undefined, extra: NumberValue.from(digits) }, target.id);
  expect(await store.apply(target, [at(5, { data: { city: 'Goa' } })])).toEqual([{ outcome: 'APPLIED' }]);
  await put({ data: { exact: NumberValue.from(digits) }, clocks: undefined }, target.id);
  await store.apply(target, [at(6, { data: { city: 'Pune' } })]);
  const { data, ...rest } = await stored();
  expect(data?.city).toBe('Pune');
  expect(JSON.stringify(data?.exact)).toBe(digits);
  expect(rest).toMatchObject({ version: 1, clocks: { 'data.city': 6 } });
});

test.for([100, 150, 151, 300, 1_000])('an update of %i attributes is written whole', async (count) => {
  const data = Object.fromEntries(Array.from({ length: count }, (_, i) => [`attribute_${i}`, `value ${i}`]));
  expect(await store.apply(target, [at(5, { data })])).toEqual([{ outcome: 'APPLIED' }]);
  const process = await stored();
  expect(process.data).toEqual(data);
  expect(Object.keys(process.clocks ?? {})).toHaveLength(count);
});

test('attribute names may be reserved words, dotted, quoted, emoji or those of Object.prototype', async () => {
  const names = [
    'size',
    'a.b',
    '#x',
    ':y',
    '"',
    '🏔️',
    'constructor',
    'toString',
    'data.city',
    ' ',
    'x'.repeat(255),
  ];
  const data = Object.fromEntries(names.map((name, i) => [name, i]));
  expect(await store.apply(target, [at(5, { data })])).toEqual([{ outcome: 'APPLIED' }]);
  expect((await stored()).data).toEqual(data);
  expect(await store.apply(target, [at(4, { data: { ...data, constructor: 99 } })])).toEqual([
    { outcome: 'SUPERSEDED' },
  ]);
  expect((await stored()).data).toEqual(data);
});

test('an update that the stored process has no room for is told so, beside one that fits', async () => {
  await put({ data: { a: 'x'.repeat(300_000) } }, target.id);
  const updates = [at(5, { data: { b: 'y'.repeat(200_000) } }), at(6, { data: { c: 'fits' } })];
  const foretold = await dryRun.apply(target, updates);
  const verdicts = await store.apply(target, updates);
  expect(verdicts).toEqual(foretold);
  expect(verdicts).toEqual([{ error: 'PROCESS_TOO_LARGE' }, { outcome: 'APPLIED' }]);
  expect(Object.keys((await stored()).data ?? {}).sort()).toEqual(['a', 'c']);
});

test('a dry run weighs whatever another system has stored, and tells what comes of it', async () => {
  const others = {
    id: { S: target.id },
    ...{ team: { S: team }, procedure: { S: procedure }, clocks: { M: {} }, primaryKey: { S: target.id } },
  };
  const foreign = {
    map: { M: { constructor: { S: 'x' }, list: { L: [{ N: '1e100' }, { N: '-0.001' }, { NULL: true }] } } },
    ...{ exact: { N: '12345678901234567890123456789012345678' }, bytes: { B: Buffer.from('ab') } },
    ...{ texts: { SS: ['a', 'bc'] }, numbers: { NS: ['1', '22'] }, flag: { BOOL: true } },
  };
  await documents.send(
    new PutItemCommand({
      TableName: tables.processes,
      Item: { ...others, data: { M: { ...foreign, old: { S: 'x'.repeat(400_000) } } } },
    }),
  );
  for (const length of [8_000, 10_000]) {
    const updates = [at(length, { data: { text: 'y'.repeat(length) } })];
    const foretold = await dryRun.apply(target, updates);
    expect(foretold).toEqual([length === 8_000 ? { outcome: 'APPLIED' } : { error: 'PROCESS_TOO_LARGE' }]);
    expect(await store.apply(target, updates)).toEqual(foretold);
  }
});

test('finds ids by primary key; a live process comes before deleted ones', async () => {
  const primaryKey = randomUUID();
  expect(await store.findIds(team, procedure, primaryKey)).toEqual([]);
  const deleted = await put({ primaryKey, isDeleted: true });
  expect(await store.findIds(team, procedure, primaryKey)).toEqual([deleted]);
  const live = await put({ primaryKey });
  expect(await store.findIds(team, procedure, primaryKey)).toEqual([live]);
  await put({ primaryKey });
  expect(await store.findIds(team, procedure, primaryKey)).toHaveLength(2);
  expect(await store.findIds('another', procedure, primaryKey)).toEqual([]);
});

test('finds the live process among more deleted ones than a batch or a page has', async () => {
  const primaryKey = randomUUID();
  const ids = Array.from({ length: 251 }, () => randomUUID()).sort();
  // Wherever the index puts it, all other places are taken by deleted ones.
  for (const live of [ids[0], ids[125], ids[250]]) {
    await pMap(ids, (id) => put({ primaryKey, ...(id === live ? {} : { isDeleted: true }) }, id), {
      concurrency: 16,
    });
    expect(await store.findIds(team, procedure, primaryKey)).toEqual([live]);
  }
  await put({ primaryKey }, ids[3]);
  expect(new Set(await store.findIds(team, procedure, primaryKey))).toEqual(new Set([ids[3], ids[250]]));
});

test('the usual case, one process of a primary key, is one query', async () => {
  const primaryKey = randomUUID();
  const id = await put({ primaryKey });
  const sent: string[] = [];
  documents.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        sent.push(commandName);
        return next(args);
      },
    { step: 'initialize', name: 'names' },
  );
  expect(await store.findIds(team, procedure, primaryKey)).toEqual([id]);
  documents.middlewareStack.remove('names');
  expect(sent).toEqual(['QueryCommand']);
});

const toWon = { state: 'WON', stateFrom: ['OPEN', 'WON'] };

test.for([
  { state: undefined, isAllowed: true },
  { state: null, isAllowed: true },
  { state: 'OPEN', isAllowed: true },
  { state: 'WON', isAllowed: true },
  { state: 'NEW', isAllowed: false },
  { state: 'unknown', isAllowed: false },
])('a process of the state $state may become WON: $isAllowed', async ({ state, isAllowed }) => {
  await put({ state }, target.id);
  const [verdict] = await store.apply(target, [at(5, { ...toWon, data: { a: 1 } })]);
  const after = await stored();
  if (isAllowed) {
    expect(verdict).toHaveProperty('outcome');
    expect(after).toMatchObject({ state: 'WON', data: { a: 1 } });
  } else {
    expect(verdict).toEqual({ error: 'STATE_NOT_ALLOWED' });
    expect([after.state, after.data, after.clocks]).toEqual([state, {}, {}]);
  }
});

test('steps of one batch are taken in order, and one that was overtaken is no step', async () => {
  await put({ state: 'NEW' }, target.id);
  const toOpen = { state: 'OPEN', stateFrom: ['NEW', 'OPEN'] };
  expect(await store.apply(target, [at(6, toWon), at(5, toOpen)])).toEqual([
    { outcome: 'APPLIED' },
    { outcome: 'SUPERSEDED' },
  ]);
  expect(await store.apply(target, [at(4, { ...toOpen, data: { a: 1 } })])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toMatchObject({ state: 'WON', data: { a: 1 } });
});

test('a state that a writer who counts no versions set meanwhile is not passed over', async () => {
  await put({ state: 'OPEN', clock: 9, clocks: { assignedTo: 9 } }, target.id);
  // Between the read and the write of the merge, the other writer's comes.
  const meddling = new ProcessStore(
    documents,
    { table: tables.processes, index: PRIMARY_KEY_INDEX },
    () => 1_000,
  );
  const get = meddling.get.bind(meddling);
  const updates = [at(5, toWon), at(6, { ...toWon, data: { a: 1 } })];
  let isFirst = true;
  meddling.get = async (id) => {
    const process = await get(id);
    if (isFirst) await put({ state: 'LOST', clock: 9, clocks: { assignedTo: 9 } }, target.id);
    isFirst = false;
    return process;
  };
  expect(await meddling.apply(target, updates)).toEqual([
    { error: 'STATE_NOT_ALLOWED' },
    { error: 'STATE_NOT_ALLOWED' },
  ]);
  expect((await stored()).state).toBe('LOST');
});

const anyUpdate: fc.Arbitrary<Update> = fc.record(
  {
    data: fc.dictionary(fc.constantFrom('a', 'b'), fc.option(fc.nat(9)), { minKeys: 1 }),
    state: fc.constantFrom('X', 'Y'),
    assignedTo: fc.option(fc.constantFrom('p', 'q')),
  },
  { requiredKeys: ['data'] },
);

test('concurrent, shuffled, repeated and grouped: the result is that of the order of acceptance', async () => {
  const schedule = fc.array(fc.tuple(anyUpdate, fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(schedule, async (entries) => {
      target = { id: await put(), team, procedure };
      const expected = new Map<string, unknown>();
      entries.forEach(([{ data, ...rest }]) => {
        for (const [name, value] of Object.entries(rest)) expected.set(name, value);
        for (const [name, value] of Object.entries(data ?? {})) expected.set(`data.${name}`, value);
      });
      const updates = entries.map(([update, place, group], i) => ({ ...at(i + 1, update), place, group }));
      const shuffled = [...updates, ...updates.slice(0, 2)].toSorted((a, b) => a.place - b.place);
      const groups = Map.groupBy(shuffled, ({ group }) => group);
      await Promise.all([...groups.values()].map((group) => store.apply(target, group)));
      const process = await stored();
      for (const [field, value] of expected) {
        const actual = field.startsWith('data.')
          ? process.data?.[field.slice(5)]
          : Reflect.get(process, field);
        expect(actual ?? null).toBe(value);
      }
    }),
    { numRuns: 60 },
  );
});

/** What another system does between the read and the write of an update, once. */
function interferes(write: () => Promise<unknown>): void {
  let isDone = false;
  documents.middlewareStack.add(
    (next, context) => async (args) => {
      if (isDone || context.commandName !== 'UpdateItemCommand') return next(args);
      isDone = true;
      documents.middlewareStack.remove('interference');
      await write();
      return next(args);
    },
    { name: 'interference', step: 'initialize', priority: 'low' },
  );
}

const setByAnother = (UpdateExpression: string, values: Record<string, unknown>) =>
  documents.send(
    new UpdateCommand({
      TableName: tables.processes,
      Key: { id: target.id },
      UpdateExpression,
      ExpressionAttributeNames: { '#data': 'data' },
      ExpressionAttributeValues: values,
    }),
  );

test.each([
  { name: 'without clocks', fields: { clocks: undefined } },
  { name: 'with a newer update of another field', fields: { clocks: { state: 9 }, clock: 9 } },
])(
  'attributes that no update names stay, whoever writes them meanwhile: a process $name',
  async ({ fields }) => {
    await put({ data: { city: 'Goa' }, ...fields }, target.id);
    // The write that is to be merged: the first is the direct one, whose condition fails.
    await store.apply(target, [at(1, { assignedTo: 'first' })]);
    await put({ data: { city: 'Goa' }, ...fields }, target.id);
    interferes(() => setByAnother('SET #data.phone_number = :phone', { ':phone': '+47 1' }));
    expect(await store.apply(target, [at(5, { data: { city: 'Pune' } })])).toEqual([{ outcome: 'APPLIED' }]);
    expect((await stored()).data).toEqual({ city: 'Pune', phone_number: '+47 1' });
  },
);

test('an update with more attributes than an expression holds loses nothing that others write meanwhile', async () => {
  const attributes = Array.from({ length: 200 }, (_, i) => [`attribute_${i}`, i]);
  await put(
    { data: { city: 'Goa', constructor: 'a name', nested: { constructor: { name: 'Set' } } } },
    target.id,
  );
  interferes(() => setByAnother('SET #data.phone_number = :phone', { ':phone': '+47 1' }));
  const update = { data: Object.fromEntries(attributes) };
  expect(await store.apply(target, [at(5, update)])).toEqual([{ outcome: 'APPLIED' }]);
  const { data, clocks } = await stored();
  expect(data).toEqual({
    ...update.data,
    city: 'Goa',
    phone_number: '+47 1',
    constructor: 'a name',
    nested: { constructor: { name: 'Set' } },
  });
  expect(Object.keys(clocks ?? {})).toHaveLength(200);
});

test('a process that another system deletes between read and write is not updated', async () => {
  await put({ clocks: undefined }, target.id);
  let reads = 0;
  documents.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'UpdateItemCommand' && ++reads === 2) {
        documents.middlewareStack.remove('deletion');
        await setByAnother('SET isDeleted = :true, #data.x = :true', { ':true': true });
      }
      return next(args);
    },
    { name: 'deletion', step: 'initialize', priority: 'low' },
  );
  expect(await store.apply(target, [at(5, { data: { city: 'Pune' } })])).toEqual([
    { error: 'PROCESS_DELETED' },
  ]);
});

test.each([
  { data: null },
  { data: undefined, clocks: undefined },
  { clocks: null },
  { version: null },
  { version: null, clock: null, clocks: null, data: null },
  { decided: null },
  { data: { constructor: 'x', deep: [{ constructor: { name: 'Map' } }] }, clocks: undefined },
])('a process with %j is updated, as the dry run says', async (fields) => {
  await put(fields, target.id);
  const updates = [at(5, { data: { city: 'Pune' }, state: 'NEW' }), at(6, { data: { city: null } })];
  expect(await dryRun.apply(target, updates)).toEqual([{ outcome: 'APPLIED' }, { outcome: 'UNCHANGED' }]);
  expect(await store.apply(target, updates)).toEqual([{ outcome: 'APPLIED' }, { outcome: 'UNCHANGED' }]);
  expect(await stored()).toMatchObject({
    ...(fields.data ? { data: fields.data } : {}),
    state: 'NEW',
    version: 1,
    clock: 6,
  });
});

test.each([{ data: 'text' }, { data: ['list'] }, { clocks: 'x' }, { version: 'v1' }, { clock: true }])(
  'a process with %j cannot be written to: the update says so at once, and nothing is lost',
  async (fields) => {
    await put(fields, target.id);
    const before = await stored();
    const updates = [at(5, { data: { city: 'Pune' } })];
    const refused = [{ error: 'PROCESS_NOT_WRITABLE' }];
    expect(await dryRun.apply(target, updates)).toEqual(refused);
    expect(await store.apply(target, updates)).toEqual(refused);
    expect(await stored()).toEqual(before);
  },
);

test('a refused state is remembered in the process, and raises no version', async () => {
  await put({ state: 'LOST', version: 3 }, target.id);
  const toWon = { state: 'WON', stateFrom: ['OPEN', 'WON'], data: { city: 'Pune' } };
  expect(await store.apply(target, [{ ...at(5, toWon), isTriedAgain: true }])).toEqual([
    { error: 'STATE_NOT_ALLOWED' },
  ]);
  expect((await stored()).decided).toBeUndefined();
  expect(await store.apply(target, [at(5, toWon)])).toEqual([{ error: 'STATE_NOT_ALLOWED' }]);
  expect(await stored()).toMatchObject({ decided: { 5: 'R' }, version: 3, state: 'LOST' });

  // An older update that comes late: nothing but the refusal keeps a copy of the other from being applied.
  await store.apply(target, [at(4, { state: 'OPEN' })]);
  expect(await store.apply(target, [at(5, toWon)])).toEqual([{ error: 'STATE_NOT_ALLOWED' }]);
  await store.apply(target, [at(6, { state: 'OPEN' })]);
  expect(await store.apply(target, [at(5, toWon)])).toEqual([{ error: 'STATE_NOT_ALLOWED' }]);
  expect(await store.apply(target, [at(7, toWon)])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toMatchObject({ state: 'WON', data: { city: 'Pune' } });
});

test('a member __proto__ of another system stays as it is', async () => {
  const name = '__proto__';
  for (const member of [{ S: 'theirs' }, { M: { a: { M: { [name]: { M: { b: { N: '1' } } } } } } }]) {
    const Item = {
      id: { S: target.id },
      team: { S: team },
      procedure: { S: procedure },
      data: { M: { nested: member, [name]: { S: 'theirs' } } },
    };
    await documents.send(new PutItemCommand({ TableName: tables.processes, Item }));
    const update = [at(5, { data: { city: 'Pune' } })];
    expect(await dryRun.apply(target, update)).toEqual([{ outcome: 'APPLIED' }]);
    expect(await store.apply(target, update)).toEqual([{ outcome: 'APPLIED' }]);
    expect(await store.apply(target, [at(4, { data: { city: 'Goa' } })])).toEqual([
      { outcome: 'SUPERSEDED' },
    ]);
    // Read back by a condition, since the SDK leaves the member out.
    await documents.send(
      new UpdateCommand({
        TableName: tables.processes,
        Key: { id: target.id },
        UpdateExpression: 'REMOVE #data',
        ConditionExpression:
          '#data.#proto = :theirs AND attribute_exists(#data.#nested) AND #data.#city = :city',
        ExpressionAttributeNames: { '#data': 'data', '#proto': name, '#nested': 'nested', '#city': 'city' },
        ExpressionAttributeValues: { ':theirs': 'theirs', ':city': 'Pune' },
      }),
    );
  }
});

test('a dry run tells the fields that would change with the digits that are stored, and nothing of other processes', async () => {
  const digits = '12345678901234567890.5';
  const told = new Map<number, FieldChanges>();
  const dry = new DryRunProcesses(
    store,
    () => 1_000,
    (order, changes) => told.set(order, changes),
  );
  target.id = await put({
    state: 'NEW',
    data: { score: NumberValue.from(digits), city: 'Goa', secret: 's' },
  });
  const updates = [
    at(10_001, { data: { city: 'Pune', score: 7 } }),
    at(10_002, { data: { city: 'Oslo' }, state: 'NEW' }),
    at(10_003, { data: { city: 'Rome' } }, 'another key'),
  ];
  await dry.apply(target, updates);
  expect(JSON.stringify([...told].sort())).toBe(
    `[[10001,{"before":{"data.score":${digits}},"after":{"data.score":7}}],` +
      '[10002,{"before":{"data.city":"Goa"},"after":{"data.city":"Oslo"}}]]',
  );
  told.clear();
  await dry.apply({ ...target, team: 'another' }, updates);
  expect([...told]).toEqual([]);
});

test('a dry run of updates that are too large together tells what each changes that fits', async () => {
  const told = new Map<number, FieldChanges>();
  const dry = new DryRunProcesses(
    store,
    () => 1_000,
    (order, changes) => told.set(order, changes),
  );
  const large = (city: string, note: string) => ({ data: { city, [note]: 'x'.repeat(300_000) } });
  await dry.apply(target, [at(1, large('A', 'a')), at(2, large('B', 'b')), at(3, { data: { city: 'C' } })]);
  expect([...told].map(([order, { before }]) => [order, before])).toEqual([
    [1, { 'data.city': null, 'data.a': null }],
    [3, { 'data.city': 'A' }],
  ]);
});
