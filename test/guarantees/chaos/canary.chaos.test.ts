import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call, type JobData } from '../../support/api.ts';
import { type ChaosStack, startChaosStack } from './chaos-stack.ts';
import { twoTeams } from './workload.ts';

const CANARY = 30;
const KILLS = 12;
const KILL_PAUSE_MS = 250;

const [team, other] = twoTeams(crypto.randomUUID().slice(0, 8), 300);
let stack: ChaosStack;

beforeAll(async () => {
  // Functions that die are what this is about.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  stack = await startChaosStack([team, other], undefined);
}, 60_000);

afterAll(() => stack.stop());

const request = <Data>(path: string, init: RequestInit = {}) =>
  call<Data>(path, { ...init, baseUrl: stack.local.url, key: team.apiKey });

async function started(items: readonly unknown[]): Promise<string> {
  const { body } = await request<JobData>('/v1/ext/procedure/lead/process', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes: items, options: { canary: CANARY } }),
  });
  return body._data.id;
}

/** Kills what applies and what checks, while the canary runs and when it may just be decided. */
async function kill(): Promise<number> {
  let kills = 0;
  for (let turn = 0; turn < KILLS; turn++) {
    for (const name of ['Apply', 'FinalizeJob'] as const) {
      for (const process of stack.local.functions.processesOf(stack.functionId(name))) {
        process.kill('SIGKILL');
        kills += 1;
      }
    }
    await delay(KILL_PAUSE_MS);
  }
  return kills;
}

const ended = (jobId: string) =>
  vi.waitFor(
    async () => {
      const { body } = await request<JobData>(`/v1/ext/background-job/${jobId}`);
      expect(body._data.completionStatus).not.toBe('IN_PROGRESS');
      return { ...body._data, counts: body._meta.bjEntryCompletionStatusVsCount };
    },
    { timeout: 180_000, interval: 500 },
  );

const cityOf = async (id: string) => {
  const { body } = await request<{ data: { city?: string } }>(`/v1/ext/procedure/lead/process/${id}`);
  return body._data.data.city;
};

test('a job goes on when its canary has passed, though functions are killed while the canary waits', async () => {
  const jobId = await started(team.processes.map(({ id }) => ({ id, data: { city: 'Passed' } })));
  expect(await kill()).toBeGreaterThan(0);
  expect(await ended(jobId)).toMatchObject({
    completionStatus: 'COMPLETED',
    counts: { SUCCESS: team.processes.length },
  });
  expect(await cityOf(team.processes.at(-1)?.id ?? '')).toBe('Passed');
});

test('nothing beyond a canary that fails is written, though functions are killed while it waits', async () => {
  const items = team.processes.map(({ id }, index) => ({
    id: index % 2 === 0 && index < CANARY ? `nobody-${id}` : id,
    data: { city: 'Failed' },
  }));
  const jobId = await started(items);
  await kill();
  expect(await ended(jobId)).toMatchObject({
    completionStatus: 'ABORTED',
    statusMessage: 'Stopped: 15 of 30 processed entries failed (50 %); the threshold is 0 %.',
    counts: { SUCCESS: 15, ERROR: 15, CANCELLED: team.processes.length - CANARY },
  });
  const cities = await Promise.all(team.processes.slice(CANARY).map(({ id }) => cityOf(id)));
  expect(new Set(cities)).toEqual(new Set(['Passed']));
});
