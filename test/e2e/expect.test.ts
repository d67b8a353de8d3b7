import { expect, test } from 'vitest';
import { call, finished, patch, readProcess, sampleLeads } from '../support/api.ts';
import { IS_LONG } from '../support/long.ts';

const nextLead = sampleLeads(3_000);

interface EntryData {
  completionStatus: string;
  outcome: string | null;
  errors: { code: string; message: string; pointer: string }[];
}

async function ended(processes: object[]): Promise<EntryData[]> {
  const { status, body } = await patch({ processes });
  expect(status).toBe(202);
  await finished(body._data.id);
  const { body: page } = await call<EntryData[]>(
    `/v1/ext/background-job/${body._data.id}/entries?limit=1000`,
  );
  return page._data;
}

const processOf = async (lead_id: string) => (await readProcess(`lead_id/${lead_id}`)).body._data;

test('an update is applied only if the process is as expected, and its faults are told one by one', async () => {
  const lead_id = nextLead();
  await ended([{ lead_id, data: { city: 'Goa' } }]);
  const { version, assignedTo } = await processOf(lead_id);
  const [applied] = await ended([
    { lead_id, expect: { version, assignedTo, data: { city: 'Goa' } }, update: { data: { city: 'Goa' } } },
  ]);
  expect(applied).toMatchObject({ completionStatus: 'SUCCESS', outcome: 'UNCHANGED' });
  expect(await processOf(lead_id)).toMatchObject({ version: version + 1 });

  const [refused] = await ended([
    { lead_id, expect: { version, data: { city: 'Pune' } }, data: { city: 'Oslo' }, status: 'OPEN' },
  ]);
  expect(refused).toMatchObject({
    completionStatus: 'ERROR',
    outcome: null,
    errors: [
      {
        code: 'PRECONDITION_FAILED',
        message: `"version" is ${version + 1}, not ${version}.`,
        pointer: '/processes/0/expect/version',
      },
      {
        code: 'PRECONDITION_FAILED',
        message: '"city" is "Goa", not "Pune".',
        pointer: '/processes/0/expect/data/city',
      },
    ],
  });
  expect(await processOf(lead_id)).toMatchObject({ version: version + 1, data: { city: 'Goa' } });
});

test('a dry run tells what a precondition would fail for, and writes nothing', async () => {
  const lead_id = nextLead();
  await ended([{ lead_id, data: { city: 'Goa' } }]);
  const { version } = await processOf(lead_id);
  const { body } = await call<{ entries: EntryData[] }>('/v1/ext/procedure/lead/process?dryRun=true', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      processes: [
        { lead_id, expect: { version }, data: { city: 'Oslo' } },
        { lead_id, expect: { version }, data: { city: 'Rome' } },
      ],
    }),
  });
  expect(body._data.entries).toMatchObject([
    { outcome: 'APPLIED', before: { 'data.city': 'Goa' }, after: { 'data.city': 'Oslo' } },
    { errors: [{ message: `"version" is ${version + 1}, not ${version}.` }], before: {}, after: {} },
  ]);
  expect(await processOf(lead_id)).toMatchObject({ version, data: { city: 'Goa' } });
});

test('of two jobs that expect one state of many leads exactly one wins each', async () => {
  const leads = Array.from({ length: IS_LONG ? 1_000 : 200 }, nextLead);
  const name = (job: string, number: number) => `${job}-${number}`;
  await ended(leads.map((lead_id) => ({ lead_id, state: 'NEW' })));
  const job = (job: string) =>
    ended(
      leads.map((lead_id, number) => ({
        ...{ lead_id, expect: { state: 'NEW' } },
        update: { state: 'CONVERTED', data: { name: name(job, number) } },
      })),
    );
  const [ours, theirs] = await Promise.all([job('ours'), job('theirs')]);
  let wins = 0;
  for (const [number, lead_id] of leads.entries()) {
    const won = [ours, theirs].map((entries) => entries[number]?.completionStatus === 'SUCCESS');
    expect(won.filter(Boolean), lead_id).toHaveLength(1);
    wins += 1;
    if (number % 50 !== 0) continue;
    const winner = won[0] === true ? 'ours' : 'theirs';
    expect((await processOf(lead_id)).data.name).toBe(name(winner, number));
  }
  expect(wins).toBe(leads.length);
});
