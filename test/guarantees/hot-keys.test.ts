import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { IS_LONG } from '../support/long.ts';
import { Pipeline } from './simulation/pipeline.ts';
import { CALM, type Faults } from './simulation/plan.ts';
import { ServiceError } from './simulation/service.ts';
import { PROCEDURES } from './simulation/workload.ts';
import { World } from './simulation/world.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const PARTITION_UNITS_PER_SECOND = 1_000;
const MAX_EVENTS = 20_000_000;

const SMALL_JOBS = IS_LONG ? 500 : 150;

/** A request and its answer take 1 to 4 ms each; nothing fails but for the limits of the partitions. */
const QUICK: Faults = { ...CALM, latencyMs: 3 };

interface Header {
  createdAt: number;
  end?: { counts: Record<string, number>; completedAt: number };
}

interface Measured {
  /** The headers of the jobs. */
  jobs: Header[];
  /** From the first acceptance to the end of the last job. */
  seconds: number;
  /** Write units for an update, by table. */
  units: Record<string, number>;
  /** Writes that a partition refused, by table. */
  throttled: Record<string, number>;
}

/** Sends requests at once and lets them be applied on tables whose partitions take what DynamoDB's take. */
async function measure(requests: readonly unknown[][], concurrency: number): Promise<Measured> {
  const world = new World(1);
  const pipeline = new Pipeline(world, QUICK, { concurrency, pauseMs: 1, isFilling: true });
  for (const procedure of PROCEDURES) pipeline.tables.insert('procedures', { ...procedure }, 'before');
  const items = requests.flat() as { id: string }[];
  for (const id of new Set(items.map(({ id }) => id))) {
    const process = { id, team: 'ours', procedure: 'lead', primaryKey: id, data: {}, clocks: {} };
    pipeline.tables.insert('processes', process, 'before');
  }
  const [units, throttled]: [Record<string, number>, Record<string, number>] = [{}, {}];
  const taken = new Map<string, number>();
  pipeline.tables.beforeWrite = (table, partition, size) => {
    const second = `${table} ${partition} ${Math.floor(world.now / 1000)}`;
    const sum = (taken.get(second) ?? 0) + size;
    if (sum > PARTITION_UNITS_PER_SECOND) {
      throttled[table] = (throttled[table] ?? 0) + 1;
      throw new ServiceError('ThrottlingException');
    }
    taken.set(second, sum);
    units[table] = (units[table] ?? 0) + size / items.length;
  };
  for (const request of requests) void pipeline.patch('ours', request, undefined);
  await world.run(MAX_EVENTS);
  const isHeader = ({ part }: Record<string, unknown>) => part === 'header';
  const jobs = pipeline.tables.items('jobs').filter(isHeader) as unknown as Header[];
  const from = Math.min(...jobs.map(({ createdAt }) => createdAt));
  const to = Math.max(...jobs.map(({ end }) => end?.completedAt ?? Number.NaN));
  return { jobs, seconds: (to - from) / 1000, units, throttled };
}

const SUCCEEDED = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 10_000, ERROR: 0, CANCELLED: 0 };
const oneJob = [Array.from({ length: 10_000 }, (_, i) => ({ id: `process-${i}`, assignedTo: `agent-${i}` }))];

test('the log of one job takes 8,000 updates a second', async () => {
  const { jobs, seconds, units, throttled } = await measure(oneJob, 10);
  expect(jobs.map(({ end }) => end?.counts)).toEqual([SUCCEEDED]);
  expect(10_000 / seconds).toBeGreaterThan(7_500);
  expect(units.processes).toBeCloseTo(1);
  expect(units.jobs).toBeLessThan(0.13);
  expect(throttled).toEqual({});
});

test('with ten times the invocations the log of a job is throttled, and nothing is lost', async () => {
  const { jobs, throttled } = await measure(oneJob, 100);
  expect(jobs.map(({ end }) => end?.counts)).toEqual([SUCCEEDED]);
  expect(throttled.jobs).toBeGreaterThan(0);
  expect(throttled.processes).toBeUndefined();
});

test('all updates on one process cost a tenth of a write each, and all arrive', async () => {
  const items = Array.from({ length: 10_000 }, (_, i) =>
    i % 2 === 0
      ? { id: 'hot', assignedTo: `agent-${i}` }
      : { id: 'hot', nextActionAt: 1_800_000_000_000 + i },
  );
  const { jobs, units } = await measure([items], 10);
  expect(jobs.map(({ end }) => end?.counts)).toEqual([SUCCEEDED]);
  expect(units.processes).toBeLessThan(0.15);
});

test('the small jobs of one team share batches, and cost a result each', async () => {
  const requests = Array.from({ length: SMALL_JOBS }, (_, job) =>
    Array.from({ length: 10 }, (_, i) => ({ id: `process-${job}-${i}`, assignedTo: `agent-${i}` })),
  );
  const { jobs, units, throttled } = await measure(requests, 10);
  expect(jobs.filter(({ end }) => end?.counts.SUCCESS === 10)).toHaveLength(SMALL_JOBS);
  expect(units.processes).toBeCloseTo(1);
  expect(units.jobs).toBeLessThan(1.9);
  expect(throttled).toEqual({});
});

test('a body that does not compress is stored without meeting the limit of a partition', async () => {
  // About the largest body that Lambda takes; items that name no field of an update are kept as they came.
  const items = Array.from({ length: 14 }, (_, i) => ({
    id: `process-${i}`,
    note: randomBytes(235_000).toString('base64'),
  }));
  expect(JSON.stringify(items).length).toBeGreaterThan(4_300_000);
  const { jobs, units, throttled } = await measure([items], 10);
  expect(jobs.map(({ end }) => end?.counts)).toEqual([{ ...SUCCEEDED, INVALID: 14, SUCCESS: 0 }]);
  expect((units.jobs ?? 0) * items.length).toBeGreaterThan(3_000);
  expect(throttled).toEqual({});
});
