import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { ProcessStore } from '../../lambdas/adapters/process-store.ts';
import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { createdId } from '../../lambdas/domain/creation.ts';
import { markOfValue } from '../../lambdas/domain/image.ts';
import type { ReferencedUpdate } from '../../lambdas/domain/ports.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new ProcessStore(documents, { table: tables.processes, index: PRIMARY_KEY_INDEX }, () => 1_000);
const aKey = () => ({ team: 'integration', procedure: 'lead', primaryKey: `KEY-${randomUUID()}` });
type Key = ReturnType<typeof aKey>;

const creating = (order: number, city: string) => ({
  order,
  update: { data: { city } },
  create: { state: 'NEW', data: {} },
});
const unended = { isDeleted: false, hasEnded: async () => false };
const create = (key: Key, order: number, known = unended) =>
  store.create(key, creating(order, `city-${order}`), known);

const deleteAt = (id: string, order: number) =>
  documents.send(
    new UpdateCommand({
      TableName: tables.processes,
      Key: { id },
      UpdateExpression: 'SET isDeleted = :true, clocks.isDeleted = :order',
      ExpressionAttributeValues: { ':true': true, ':order': order },
    }),
  );

test('of many that create one primary key at once, one does, and the others find its process', async () => {
  const key = aKey();
  const all = await Promise.all(Array.from({ length: 20 }, (_, number) => create(key, 100 + number)));
  const id = createdId(key, 0);
  expect(all.filter((created) => 'id' in (created as object))).toEqual([{ id }]);
  expect(all.filter((created) => 'found' in (created as object))).toEqual(Array(19).fill({ found: id }));
  expect(await store.findIds(key.team, key.procedure, key.primaryKey)).toEqual([id]);
});

test('the next process of a primary key is created once the one before is deleted, by an update accepted before', async () => {
  const key = aKey();
  await create(key, 100);
  await deleteAt(createdId(key, 0), 150);
  expect(await create(key, 100)).toEqual({ found: createdId(key, 0) });
  expect(await create(key, 120)).toEqual({ found: createdId(key, 0) });
  expect(await create(key, 200, { ...unended, hasEnded: async () => true })).toBe('ENDED');
  expect(await create(key, 200)).toEqual({ id: createdId(key, 1) });
  expect(await create(key, 200)).toEqual({ found: createdId(key, 1) });
  expect(await create(key, 300)).toEqual({ found: createdId(key, 1) });
});

test('a process that is larger than may be stored is told, the first and the next of its primary key', async () => {
  const key = aKey();
  const large = { order: 90, update: { data: { city: 'x'.repeat(420_000) } }, create: { data: {} } };
  expect(await store.create(key, large, unended)).toBe('TOO_LARGE');
  await create(key, 100);
  await deleteAt(createdId(key, 0), 150);
  expect(await store.create(key, { ...large, order: 200 }, unended)).toBe('TOO_LARGE');
});

test("another system's process that is deleted must still be when one is created", async () => {
  const key = aKey();
  const id = randomUUID();
  const item = { id, ...key, data: {}, clocks: {}, isDeleted: true };
  await documents.send(new PutCommand({ TableName: tables.processes, Item: item }));
  const known = { ...unended, isDeleted: true };
  // Between the index and the write somebody restores it.
  const restoring = {
    isDeleted: true,
    hasEnded: async () => {
      await documents.send(
        new PutCommand({ TableName: tables.processes, Item: { ...item, isDeleted: false } }),
      );
      return false;
    },
  };
  expect(await create(key, 100, restoring)).toEqual({ found: id });
  expect(await store.get(createdId(key, 0))).toBeUndefined();
  await documents.send(new PutCommand({ TableName: tables.processes, Item: item }));
  expect(await create(key, 100, known)).toEqual({ id: createdId(key, 0) });
});

test('a deletion is not undone once another process has the primary key, though both are tried at once', async () => {
  const winners = new Set<string>();
  for (let round = 0; round < 10; round++) {
    const key = aKey();
    await create(key, 100);
    const id = createdId(key, 0);
    await deleteAt(id, 150);
    const image = new Map([
      ['isDeleted' as const, { before: undefined, of: -1, written: markOfValue(true) }],
    ]);
    const undo: ReferencedUpdate = {
      ...{ order: 190, update: {} },
      undo: { entries: [{ index: 0, order: 150, image }], lost: [] },
    };
    const target = { id, team: key.team, procedure: key.procedure };
    const tryUndo = () => store.apply(target, [undo]).catch(() => undefined);
    const tryCreate = () => create(key, 200).catch(() => undefined);
    // The undo takes two reads before it writes.
    const createdAfterMs = round * 5;
    await Promise.all([tryUndo(), setTimeout(createdAfterMs).then(tryCreate)]);
    const processes = await Promise.all([store.get(id), store.get(createdId(key, 1))]);
    const alive = processes.filter((process) => process !== undefined && process.isDeleted !== true);
    expect(alive).toHaveLength(1);
    winners.add(String(alive[0]?.id === id));
  }
  // Each is the first at least once.
  expect([...winners].sort()).toEqual(['false', 'true']);
});

test('the undo of an undo waits until the process that the first one restored is deleted again', async () => {
  const key = aKey();
  // The job deleted the first process and created the second; its undo restored the first and deleted the second.
  const [job, firstUndo, secondUndo] = [5, 6, 7].map((sequence) => sequence * MAX_ENTRIES) as [
    number,
    number,
    number,
  ];
  await create(key, 100);
  await deleteAt(createdId(key, 0), job);
  await create(key, job + 1);
  const [restored, deleted] = [createdId(key, 0), createdId(key, 1)];
  const markUndone = (id: string, isDeleted: boolean, origin: object) =>
    documents.send(
      new UpdateCommand({
        TableName: tables.processes,
        Key: { id },
        UpdateExpression: 'SET isDeleted = :deleted, origins = :origins',
        ExpressionAttributeValues: { ':deleted': isDeleted, ':origins': { isDeleted: origin } },
      }),
    );
  await markUndone(deleted, true, { at: -1, of: -1, by: firstUndo + 1 });
  await markUndone(restored, false, { at: job, of: -1, by: firstUndo });
  const image = new Map([['isDeleted' as const, { before: undefined, of: -1, written: markOfValue(true) }]]);
  const undo: ReferencedUpdate = {
    ...{ order: secondUndo + 1, update: {}, isTriedAgain: true },
    undo: { entries: [{ index: 1, order: firstUndo + 1, image }], lost: [] },
  };
  const target = { id: deleted, team: key.team, procedure: key.procedure };
  await expect(store.apply(target, [undo])).rejects.toThrow(restored);
  await deleteAt(restored, secondUndo);
  const [verdict] = await store.apply(target, [undo]);
  expect(verdict).toMatchObject({ undone: [{ result: { outcome: 'REVERTED' } }] });
});

test('what another system wrote under the id of a process is left alone', async () => {
  const key = aKey();
  const id = createdId(key, 0);
  await documents.send(
    new PutCommand({ TableName: tables.processes, Item: { id, ...key, team: 'integration-other' } }),
  );
  expect(await create(key, 100)).toEqual({ id: createdId(key, 1) });
  await documents.send(new DeleteCommand({ TableName: tables.processes, Key: { id } }));
});
