import { BatchWriteCommand, GetCommand, NumberValue } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { expect, test } from 'vitest';
import { storable } from '../../lambdas/adapters/storable.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import { call, finished, update } from '../support/api.ts';
import { localParts } from '../support/local.ts';
import { IS_LONG } from '../support/long.ts';

const { documents, tables } = localParts();
const COUNT = IS_LONG ? 5_000 : 300;
/** Every tenth is changed by another update before the undo. */
const CHANGED = COUNT / 10;
const JOBS = '/v1/ext/background-job';
const WRITTEN = { country: 'India', first_name: 'Ada', last_name: 'x', name: 'y', budget: 1.5 };
const idOf = (index: number) => `undo-many-${index}`;
const indexes = Array.from({ length: COUNT }, (_, index) => index);

/** A process with what other systems may keep where the procedure has texts and numbers. */
const fresh = (index: number): Process => ({
  ...{ id: idOf(index), team: 'local', procedure: 'lead', primaryKey: `UNDO-${index}`, state: 'NEW' },
  data: {
    city: `Città ${index}`,
    score: index,
    country: new Set(['a', `b${index}`]),
    first_name: new Uint8Array([index % 256, 0, 255]),
    last_name: null,
    name: { constructor: 'x', list: [1, '', { deep: true }] },
    budget: NumberValue.from(`12345678901234567890.${index}1`),
  },
});

async function store(): Promise<void> {
  for (let first = 0; first < COUNT; first += 25) {
    const puts = indexes.slice(first, first + 25).map((index) => ({
      PutRequest: { Item: { ...fresh(index), data: storable(fresh(index).data) } },
    }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [tables.processes]: puts } }));
  }
}

/** All but what an undo may leave otherwise. */
async function stored(index: number): Promise<object> {
  const key = { TableName: tables.processes, Key: { id: idOf(index) }, ConsistentRead: true };
  const { Item } = await documents.send(new GetCommand(key));
  const {
    version: _v,
    clock: _c,
    clocks: _cs,
    origins: _o,
    decided: _d,
    updatedAt: _u,
    ...rest
  } = Item ?? {};
  return rest;
}

const allStored = (count: number) => pMap(indexes.slice(0, count), stored, { concurrency: 16 });

async function undone(id: string) {
  const { status, body } = await call(`${JOBS}/${id}/undo`, { method: 'POST' });
  expect(status).toBe(202);
  const undo = String(body._data.id);
  await finished(undo);
  const outcomes: Record<string, number> = {};
  for (const outcome of ['REVERTED', 'KEPT', 'UNCHANGED']) {
    const page = await call<unknown[]>(`${JOBS}/${undo}/entries?outcome=${outcome}&limit=1`);
    outcomes[outcome] = Number(page.body._meta.total);
  }
  return { undo, outcomes };
}

test('a large job is undone byte for byte, but for what others have changed since', async () => {
  await store();
  const before = await allStored(COUNT);
  const { data } = await update(
    indexes.map((index) => ({
      id: idOf(index),
      data: { ...WRITTEN, city: `City ${index}`, score: null },
    })),
  );
  const changes = indexes.slice(0, CHANGED).map((index) => ({
    id: idOf(index),
    data: { country: 'b', first_name: 'b', last_name: 'b', name: 'b', budget: 2, city: 'b', score: 2 },
  }));
  await update(changes);
  const newer = await allStored(CHANGED);

  const first = await undone(String(data.id));
  expect(first.outcomes).toEqual({ REVERTED: COUNT - CHANGED, KEPT: CHANGED, UNCHANGED: 0 });
  const after = await allStored(COUNT);
  expect(after.slice(0, CHANGED)).toEqual(newer);
  expect(after.slice(CHANGED)).toEqual(before.slice(CHANGED));

  const second = await undone(first.undo);
  expect(second.outcomes).toMatchObject({ REVERTED: COUNT - CHANGED });
  expect(await stored(COUNT - 1)).toMatchObject({ data: { city: `City ${COUNT - 1}`, ...WRITTEN } });
});
