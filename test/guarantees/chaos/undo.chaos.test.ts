import { expect, test } from 'vitest';
import type { JobData } from '../../support/api.ts';
import { useKilledStack } from './killed-stack.ts';

/** Every fifth process is changed by another job before the undo. */
const isChanged = (index: number) => index % 5 === 0;

const { team, request, send, kill, ended, entries } = useKilledStack(300);

interface EntryData {
  identifier: { id: string };
  completionStatus: string;
  outcome: string | null;
  errors: { code: string }[];
}

function started(city: string, isNamed: (index: number) => boolean): Promise<string> {
  const named = team.processes.filter((_, index) => isNamed(index));
  return send({ processes: named.map(({ id }) => ({ id, data: { city } })) });
}

async function undone(jobId: string): Promise<string> {
  const { status, body } = await request<JobData>(`/v1/ext/background-job/${jobId}/undo`, { method: 'POST' });
  expect(status).toBe(202);
  return body._data.id;
}

/** Kills functions while a job is processed, and waits for its end. */
async function endedUnderKills(jobId: string): Promise<EntryData[]> {
  await kill();
  expect((await ended(jobId)).completionStatus).toBe('COMPLETED');
  return entries<EntryData>(jobId);
}

const citiesNow = () =>
  Promise.all(
    team.processes.map(async ({ id }) => {
      const { body } = await request<{ data: { city?: string } }>(`/v1/ext/procedure/lead/process/${id}`);
      return body._data.data.city;
    }),
  );

test('an undo gives back what it tells, though functions are killed all the while', async () => {
  const all = () => true;
  await endedUnderKills(await started('Before', all));
  const job = await started('Wrong', all);
  await endedUnderKills(job);
  await endedUnderKills(await started('Newer', isChanged));

  const undo = await undone(job);
  const entries = await endedUnderKills(undo);
  const told = entries.map(({ outcome, errors }) => outcome ?? errors[0]?.code);
  const cities = { REVERTED: 'Before', KEPT: 'Newer' } as Record<string, string>;
  expect(await citiesNow()).toEqual(
    told.map((end, index) => cities[end ?? ''] ?? (isChanged(index) ? 'Newer' : 'Wrong')),
  );
  expect(new Set(told)).toEqual(
    new Set(['REVERTED', 'KEPT', ...told.filter((end) => end === 'NOT_REVERSIBLE')]),
  );
  // Only what died between its write and its record cannot be undone.
  expect(told.filter((end) => end === 'NOT_REVERSIBLE').length).toBeLessThan(told.length / 2);

  const before = await citiesNow();
  const again = await endedUnderKills(await undone(undo));
  // What could not be undone has no entry in the undo of the undo.
  const back = new Set(
    again.flatMap(({ outcome, identifier }) => (outcome === 'REVERTED' ? identifier.id : [])),
  );
  expect(await citiesNow()).toEqual(
    team.processes.map(({ id }, index) => (back.has(id) ? 'Wrong' : before[index])),
  );
});
