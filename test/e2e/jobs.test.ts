import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  call,
  finished,
  type JobData,
  KEYS,
  lead,
  patch,
  resolved,
  sampleLeads,
  send,
} from '../support/api.ts';

const nextLead = sampleLeads(4_800);
const JOBS = '/v1/ext/background-job';

interface EntryData {
  index: number;
  identifier: Record<string, unknown>;
  processId: string | null;
  completionStatus: string;
  outcome: string | null;
  errors: { code: string; message: string; pointer?: string }[];
  attempts: number;
  completedAt: number;
}

async function started(items: unknown[], headers?: Record<string, string>): Promise<string> {
  const { status, body } = await patch({ processes: items }, headers === undefined ? {} : { headers });
  expect(status).toBe(202);
  return body._data.id;
}

const entries = (jobId: string, query = '') => call<EntryData[]>(`${JOBS}/${jobId}/entries${query}`);

describe('entries', () => {
  test('tell of each item what became of it', async () => {
    const key = nextLead();
    const items = [
      { lead_id: key, update: { data: { city: 'Oslo' } } },
      { lead_id: 'NOBODY', state: 'NEW' },
      { id: 'LEAD-001', lead_id: 'NOT-ITS-KEY', state: 'NEW' },
      { update: { data: { citty: 'Oslo' }, state: 'X' } },
    ];
    const jobId = await started(items);
    await finished(jobId);
    const { body } = await entries(jobId);
    expect(body._meta).toEqual({ total: 4, next: null });
    const { id } = await lead(key);
    expect(body._data).toEqual([
      {
        index: 0,
        identifier: { lead_id: key },
        processId: id,
        completionStatus: 'SUCCESS',
        outcome: 'APPLIED',
        errors: [],
        line: null,
        attempts: 1,
        completedAt: expect.any(Number),
      },
      expect.objectContaining({
        processId: null,
        completionStatus: 'ERROR',
        outcome: null,
        errors: [expect.objectContaining({ code: 'PROCESS_NOT_FOUND', pointer: '/processes/1' })],
        attempts: 2,
      }),
      expect.objectContaining({
        identifier: { id: 'LEAD-001', lead_id: 'NOT-ITS-KEY' },
        processId: 'LEAD-001',
        errors: [expect.objectContaining({ code: 'PRIMARY_KEY_MISMATCH' })],
      }),
      expect.objectContaining({ identifier: {}, completionStatus: 'INVALID', attempts: 0 }),
    ]);
    expect(body._data[3]?.errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'IDENTIFIER_MISSING /processes/3',
      'UNKNOWN_ATTRIBUTE /processes/3/update/data/citty',
      'INVALID_VALUE /processes/3/update/state',
    ]);

    const failed = await entries(jobId, '?completionStatus=ERROR&limit=1');
    expect(failed.body._data.map(({ index }) => index)).toEqual([1]);
    expect(failed.body._meta.total).toBe(2);
    const next = await call<EntryData[]>(String(failed.body._meta.next));
    expect(next.body._data.map(({ index }) => index)).toEqual([2]);
    expect(next.body._meta.next).toBeNull();
  });

  test('of a large job come page by page, each once, in the order of submission', async () => {
    const items = Array.from({ length: 3_500 }, (_, i) =>
      i % 2 === 0 ? { nobody: i } : { id: `NO-${i}`, state: 'NEW' },
    );
    const jobId = await started(items);
    await finished(jobId);
    const seen: number[] = [];
    for (let path: string | null = `${JOBS}/${jobId}/entries?limit=1000`; path !== null; ) {
      const { body } = await call<EntryData[]>(path);
      expect(body._data.length).toBeLessThanOrEqual(1_000);
      seen.push(...body._data.map(({ index }) => index));
      path = body._meta.next as string | null;
    }
    expect(seen).toEqual(items.map((_, i) => i));
  });

  test('with errors of a hostile text are listed up to a bound, and accepting survives it', async () => {
    const deep = `${'{"a":'.repeat(30)}[${Array(100_000).fill('1e999')}]${'}'.repeat(30)}`;
    const { status, body } = await patch(`{"processes":[{"id":"LEAD-001","data":{"x":${deep}}}]}`);
    expect(status).toBe(202);
    const { body: listed } = await entries(body._data.id);
    expect(listed._data[0]?.errors).toHaveLength(101);
    expect(listed._data[0]?.errors.at(-1)).toMatchObject({ code: 'TOO_MANY_ERRORS' });
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'cursor=x', 'completionStatus=DONE'])(
    'refuse %s',
    async (query) => {
      const jobId = await started([{}]);
      const { status, body } = await entries(jobId, `?${query}`);
      expect(status).toBe(400);
      expect(body._errors).toMatchObject([{ code: 'MALFORMED_PARAMETER' }]);
    },
  );

  test('name their process by the digits that were sent', async () => {
    const keys = ['9007199254740993', '1.50', '1e400'];
    const items = keys.map((key) => `{"lead_id":${key},"state":"NEW"}`);
    const { body } = await patch(`{"processes":[${items}]}`);
    const { text } = await send(`${JOBS}/${body._data.id}/entries`);
    const dryRun = await send('/v1/ext/procedure/lead/process?dryRun=true', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: `{"processes":[${items}]}`,
    });
    for (const key of keys) {
      expect(text).toContain(`"identifier":{"lead_id":${key}}`);
      expect(dryRun.text).toContain(`"identifier":{"lead_id":${key}}`);
    }
  });

  test('come as JSON lines and as CSV, to be corrected and sent again', async () => {
    const jobId = await started([{ lead_id: '=1+1', data: { city: 'Oslo' } }, { data: { citty: 'x' } }]);
    await finished(jobId);
    const download = async (accept: string) => {
      const { headers, text } = await send(`${JOBS}/${jobId}/entries`, { headers: { accept } });
      expect(headers.get('content-type')).toContain(accept);
      return text;
    };
    const lines = (await download('application/x-ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).item)).toEqual([
      { lead_id: '=1+1', data: { city: 'Oslo' } },
      { data: { citty: 'x' } },
    ]);
    const sent = '{"lead_id":"x","data":{"score":1e400,"score":9007199254740993}}';
    const lossy = await patch(`{"processes":[${sent}]}`);
    const { text } = await send(`${JOBS}/${lossy.body._data.id}/entries`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(text.endsWith(`,"item":${sent}}\n`)).toBe(true);

    const first = `${JOBS}/${jobId}/entries?limit=1`;
    const { headers } = await send(first, { headers: { accept: 'text/csv' } });
    const next = resolved(/^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? '', first);
    expect(next).toBe((await call(first)).body._meta.next);

    const csv = await download('text/csv');
    expect(csv.split('\r\n')[0]).toMatch(/^index,id,lead_id,processId,completionStatus,/);
    expect(csv).toContain(",'=1+1,");
    expect(csv).toContain('UNKNOWN_ATTRIBUTE');
  });
});

