import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { call, finished, type JobData, lead, patch, sampleLeads } from '../support/api.ts';
import { begin, complete, putParts, resultsOf, rowsIn, upload, uploaded } from '../support/file-jobs.ts';

const nextLead = sampleLeads(3_000);
const JOBS = '/v1/ext/background-job';
const COLUMNS = { Lead: 'lead_id', City: 'city', Score: 'score' };
const CSV = { format: 'csv', columns: COLUMNS };
const leads = (count: number) => Array.from({ length: count }, nextLead);

interface EntryData {
  index: number;
  identifier: Record<string, unknown>;
  completionStatus: string;
  outcome: string | null;
  line: number | null;
  errors: { code: string; pointer: string }[];
}

const csvOf = (rows: readonly (readonly string[])[], lineEnd = '\n') =>
  ['Lead,City,Score', ...rows.map((cells) => cells.join(','))].map((row) => row + lineEnd).join('');

test('a file is one job: each of its rows is applied, and is in one file of results, as it was written', async () => {
  const [one, two, three, four] = leads(4) as [string, string, string, string];
  const file = csvOf(
    [
      [one, '"Sao ""Paulo""\r\nCentro 🏙️"', '7'],
      [two, 'Köln', 'many'],
      [three, '\\N', ''],
      [`GONE-${randomUUID()}`, ' Rome ', '1'],
      [four, '""', '3'],
    ],
    '\r\n',
  );
  const { id, status, counts, data } = await uploaded(
    { ...CSV, options: { name: 'a file', source: { file: 'leads.csv' } } },
    file,
  );
  expect([status, data.statusMessage, data.name]).toEqual(['COMPLETED', null, 'a file']);
  expect(counts).toEqual({ INVALID: 1, NOT_STARTED: 0, SUCCESS: 3, ERROR: 1, CANCELLED: 0 });
  expect((await lead(one)).data).toMatchObject({ city: 'Sao "Paulo"\r\nCentro 🏙️', score: 7 });
  expect((await lead(three)).data.city).toBeUndefined();
  expect((await lead(four)).data).toMatchObject({ score: 3 });

  const { body } = await call(`${JOBS}/${id}`);
  const size = Buffer.byteLength(file);
  expect(body._meta).toMatchObject({ total: 5, isTotalFinal: true, bytesRead: size, size, retryable: 0 });

  const { succeeded, failed, unprocessed } = await resultsOf(id);
  expect(unprocessed).toEqual([]);
  const done = rowsIn(succeeded);
  expect(
    done.map(({ Lead, City, _row, _line, _status, _outcome }) => [
      Lead,
      City,
      _row,
      _line,
      _status,
      _outcome,
    ]),
  ).toEqual([
    [one, 'Sao "Paulo"\r\nCentro 🏙️', '1', '2', 'SUCCESS', 'APPLIED'],
    [three, '\\N', '3', '5', 'SUCCESS', 'APPLIED'],
    [four, '', '5', '7', 'SUCCESS', expect.stringMatching(/APPLIED|UNCHANGED/)],
  ]);
  expect(succeeded[0]).toContain(`${one},"Sao ""Paulo""\r\nCentro 🏙️",7,1,2,SUCCESS,APPLIED,,,`);
  const [invalid, missing] = rowsIn(failed);
  expect(failed[0]).toMatch(
    /^Lead,City,Score,_row,_line,_status,_outcome,_error_code,_error_message,_process_id\r\n/,
  );
  expect(invalid).toMatchObject({
    Lead: two,
    City: 'Köln',
    Score: 'many',
    _row: '2',
    _line: '4',
    _status: 'INVALID',
    _error_code: 'INVALID_VALUE',
  });
  expect(missing).toMatchObject({
    City: ' Rome ',
    _row: '4',
    _status: 'ERROR',
    _error_code: 'PROCESS_NOT_FOUND',
  });

  const entries = await call<EntryData[]>(`${JOBS}/${id}/entries`);
  expect(
    entries.body._data.map(({ index, line, completionStatus }) => [index, line, completionStatus]),
  ).toEqual([
    [0, 2, 'SUCCESS'],
    [1, 4, 'INVALID'],
    [2, 5, 'SUCCESS'],
    [3, 6, 'ERROR'],
    [4, 7, 'SUCCESS'],
  ]);
  expect(entries.body._data[1]?.errors).toMatchObject([{ pointer: '/processes/1/data/score' }]);
  const named = await call(`${JOBS}/${id}/entries?identifier=${one}`);
  expect([named.status, named.body._errors[0]?.code]).toEqual([400, 'MALFORMED_PARAMETER']);
  const list = await call<JobData[]>(`${JOBS}?limit=1000`);
  expect(list.body._data.filter((job) => String(job.id).startsWith(id))).toMatchObject([{ id, total: 5 }]);
});

