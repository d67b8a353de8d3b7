import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { beforeEach, expect, test } from 'vitest';
import { ContentionError } from '../../lambdas/adapters/aws-errors.ts';
import { ProcessStore } from '../../lambdas/adapters/process-store.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { MAX_REMEMBERED, MIN_REMEMBERED } from '../../lambdas/domain/decided.ts';
import type { ApplyVerdict, ReferencedUpdate } from '../../lambdas/domain/ports.ts';
import type { Expected } from '../../lambdas/domain/precondition.ts';
import type { Update } from '../../lambdas/domain/process.ts';
import { localParts } from '../support/local.ts';

const { documents, tables } = localParts();
const store = new ProcessStore(documents, { table: tables.processes, index: PRIMARY_KEY_INDEX }, () => 1_000);
const team = 'integration';
const procedure = 'lead';

let target: { id: string; team: string; procedure: string };

async function put(fields: Record<string, unknown> = {}): Promise<void> {
  const Item = { ...target, primaryKey: target.id, data: {}, clocks: {}, ...fields };
  await documents.send(new PutCommand({ TableName: tables.processes, Item }));
}

async function stored(): Promise<Process> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tables.processes, Key: { id: target.id }, ConsistentRead: true }),
  );
  return Item as Process;
}

const expecting = (order: number, expected: Expected, update: Update): ReferencedUpdate => ({
  order,
  update,
  expect: expected,
});

/** Applies one update, and tells how many requests that took. */
async function counted(update: ReferencedUpdate) {
  let requests = 0;
  documents.middlewareStack.add(
    (next) => (args) => {
      requests += 1;
      return next(args);
    },
    { step: 'initialize', name: 'count' },
  );
  const [verdict] = await store.apply(target, [update]);
  documents.middlewareStack.remove('count');
  return { verdict, requests };
}

beforeEach(async () => {
  target = { id: randomUUID(), team, procedure };
  await put({ data: { city: 'Goa' }, state: 'NEW', version: 3, decided: {} });
});

test('a process that remembers decisions takes one write, and notes in it that it was applied', async () => {
  const update = expecting(5, { version: 3, data: { city: 'Goa', phone: null } }, { data: { city: 'Oslo' } });
  expect(await counted(update)).toEqual({ verdict: { outcome: 'APPLIED' }, requests: 1 });
  expect(await stored()).toMatchObject({ data: { city: 'Oslo' }, version: 4, decided: { 5: 'A' } });
});

test.each([{ decided: undefined }, { decided: 'text' }, { version: null }, { data: undefined }])(
  'a process with %j is read and written',
  async (fields) => {
    await put({ state: 'NEW', version: 3, ...fields });
    const version = 'version' in fields ? null : 3;
    const update = expecting(5, { version, state: 'NEW', data: { phone: null } }, { state: 'NEW' });
    expect((await counted(update)).verdict).toEqual({ outcome: 'UNCHANGED' });
    expect(await stored()).toMatchObject({ state: 'NEW', version: (version ?? 0) + 1, decided: { 5: 'A' } });
  },
);

test('a refusal is noted, and neither it nor a copy of it writes anything else', async () => {
  const update = expecting(5, { data: { city: 'Pune' } }, { data: { city: 'Oslo' } });
  const before = await stored();
  expect(await store.apply(target, [update])).toEqual([
    { error: 'PRECONDITION_FAILED', faults: [{ of: 'expect', name: 'data.city', stored: '"Goa"' }] },
  ]);
  expect(await stored()).toEqual({ ...before, decided: { 5: 'P' } });
  await documents.send(
    new UpdateCommand({
      ...{ TableName: tables.processes, Key: { id: target.id }, UpdateExpression: 'SET #data.city = :city' },
      ...{ ExpressionAttributeNames: { '#data': 'data' }, ExpressionAttributeValues: { ':city': 'Pune' } },
    }),
  );
  expect(await store.apply(target, [update])).toEqual([{ error: 'PRECONDITION_FAILED' }]);
  expect(await stored()).toMatchObject({ data: { city: 'Pune' }, version: 3 });
  expect(await store.traceOf(target, 5)).toEqual({ error: 'PRECONDITION_FAILED' });
});

test('a copy of one that was applied is told so when newer updates have set all of its fields', async () => {
  const update = expecting(5, { version: 3 }, { data: { city: 'Oslo' } });
  await store.apply(target, [update]);
  await store.apply(target, [{ order: 6, update: { data: { city: 'Rome' } } }]);
  expect(await store.apply(target, [update])).toEqual([{ outcome: 'APPLIED' }]);
  expect(await stored()).toMatchObject({ data: { city: 'Rome' }, version: 5 });
  expect(await store.traceOf(target, 5)).toEqual({ outcome: 'APPLIED' });
});