describe('Idempotency-Key', () => {
  test('accepts a request once, however often it is sent', async () => {
    const key = nextLead();
    const headers = { 'idempotency-key': randomUUID() };
    const body = { processes: [{ lead_id: key, update: { data: { city: 'Once' } } }] };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => patch(body, { headers })));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(new Set(accepted.map((response) => response.body._data.id)).size).toBe(1);
    for (const { status, body, headers } of answers) {
      if (status !== 202) expect([status, body._errors[0]?.code]).toEqual([503, 'IDEMPOTENCY_KEY_IN_USE']);
      if (status === 503) expect(headers.get('retry-after')).toBeTruthy();
    }
    const [first] = accepted;
    await finished(first?.body._data.id ?? '');
    const replay = await patch(body, { headers });
    expect([replay.status, replay.body]).toEqual([202, first?.body]);
    expect(replay.headers.get('idempotency-replayed')).toBe('true');

    const other = await patch({ processes: [{ lead_id: key, state: 'NEW' }] }, { headers });
    expect([other.status, other.body._errors[0]?.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const theirs = await patch(
      { processes: [{ lead_id: 'LEAD-910', state: 'NEW' }] },
      { headers, key: KEYS.other },
    );
    expect(theirs.status).toBe(202);
  });

  test('has 1 to 255 characters', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(256) };
    expect((await patch({ processes: [{}] }, { headers })).status).toBe(400);
  });
});

describe('dryRun', () => {
  const dry = (items: unknown[]) =>
    call<{ entries: EntryData[] }>('/v1/ext/procedure/lead/process?dryRun=true', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processes: items }),
    });

  test('tells what the real request then does, and does nothing', async () => {
    const [a, b] = [nextLead(), nextLead()];
    const before = await lead(a);
    const items = [
      { lead_id: a, data: { city: 'Dry' } },
      { lead_id: b, data: { score: 'x' } },
      { lead_id: 'NOBODY', state: 'NEW' },
      { id: 'LEAD-001', lead_id: 'NOT-ITS-KEY', state: 'NEW' },
      { lead_id: a, data: { first_name: 'x'.repeat(300_000) } },
      { lead_id: a, data: { last_name: 'x'.repeat(300_000) } },
      { nobody: true },
    ];
    const { status, body } = await dry(items);
    expect(status).toBe(200);
    expect(await lead(a)).toEqual(before);

    const jobId = await started(items);
    const { counts } = await finished(jobId);
    const real = await entries(jobId);
    const verdict = ({ index, completionStatus, processId, errors }: EntryData) => ({
      index,
      completionStatus,
      processId,
      errors,
    });
    expect(body._data.entries.map(verdict)).toEqual(real.body._data.map(verdict));
    expect(body._meta).toMatchObject({ total: 7, bjEntryCompletionStatusVsCount: counts });
    expect(counts).toMatchObject({ SUCCESS: 2, ERROR: 3, INVALID: 2 });
  });

  test('is true or false', async () => {
    const { status, body } = await call('/v1/ext/procedure/lead/process?dryRun=yes', { method: 'PATCH' });
    expect([status, body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
  });
});

