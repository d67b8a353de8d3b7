import { expect, test } from 'vitest';
import { useKilledStack } from './killed-stack.ts';

const CANARY = 30;
const { team, request, send, kill, ended } = useKilledStack(300);

const started = (items: readonly unknown[]) => send({ processes: items, options: { canary: CANARY } });

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
