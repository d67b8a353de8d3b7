import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { IS_LONG } from './chaos.ts';
import { useKilledStack } from './killed-stack.ts';
import { Random, seedOfRun } from './random.ts';
import { UnrulyDeliveries } from './unruly-deliveries.ts';

/** `npm run chaos` takes as many as a request has. */
const CREATES = IS_LONG ? 10_000 : 200;
const { team, stack, send, kill, ended, entries, request } = useKilledStack(1);
const BULK_CREATE = { method: 'POST', below: '/bulk-create' } as const;

interface EntryData {
  index: number;
  processId: string;
  outcome: string | null;
  errors: { code: string }[];
}

const keysOf = (run: string) => Array.from({ length: CREATES }, (_, number) => `${run}-${number}`);

/** All processes of the team, by their primary keys, as they lie in the table. */
async function processesByKey(run: string): Promise<Map<string, { id: string; data: { city?: string } }[]>> {
  const { dynamoDb, tables } = stack().local;
  const found: { id: string; team: string; primaryKey: string; data: { city?: string } }[] = [];
  const client = DynamoDBDocumentClient.from(dynamoDb);
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: tables.processes, ConsistentRead: true },
  ))
    found.push(...(Items as typeof found));
  const ours = found.filter((item) => item.team === team.name && item.primaryKey.startsWith(`${run}-`));
  return Map.groupBy(ours, ({ primaryKey }) => primaryKey);
}

/** Delivers what is queued twice and out of order, and kills functions, until the jobs have ended. */
async function endedUnderChaos(...jobs: string[]) {
  const deliveries = new UnrulyDeliveries(stack(), new Random(seedOfRun()));
  deliveries.start();
  await kill();
  await deliveries.stop();
  const all = await Promise.all(jobs.map(ended));
  expect(deliveries.duplicates).toBeGreaterThan(0);
  return all;
}

test('of two jobs that create the same processes at once each primary key becomes one, and one entry is CREATED', async () => {
  const keys = keysOf('both');
  const items = keys.map((lead_id) => ({ lead_id, data: { city: 'Goa' } }));
  const jobs = await Promise.all([
    send({ processes: items }, BULK_CREATE),
    send({ processes: items }, BULK_CREATE),
  ]);
  const [first, second] = await endedUnderChaos(...jobs);
  expect([first?.completionStatus, second?.completionStatus]).toEqual(['COMPLETED', 'COMPLETED']);
  const processes = await processesByKey('both');
  expect(processes.size).toBe(CREATES);
  const [ofFirst = [], ofSecond = []] = await Promise.all(jobs.map((job) => entries<EntryData>(job)));
  for (const [index, key] of keys.entries()) {
    const [process, ...others] = processes.get(key) ?? [];
    expect(others).toEqual([]);
    const pair = [ofFirst[index], ofSecond[index]];
    expect(pair.map((entry) => entry?.outcome ?? entry?.errors[0]?.code).sort()).toEqual([
      'CREATED',
      'PROCESS_EXISTS',
    ]);
    expect(pair.map((entry) => entry?.processId)).toEqual([process?.id, process?.id]);
  }
});

test('every update that is sent right after its create is applied after it', async () => {
  const keys = keysOf('after');
  const created = await send(
    { processes: keys.map((lead_id) => ({ lead_id, data: { city: 'Goa' } })) },
    BULK_CREATE,
  );
  const updated = await send({ processes: keys.map((lead_id) => ({ lead_id, data: { city: 'Pune' } })) });
  const [creates, updates] = await endedUnderChaos(created, updated);
  expect([creates?.counts.SUCCESS, updates?.counts.SUCCESS]).toEqual([CREATES, CREATES]);
  const processes = await processesByKey('after');
  expect([...processes.values()].map((each) => each.map(({ data }) => data.city))).toEqual(
    keys.map(() => ['Pune']),
  );
  const { body } = await request<{ data: object }>(`/v1/ext/procedure/lead/process/lead_id/${keys[0]}`);
  expect(body._data.data).toEqual({ lead_id: keys[0], city: 'Pune' });
});