describe('a job', () => {
  test('is answered with 304 while nothing changes, and when it has ended to those who wait', async () => {
    const { headers: accepted, body } = await patch({ processes: [{ lead_id: nextLead(), state: 'NEW' }] });
    expect(accepted.get('retry-after')).toMatch(/^\d+$/);
    const path = resolved(accepted.get('location'), '/v1/ext/procedure/lead/process');
    const waited = await call<JobData>(path, { headers: { prefer: 'wait=20' } });
    expect(waited.headers.get('preference-applied')).toBe('wait=20');
    expect(waited.body._data).toMatchObject({ id: body._data.id, completionStatus: 'COMPLETED' });
    expect(waited.headers.get('retry-after')).toBeNull();
    const again = await send(path, { headers: { 'if-none-match': waited.headers.get('etag') ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('is cancelled: what has not been applied is not applied any more', async () => {
    const items = Array.from({ length: 2_500 }, (_, i) => ({
      lead_id: `LEAD-${String(i + 1).padStart(5, '0')}`,
      // An attribute that no other test reads: all leads of the sample take part.
      data: { email: `cancelled-${i}@example.com` },
    }));
    // The last of its steps is far away by then.
    const options = { abortOn: { errorPercent: 99, after: 100 } };
    const jobId = (await patch({ processes: items, options })).body._data.id;
    const cancelled = await call<JobData>(`${JOBS}/${jobId}/cancel`, { method: 'POST' });
    expect([cancelled.status, cancelled.body._data.id]).toEqual([200, jobId]);
    const { status, counts } = await finished(jobId);
    expect(status).toBe('CANCELLED');
    expect(counts).toMatchObject({ INVALID: 0, NOT_STARTED: 0, ERROR: 0 });
    expect((counts.SUCCESS ?? 0) + (counts.CANCELLED ?? 0)).toBe(2_500);
    expect(counts.CANCELLED).toBeGreaterThan(0);

    const of = async (completionStatus: string) =>
      (await entries(jobId, `?completionStatus=${completionStatus}&limit=5`)).body._data;
    for (const { index } of await of('CANCELLED')) {
      expect((await lead(String(items[index]?.lead_id))).data.email).not.toBe(items[index]?.data.email);
    }
    for (const { index } of await of('SUCCESS')) {
      expect((await lead(String(items[index]?.lead_id))).data.email).toBe(items[index]?.data.email);
    }
    const again = await call(`${JOBS}/${jobId}/cancel`, { method: 'POST' });
    expect([again.status, again.body._errors[0]?.code]).toEqual([409, 'JOB_FINISHED']);
  });

  test('without errors that may pass is not retried', async () => {
    const jobId = await started([{ lead_id: 'NOBODY', state: 'NEW' }]);
    const early = await call(`${JOBS}/${jobId}/retry`, { method: 'POST' });
    expect([early.status, early.body._errors[0]?.code]).toEqual([409, 'JOB_IN_PROGRESS']);
    await finished(jobId);
    const late = await call(`${JOBS}/${jobId}/retry`, { method: 'POST' });
    expect([late.status, late.body._errors[0]?.code]).toEqual([409, 'NOTHING_TO_RETRY']);
  });

  test('is listed with the others of its team, newest first', async () => {
    const ids = [await started([{}]), await started([{}]), await started([{}])];
    const contact = await patch({ processes: [{}] }, { procedure: 'contact' });
    const first = await call<JobData[]>(`${JOBS}?limit=2`);
    expect(first.body._data.map(({ id }) => id)).toEqual([contact.body._data.id, ids[2]]);
    const second = await call<JobData[]>(String(first.body._meta.next));
    expect(second.body._data.map(({ id }) => id)).toEqual([ids[1], ids[0]]);

    const ofLeads = await call<JobData[]>(`${JOBS}?limit=4`, { key: KEYS.leadOnly });
    expect(ofLeads.body._data.map(({ id }) => id)).toEqual(ids.toReversed());
    const theirs = await call<JobData[]>(`${JOBS}?limit=1000`, { key: KEYS.other });
    expect(theirs.body._data.map(({ id }) => id)).not.toContain(ids[0]);
  });

  test.each([
    ['GET', ''],
    ['GET', '/entries'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
  ])('does not exist for another team: %s %s', async (method, path) => {
    const jobId = await started([{}]);
    const theirs = await call(`${JOBS}/${jobId}${path}`, { method, key: KEYS.other });
    expect([theirs.status, theirs.body._errors[0]?.code]).toEqual([404, 'JOB_NOT_FOUND']);
    const contact = await patch({ processes: [{}] }, { procedure: 'contact' });
    const forbidden = await call(`${JOBS}/${contact.body._data.id}${path}`, { method, key: KEYS.leadOnly });
    expect([forbidden.status, forbidden.body._errors[0]?.code]).toEqual([403, 'PROCEDURE_FORBIDDEN']);
  });
});
