import { expect, test } from 'vitest';
import {
  ApiError,
  BulkUpdateClient,
  type RequestOptions,
  type SubmitFileOptions,
  type UploadProgress,
} from '../../lib/client/index.ts';
import { type FileApiOptions, startFileApi } from '../support/file-api.ts';

const text = '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n{"id":"d"}\n{"id":"e"}\n';
const blob = new Blob([text]);
const { size } = blob;
const shape = { format: 'ndjson', size } as const;

/** A client of an API of file jobs. */
async function clientOf(options: FileApiOptions = {}, how: Partial<RequestOptions> = {}) {
  const api = await startFileApi(options);
  return { ...api, client: new BulkUpdateClient({ url: api.url, apiKey: 'key', ...how }) };
}

/** The file in pieces that are no parts. */
async function* streamed(content = text) {
  const bytes = new TextEncoder().encode(content);
  for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
}

const errorOf = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

test.each([
  ['a Blob', () => blob],
  ['an iterable', () => streamed()],
  ['a stream', () => blob.stream()],
])('%s is uploaded in parts, four at a time, and becomes a job', async (_, content) => {
  const { client, jobs, sent, mostInFlight } = await clientOf();
  const file = { ...shape, content: content() };
  const { job, isReplay } = await client.submitFile('lead', file, { name: 'March', onMissing: 'create' });
  expect(job).toMatchObject({ id: 'file-1', completionStatus: 'IN_PROGRESS', total: 5, size });
  expect([isReplay, sent.toSorted(), mostInFlight()]).toEqual([false, [1, 2, 3, 4, 5, 6], 4]);
  expect(JSON.parse(jobs[0]?.body ?? '')).toEqual({
    ...shape,
    options: { name: 'March', onMissing: 'create' },
  });
  expect(jobs[0]?.rows.map((row) => row.text).join('\n')).toBe(text.trimEnd());
});

test('a part is sent again after 5xx and a lost connection, and the others once', async () => {
  const faults: Record<string, number | 'cut'> = { '2/1': 503, '2/2': 'cut', '3/1': 500 };
  const { client, sent } = await clientOf({
    faultOfPart: (part) => faults[`${part.number}/${part.attempt}`],
  });
  const { job } = await client.submitFile('lead', { ...shape, content: blob });
  expect([job.total, sent.toSorted()]).toEqual([5, [1, 2, 2, 3, 3, 4, 5, 6]]);
});

test('expired addresses are signed anew, once for all parts in flight', async () => {
  const { client, jobs, sent } = await clientOf({
    faultOfPart: ({ url }) => (url.endsWith('signed=1') ? 403 : undefined),
  });
  await client.submitFile('lead', { ...shape, content: streamed() });
  expect([jobs[0]?.signed, sent.length]).toEqual([2, 10]);
});

test('a new address that is refused as well ends the upload, with what to do', async () => {
  const { client, sent } = await clientOf({ faultOfPart: ({ number }) => (number === 1 ? 403 : undefined) });
  const error = await errorOf(client.submitFile('lead', { ...shape, content: blob }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 403,
    message: expect.stringContaining('403 (Fault). Submit the file again'),
  });
  expect(sent.filter((number) => number === 1)).toEqual([1, 1]);
});