test('updates of one batch are decided in their order, each on what those before it left', async () => {
  const verdicts = await store.apply(target, [
    { order: 9, update: { data: { city: 'Rome' } } },
    expecting(8, { version: 3 }, { state: 'LOST' }),
    expecting(7, { version: 3 }, { state: 'WON' }),
    { order: 6, update: { assignedTo: 'Ada' } },
  ]);
  expect(verdicts).toEqual([
    { outcome: 'APPLIED' },
    { error: 'PRECONDITION_FAILED', faults: [{ of: 'expect', name: 'version', stored: '4' }] },
    { error: 'PRECONDITION_FAILED', faults: [{ of: 'expect', name: 'version', stored: '4' }] },
    { outcome: 'APPLIED' },
  ]);
});

test('of many that expect one version exactly one wins, whatever comes twice', async () => {
  const updates = Array.from({ length: 20 }, (_, number) =>
    expecting(100 + number, { version: 3 }, { data: { city: `city-${number}` } }),
  );
  const twice = [...updates, ...updates].toSorted(() => Math.random() - 0.5);
  const outcomes = new Map<number, string[]>();
  /** Where too many write at once, the message comes again. */
  const applied = async (update: ReferencedUpdate): Promise<ApplyVerdict | undefined> => {
    try {
      return (await store.apply(target, [update]))[0];
    } catch (error) {
      if (error instanceof ContentionError) return applied(update);
      throw error;
    }
  };
  await pMap(
    twice,
    async (update) => {
      const verdict = await applied(update);
      const outcome = verdict !== undefined && 'outcome' in verdict ? verdict.outcome : 'refused';
      outcomes.set(update.order, [...(outcomes.get(update.order) ?? []), outcome]);
    },
    { concurrency: 8 },
  );
  const winners = [...outcomes].filter(([, [first]]) => first === 'APPLIED');
  expect(winners).toHaveLength(1);
  for (const [, [first, second]] of outcomes) expect(second).toBe(first);
  const [[order = 0] = []] = winners;
  expect(await stored()).toMatchObject({ version: 4, data: { city: `city-${order - 100}` } });
});

test('a process that remembers enough forgets the oldest decisions, and does not judge their updates again', async () => {
  for (let order = 1; order <= MAX_REMEMBERED + 1; order++)
    await store.apply(target, [expecting(order, { state: 'NEW' }, { data: { city: `city-${order}` } })]);
  const { decided = {}, version } = await stored();
  expect(Object.keys(decided)).toHaveLength(MIN_REMEMBERED + 1);
  expect(await store.apply(target, [expecting(1, { state: 'NEW' }, { data: { city: 'again' } })])).toEqual([
    { error: 'PRECONDITION_FAILED' },
  ]);
  expect(await stored()).toMatchObject({ version, data: { city: `city-${MAX_REMEMBERED + 1}` } });
});

test('what a writer who counts no versions does between read and write is not passed over', async () => {
  await put({ data: { city: 'Goa' }, version: 3 });
  const isMerged = { state: false };
  documents.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'UpdateItemCommand' && isMerged.state) {
        isMerged.state = false;
        const Item = { ...target, primaryKey: target.id, data: { city: 'Rome' }, clocks: {}, version: 3 };
        await documents.send(new PutCommand({ TableName: tables.processes, Item }));
      }
      if (context.commandName === 'UpdateItemCommand') isMerged.state = true;
      return next(args);
    },
    { step: 'initialize', name: 'meanwhile' },
  );
  // Without `decided` the first write fails, and the second is made of what was read.
  const verdicts = await store.apply(target, [
    expecting(5, { data: { city: 'Goa' } }, { data: { city: 'Oslo' } }),
  ]);
  documents.middlewareStack.remove('meanwhile');
  expect(verdicts).toMatchObject([{ error: 'PRECONDITION_FAILED', faults: [{ stored: '"Rome"' }] }]);
  expect(await stored()).toMatchObject({ data: { city: 'Rome' } });
});

test('an update that the process has no room for is refused for good', async () => {
  await put({ data: { city: 'x'.repeat(250_000) }, version: 3, decided: {} });
  const update = expecting(5, { version: 3 }, { data: { name: 'y'.repeat(250_000) } });
  expect(await store.apply(target, [update])).toEqual([{ error: 'PROCESS_TOO_LARGE' }]);
  await put({ ...(await stored()), data: {} });
  expect(await store.apply(target, [update])).toEqual([{ error: 'PROCESS_TOO_LARGE' }]);
  expect(await stored()).toMatchObject({ data: {}, version: 3, decided: { 5: 'L' } });
});