test('a job says where to upload, anew when it is asked, and is accepted once its parts are there', async () => {
  const [one] = leads(1) as [string];
  const file = gzipSync(csvOf([[one, 'Goa', '1']]));
  const body = { ...CSV, compression: 'gzip', size: file.length };
  const headers = { 'idempotency-key': randomUUID() };
  const first = await begin(body, { headers });
  expect(first.status).toBe(201);
  const { id, upload: signed, completionStatus } = first.body._data;
  expect(completionStatus).toBe('AWAITING_UPLOAD');
  expect(signed).toMatchObject({ partSize: 16 * 1024 * 1024, parts: [{ partNumber: 1 }] });
  expect(first.body._meta).toEqual({
    total: 0,
    isTotalFinal: false,
    bytesRead: 0,
    size: file.length,
    retryable: 0,
    bjEntryCompletionStatusVsCount: { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 },
  });
  const again = await begin(body, { headers });
  expect([again.status, again.body._data.id]).toEqual([201, id]);
  const other = await begin({ ...body, size: 1 }, { headers });
  expect([other.status, other.body._errors[0]?.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  const anew = await call<{ upload: typeof signed }>(`${JOBS}/${id}/upload`);
  expect(anew.body._data.upload.parts).toHaveLength(1);
  expect((await call(`${JOBS}/${id}/upload`, { key: 'read-key' })).status).toBe(403);
  const early = await call(`${JOBS}/${id}/results`);
  expect([early.status, early.body._errors[0]?.code]).toEqual([409, 'JOB_NOT_ENDED']);

  const lacking = await complete(id, []);
  expect([lacking.status, lacking.body._errors]).toMatchObject([
    400,
    [{ code: 'INVALID_UPLOAD', pointer: '/parts' }],
  ]);
  const parts = await putParts(signed, file);
  const wrong = await complete(id, [{ partNumber: 1, etag: '"0123456789abcdef0123456789abcdef"' }]);
  expect([wrong.status, wrong.body._errors[0]?.code]).toEqual([400, 'INVALID_UPLOAD']);
  expect((await complete(id, parts)).status).toBe(202);
  expect((await complete(id, parts)).status).toBe(202);
  const { status, counts } = await finished(id);
  expect([status, counts.SUCCESS]).toEqual(['COMPLETED', 1]);
  expect((await complete(id, parts)).status).toBe(202);
  const late = await call(`${JOBS}/${id}/upload`);
  expect([late.status, late.body._errors[0]?.code]).toEqual([409, 'JOB_NOT_AWAITING_UPLOAD']);
  expect((await lead(one)).data.city).toBe('Goa');
});

test('what is wrong with a file job is told before anything is uploaded', async () => {
  const wrong = [
    [{ format: 'xlsx', size: 0 }, ['/format', '/size']],
    [{ format: 'csv', size: 5 }, ['']],
    [{ ...CSV, size: 5, columns: { Lead: 'lead_id', City: 'citty' } }, ['/columns/City']],
    [{ ...CSV, size: 5, colums: {} }, ['/colums']],
    [{ format: 'ndjson', size: 5, clearMarker: 'x' }, ['/clearMarker']],
    [{ ...CSV, size: 11_000_000_000 }, ['/size']],
    [
      { ...CSV, size: 5, options: { plan: true, onInvalid: 'reject', source: { lines: [1] } } },
      ['/options/plan', '/options/onInvalid', '/options/source/lines'],
    ],
  ] as const;
  for (const [body, pointers] of wrong) {
    const { status, body: refused } = await begin(body);
    expect([status, refused._errors.map(({ pointer }) => pointer)], JSON.stringify(refused)).toEqual([
      400,
      pointers,
    ]);
  }
  const { body } = await patch({ processes: [{ lead_id: nextLead(), state: 'NEW' }] });
  for (const path of ['upload', 'results']) {
    const refused = await call(`${JOBS}/${body._data.id}/${path}`);
    expect([refused.status, refused.body._errors[0]?.code]).toEqual([409, 'JOB_WITHOUT_FILE']);
  }
});

test('lines of JSON are rows, and a line that is no item is told', async () => {
  const [one, two] = leads(2) as [string, string];
  const file = [
    `{"data":{"city":"Zürich 🏔️"},"lead_id":"${one}" }`,
    '',
    `{"lead_id":"${two}","data":{"city":`,
    `  {"lead_id":"${two}","state":"NEW","_row":9}`,
    '[1]',
  ].join('\n');
  const { id, status, counts } = await uploaded({ format: 'ndjson' }, file);
  expect([status, counts]).toMatchObject(['COMPLETED', { SUCCESS: 2, INVALID: 2 }]);
  const { succeeded, failed } = await resultsOf(id);
  expect(succeeded.join('')).toContain(`{"data":{"city":"Zürich 🏔️"},"lead_id":"${one}" ,"_row":1,"_line":1,`);
  const told = failed
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told).toMatchObject([
    {
      _text: expect.stringContaining(two),
      _row: 2,
      _line: 3,
      _status: 'INVALID',
      _error_code: 'INVALID_ITEM',
    },
    { _text: '[1]', _row: 4, _line: 5, _status: 'INVALID' },
  ]);
});

test('a file that is wrong in the middle is processed up to there, and the rest is told', async () => {
  const [one, two] = leads(2) as [string, string];
  const { id, status, counts, data } = await uploaded(CSV, `${csvOf([[one, 'Goa', '1']])}${two},"Oslo,2\n`);
  expect([status, counts.SUCCESS, counts.CANCELLED]).toEqual(['FAILED', 1, 1]);
  expect(data.statusMessage).toMatch(/line 3/i);
  const { unprocessed } = await resultsOf(id);
  expect(unprocessed.join('')).toContain(two);
  const nameless = await uploaded(CSV, 'Lead,Town\nA,Goa\n');
  expect([nameless.status, nameless.counts.CANCELLED]).toEqual(['FAILED', 1]);
  expect(nameless.data.statusMessage).toContain('City');
});

test('an upload that is cancelled takes no file', async () => {
  const { body } = await begin({ ...CSV, size: 5 });
  const { id, upload: signed } = body._data;
  const cancelled = await call<JobData>(`${JOBS}/${id}/cancel`, { method: 'POST' });
  expect([cancelled.status, cancelled.body._data.completionStatus]).toEqual([200, 'CANCELLED']);
  const parts = await putParts(signed, Buffer.from('Lead\n'));
  const refused = await complete(id, parts);
  expect([refused.status, refused.body._errors[0]?.code]).toEqual([409, 'JOB_NOT_AWAITING_UPLOAD']);
});

/** Some of these do not fit a chunk of 4 MB. */
const LARGE = 'x'.repeat(20_000);

test('rows of several chunks keep their order, and a canary, a retry and an undo work across them', async () => {
  const own = leads(20);
  const rows = Array.from({ length: 300 }, (_, i) => [own[i % 20] ?? '', `${i}${LARGE}`, String(i)]);
  const { id, status, counts } = await uploaded({ ...CSV, options: { canary: 20 } }, csvOf(rows));
  expect([status, counts.SUCCESS]).toEqual(['COMPLETED', 300]);
  for (const [i, lead_id] of own.entries())
    expect((await lead(lead_id)).data).toMatchObject({ city: `${280 + i}${LARGE}`, score: 280 + i });
  const { succeeded } = await resultsOf(id);
  expect(succeeded.length).toBeGreaterThan(1);
  const done = rowsIn(succeeded);
  expect(done.map(({ _row }) => Number(_row))).toEqual(rows.map((_, i) => i + 1));
  expect(done.map(({ Lead, City, Score }) => [Lead, City, Score])).toEqual(rows);

  const retry = await call(`${JOBS}/${id}/retry`, { method: 'POST' });
  expect([retry.status, retry.body._errors[0]?.code]).toEqual([409, 'NOTHING_TO_RETRY']);
  const undo = await call<JobData>(`${JOBS}/${id}/undo`, { method: 'POST' });
  expect([undo.status, undo.body._meta.total, undo.body._data.undoes]).toEqual([202, 300, id]);
  const undone = await finished(undo.body._data.id);
  expect([undone.status, undone.counts.SUCCESS]).toEqual(['COMPLETED', 300]);
  for (const lead_id of own) expect((await lead(lead_id)).data.city).not.toContain(LARGE);
  const results = rowsIn((await resultsOf(undo.body._data.id)).succeeded);
  expect(new Set(results.map(({ _row }) => _row)).size).toBe(300);
}, 240_000);

test('a job is stopped by its threshold, or by a client, and each row is told of', async () => {
  const rows = Array.from({ length: 450 }, (_, i) => [`GONE-${i}`, LARGE, '1']);
  const aborted = await uploaded(
    { ...CSV, options: { canary: 100, abortOn: { errorPercent: 10 } } },
    csvOf(rows),
  );
  expect([aborted.status, aborted.counts.ERROR, aborted.counts.CANCELLED]).toEqual(['ABORTED', 100, 350]);
  const { failed, unprocessed } = await resultsOf(aborted.id);
  const told = [...rowsIn(failed), ...rowsIn(unprocessed)].map(({ _row }) => Number(_row));
  expect(told.sort((a, b) => a - b)).toEqual(rows.map((_, i) => i + 1));

  const id = await upload(CSV, Buffer.from(csvOf(rows)));
  await vi.waitFor(async () => {
    const { body } = await call(`${JOBS}/${id}`);
    expect(body._meta.total).toBeGreaterThan(0);
  }, 30_000);
  await call(`${JOBS}/${id}/cancel`, { method: 'POST' });
  const { status, counts } = await finished(id);
  expect(status).toBe('CANCELLED');
  expect((counts.ERROR ?? 0) + (counts.CANCELLED ?? 0)).toBe(450);
}, 240_000);
