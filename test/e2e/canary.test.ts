import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { call, finished, type JobData, lead, patch, sampleLeads } from '../support/api.ts';

const nextLead = sampleLeads(4_600);
const JOBS = '/v1/ext/background-job';

interface EntryData {
  index: number;
  completionStatus: string;
}

const existing = (city: string) => (lead_id: string) => ({ lead_id, data: { city } });
const leads = (count: number) => Array.from({ length: count }, nextLead);
/** Items of processes that do not exist. */
const missing = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `nobody-${i}`, state: 'NEW' }));

async function started(processes: unknown[], options: object, headers?: Record<string, string>) {
  const { status, body } = await patch({ processes, options }, headers === undefined ? {} : { headers });
  expect([status, body._errors]).toEqual([202, []]);
  return body;
}

const citiesOf = (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await lead(id)).data.city));

describe('a canary of 200 in a request of 10,000 of which 60 % fail', () => {
  const city = randomUUID();
  const inCanary = leads(20);
  const beyond = leads(20);
  let before: unknown[];
  let job: Awaited<ReturnType<typeof finished>>;

  beforeAll(async () => {
    before = await citiesOf(beyond);
    const processes = Array.from({ length: 10_000 }, (_, i) => {
      const ids = i < 200 ? inCanary : beyond;
      return i % 5 < 2 ? existing(city)(ids[i % 20] ?? '') : { id: `nobody-${i}`, state: 'NEW' };
    });
    const { _data, _meta } = await started(processes, { canary: 200 });
    expect(_data.statusMessage).toBe('Canary: 0 of 200 entries are processed.');
    expect(_meta).toEqual({ total: 10_000, queued: 10_000, invalid: 0 });
    job = await finished(_data.id);
  }, 120_000);

  test('is all that is applied', async () => {
    expect(job.counts).toEqual({ INVALID: 0, NOT_STARTED: 0, SUCCESS: 80, ERROR: 120, CANCELLED: 9_800 });
    expect(await citiesOf(beyond)).toEqual(before);
    const cities = new Set(await citiesOf(inCanary));
    expect(cities).toContain(city);
  });

  test('aborts the job, which says why', async () => {
    expect(job.data).toMatchObject({
      completionStatus: 'ABORTED',
      statusMessage: 'Stopped: 120 of 200 processed entries failed (60 %); the threshold is 0 %.',
    });
    const { body } = await call<EntryData[]>(
      `${JOBS}/${job.data.id}/entries?completionStatus=CANCELLED&limit=1`,
    );
    expect(body._data).toMatchObject([{ index: 200, completionStatus: 'CANCELLED' }]);
  });

  test('leaves a job that is listed as aborted, and that cannot be cancelled any more', async () => {
    const { body } = await call<JobData[]>(`${JOBS}?completionStatus=ABORTED&limit=1000`);
    expect(body._data.map(({ id }) => id)).toContain(job.data.id);
    expect(new Set(body._data.map(({ completionStatus }) => completionStatus))).toEqual(new Set(['ABORTED']));
    const cancel = await call(`${JOBS}/${job.data.id}/cancel`, { method: 'POST' });
    expect([cancel.status, cancel.body._errors[0]?.code]).toEqual([409, 'JOB_FINISHED']);
    const retry = await call(`${JOBS}/${job.data.id}/retry`, { method: 'POST' });
    expect([retry.status, retry.body._errors[0]?.code]).toEqual([409, 'NOTHING_TO_RETRY']);
  });
});

test('with a threshold, at most a wave of 1,000 is applied beyond the entry that crossed it', async () => {
  const city = randomUUID();
  const [first = '', last = ''] = leads(2);
  const processes = [
    ...Array.from({ length: 100 }, () => existing(city)(first)),
    ...missing(1_000),
    ...Array.from({ length: 900 }, () => existing(city)(last)),
  ];
  const { _data } = await started(processes, { abortOn: { errorPercent: 5 } });
  const { status, counts, data } = await finished(_data.id);
  expect(status).toBe('ABORTED');
  expect(data.statusMessage).toBe(
    'Stopped: 1000 of 1100 processed entries failed (90.91 %); the threshold is 5 %.',
  );
  expect(counts).toMatchObject({ SUCCESS: 100, ERROR: 1_000, CANCELLED: 900 });
  expect(await citiesOf([first, last])).not.toContain(undefined);
  expect((await lead(last)).data.city).not.toBe(city);
});

test('a canary that passes lets the others follow within seconds, each applied as it was sent', async () => {
  const ids = leads(30);
  const city = randomUUID();
  const startedAt = Date.now();
  const { _data } = await started([...ids.map(existing(city)), ...missing(10)], {
    canary: 20,
    abortOn: { errorPercent: 50, after: 30 },
  });
  const { status, counts, data } = await finished(_data.id);
  expect([status, data.statusMessage]).toEqual(['COMPLETED', null]);
  expect(counts).toMatchObject({ SUCCESS: 30, ERROR: 10 });
  expect(await citiesOf(ids)).toEqual(ids.map(() => city));
  // A lost job check would come again after minutes.
  expect(Date.now() - startedAt).toBeLessThan(60_000);
});

test('a job whose threshold is crossed when nothing is left to stop is completed', async () => {
  const { _data } = await started(missing(3), { canary: 3, abortOn: { errorPercent: 0, after: 1 } });
  expect(await finished(_data.id)).toMatchObject({ status: 'COMPLETED', counts: { ERROR: 3 } });
});

test('the same key with another canary is refused, and with the same one answered with the first job', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const processes = leads(3).map(existing('Oslo'));
  const first = await started(processes, { canary: 1 }, headers);
  await finished(first._data.id);
  const again = await started(processes, { canary: 1 }, headers);
  expect([again._data.id, again._data.statusMessage]).toEqual([first._data.id, first._data.statusMessage]);
  for (const options of [{}, { canary: 2 }, { canary: 1, abortOn: { errorPercent: 5 } }]) {
    const { status, body } = await patch({ processes, options }, { headers });
    expect([status, body._errors[0]?.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  }
});

test('a dry run takes the options, and shows all entries', async () => {
  const body = JSON.stringify({
    processes: missing(3),
    options: { canary: 1, abortOn: { errorPercent: 0 } },
  });
  const init = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body };
  const dryRun = await call<{ entries: EntryData[] }>('/v1/ext/procedure/lead/process?dryRun=true', init);
  expect(dryRun.status).toBe(200);
  expect(dryRun.body._data.entries.map(({ completionStatus }) => completionStatus)).toEqual(
    Array(3).fill('ERROR'),
  );
});