test.each([
  [
    'its key',
    ({ state: { etags } }: UploadProgress, idempotencyKey: string): SubmitFileOptions => ({
      idempotencyKey,
      resume: { jobId: 'file-1', etags },
    }),
  ],
  ['its job', ({ state }: UploadProgress): SubmitFileOptions => ({ resume: state })],
])('an upload that broke off goes on by %s, and sends no stored part again', async (_, options) => {
  let isBroken = true;
  const { client, jobs, sent } = await clientOf(
    { faultOfPart: ({ number }) => (isBroken && number > 3 ? 503 : undefined) },
    { attempts: 1 },
  );
  let last: UploadProgress | undefined;
  const onProgress = (progress: UploadProgress) => {
    last = progress;
  };
  const file = { ...shape, content: blob };
  await errorOf(client.submitFile('lead', file, { idempotencyKey: 'key-1', onProgress }));
  if (last === undefined) throw new Error('No progress was told');
  expect(last).toMatchObject({ size, uploaded: Object.keys(last.state.etags).length * 10 });

  isBroken = false;
  const stored = Object.keys(last.state.etags).map(Number);
  sent.length = 0;
  // A stream is read over what is stored.
  const again = { ...shape, content: streamed() };
  const { job } = await client.submitFile('lead', again, options(last, 'key-1'));
  expect(job).toMatchObject({ id: 'file-1', total: 5 });
  // One that was in flight when the others broke off may arrive later.
  expect([...new Set(sent)].toSorted()).toEqual(
    [1, 2, 3, 4, 5, 6].filter((number) => !stored.includes(number)),
  );
  expect(jobs).toHaveLength(1);

  const replay = await client.submitFile('lead', file, options(last, 'key-1'));
  expect([replay.isReplay, replay.job.id, jobs.length]).toEqual([true, 'file-1', 1]);
});

test('what is stored of another job is sent again', async () => {
  const { client, sent } = await clientOf();
  const resume = { jobId: 'other', etags: { 1: '"x"' } };
  await client.submitFile('lead', { ...shape, content: blob }, { idempotencyKey: 'k', resume });
  expect(sent.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([
  ['a Blob', () => blob, size + 1],
  ['a longer stream', () => streamed(`${text}x`), size],
  ['a shorter stream', () => streamed(text.slice(1)), size],
])('%s of another size is refused before its job has its file', async (_, content, told) => {
  const { client, jobs } = await clientOf();
  const error = await errorOf(
    client.submitFile('lead', { format: 'ndjson', size: told, content: content() }),
  );
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(`"size" said ${told}`);
  expect(jobs[0]?.completionStatus).toBe('AWAITING_UPLOAD');
});

test('an abort ends the upload at once', async () => {
  const controller = new AbortController();
  const faultOfPart = () => {
    controller.abort(new Error('stopped'));
    return 503;
  };
  const { client } = await clientOf({ faultOfPart }, { signal: controller.signal });
  expect(String(await errorOf(client.submitFile('lead', { ...shape, content: blob })))).toContain('stopped');
});

test('the steps can be done by hand', async () => {
  const { client, jobs } = await clientOf({ partSize: 100 });
  const { job, upload, isReplay } = await client.beginFile('lead', shape, { idempotencyKey: 'k' });
  expect([job.completionStatus, job.isTotalFinal, upload?.parts.length, isReplay]).toEqual([
    ...['AWAITING_UPLOAD', false, 1, false],
  ]);
  const signed = await client.signUpload(job.id);
  expect(signed.parts[0]?.url).toContain('signed=2');
  const stored = await fetch(signed.parts[0]?.url ?? '', { method: 'PUT', body: text });
  const parts = [{ partNumber: 1, etag: stored.headers.get('etag') ?? '' }];
  expect(await client.completeUpload(job.id, parts)).toMatchObject({
    completionStatus: 'IN_PROGRESS',
    total: 5,
  });
  expect(await Array.fromAsync(client.results(job.id), ({ succeeded }) => succeeded.length)).toEqual([
    1, 1, 1,
  ]);
  expect((await client.beginFile('lead', shape, { idempotencyKey: 'k' })).upload).toBeUndefined();
  expect(jobs).toHaveLength(1);
});

test('options that do not exist are refused before anything is sent', async () => {
  const { client, jobs } = await clientOf();
  const options = { plan: true } as SubmitFileOptions;
  expect(await errorOf(client.submitFile('lead', { ...shape, content: blob }, options))).toBeInstanceOf(
    TypeError,
  );
  const file = { ...shape, colums: {} };
  expect(String(await errorOf(client.beginFile('lead', file)))).toContain('colums');
  expect(jobs).toEqual([]);
});
