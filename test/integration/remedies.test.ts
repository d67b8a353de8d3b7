import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as rawRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IdempotencyStore } from '../../lambdas/adapters/idempotency-store.ts';
import { JobStore } from '../../lambdas/adapters/job-store.ts';
import { SubmissionStore } from '../../lambdas/adapters/submission-store.ts';
import type { EntryErrorCode, InvalidCode, RequestErrorCode } from '../../lambdas/contract/errors.ts';
import { RETRYABLE_CODES } from '../../lambdas/contract/errors.ts';
import type { Process } from '../../lambdas/contract/process.ts';
import { fingerprintOf } from '../../lambdas/domain/accept-once.ts';
import { CLOCK_SKEW_MS, IN_FLIGHT_MS } from '../../lambdas/domain/job.ts';
import { SubmissionWriter } from '../../lambdas/domain/submission.ts';
import { clientSettings, localCredentials } from '../../lib/local/credentials.ts';
import { call, finished, KEYS, lead, patch, readProcess, sampleLeads, send, update } from '../support/api.ts';
import { aJob } from '../support/builders.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import { begin, complete, putParts } from '../support/file-jobs.ts';
import { localParts } from '../support/local.ts';
import { startLocalProcess } from '../support/local-process.ts';
import { stack } from '../support/stack.ts';

/** For each error code: what is met with it, and that the remedy which it names leads on; or why that is not tried. */

const { documents, tables, dynamoDb } = localParts();
const nextLead = sampleLeads(800);
const PATH = '/v1/ext/procedure/lead/process';
const VALID = { processes: [{ lead_id: 'LEAD-910', data: { score: 1 } }] };
const JSON_TYPE = { 'content-type': 'application/json' };

beforeAll(async () => {
  const Item = {
    ...{ team: 'local', id: randomUUID(), shortId: 'guided', name: 'Guided', primaryKey: 'ref' },
    ...{
      states: ['A', 'B', 'C'],
      transitions: { A: ['B'], B: ['C'] },
      attributes: { ref: { type: 'string' } },
    },
  };
  await documents.send(new PutCommand({ TableName: tables.procedures, Item }));
});

/**
 * A stack of its own, whose database can be made to fail, whose keys have the smallest limit there is, and which keeps
 * nothing to undo jobs with.
 */
interface WeakStack {
  baseUrl: string;
  isThrottled: boolean;
}
let weakStack: Promise<WeakStack>;
const stops: (() => unknown)[] = [];

async function startWeakStack(): Promise<WeakStack> {
  const weak = { baseUrl: '', isThrottled: false };
  const proxy = await startFaultyProxy(dynamoDb, () => (weak.isThrottled ? 'THROTTLE' : undefined));
  stops.push(proxy.stop);
  const environment = {
    DYNAMODB_ENDPOINT: proxy.endpoint,
    CDK_CONTEXT_JSON: '{"requestsPerMinutePerKey":10,"undo":false}',
  };
  const { url } = await startLocalProcess(environment, (child) => stops.push(() => child.kill()));
  return Object.assign(weak, { baseUrl: url });
}

/** The first request of a key that is refused as one too many, asked for before the other remedies are tried. */
let tooMany: Promise<{ answer: Awaited<ReturnType<typeof call>>; at: number }>;

async function exhaust(): Promise<Awaited<typeof tooMany>> {
  const { baseUrl } = await weakStack;
  for (;;) {
    const answer = await call('/v1/ext/procedure/lead', { baseUrl, key: KEYS.other });
    if (answer.status !== 200) return { answer, at: Date.now() };
  }
}

beforeAll(() => {
  weakStack = startWeakStack();
  tooMany = exhaust();
  // Told by the test that waits for them.
  for (const started of [weakStack, tooMany]) started.catch(() => {});
});
afterAll(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await removeTablesOfWeakStack();
});

/** A stack that is given its database has the key id `local` in it, under which other tests expect no tables. */
async function removeTablesOfWeakStack(): Promise<void> {
  const credentials = await localCredentials({ dynamoDbEndpoint: dynamoDb });
  const client = new DynamoDBClient(clientSettings(dynamoDb, credentials));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const TableName of TableNames) await client.send(new DeleteTableCommand({ TableName }));
  client.destroy();
}

/** Writes a process as another system does. @returns its id */
async function putProcess(fields: Partial<Process>): Promise<string> {
  const id = randomUUID();
  const Item = { id, team: 'local', procedure: 'lead', state: 'NEW', data: {}, ...fields };
  await documents.send(new PutCommand({ TableName: tables.processes, Item }));
  return id;
}

/** A code with the status of the request that met it. */
async function refusal(response: Promise<{ status: number; body: { _errors: { code: string }[] } }>) {
  const { status, body } = await response;
  return [status, body._errors[0]?.code];
}

const withBody = (text: string | Uint8Array, headers: Record<string, string> = {}) =>
  patch(text, { headers });
const asText = (body: unknown) => JSON.stringify(body);

/** A job whose only entry fails for a reason that may be gone, once `end` is called. */
async function failingJob(error: 'PROCESSING_FAILED' | 'NOT_QUEUED' = 'PROCESSING_FAILED') {
  const jobs = new JobStore(documents, tables.jobs);
  const writer = new SubmissionWriter();
  writer.add({ item: { lead_id: nextLead(), data: { city: 'Again' } } });
  writer.end();
  const createdAt = Date.now();
  const sequence = await jobs.nextSequence('local', createdAt);
  const job = aJob({
    ...{ id: randomUUID(), sequence, createdAt, queuedAt: createdAt, total: 1, invalid: 0 },
    ...{ chunkStarts: writer.chunkStarts, acceptingUntil: createdAt },
  });
  await new SubmissionStore(documents, tables.jobs).store(job.id, writer.chunks, createdAt);
  await jobs.create(job);
  const results = [{ index: 0, result: { error }, attempts: 5 }];
  const end = () => jobs.appendResults(job.id, { startedAt: createdAt, completedAt: createdAt, results });
  return { path: `/v1/ext/background-job/${job.id}`, end };
}

const undo = (id: unknown, place: { baseUrl?: string; key?: string } = {}) =>
  call(`/v1/ext/background-job/${id}/undo`, { method: 'POST', ...place });
const approve = (id: unknown, headers: Record<string, string> = {}) =>
  call(`/v1/ext/background-job/${id}/approve`, { method: 'POST', headers });

type Case = () => Promise<void>;

const REQUESTS: Record<RequestErrorCode, Case | string> & { TOO_MANY_REQUESTS: Case } = {
  async BAD_REQUEST() {
    const get = async (keys: string[]) => {
      const headers = ['host', 'localhost', ...keys.flatMap((key) => ['authorization', `Bearer ${key}`])];
      const url = `${stack.baseUrl}/v1/ext/procedure/lead`;
      const [response] = (await once(rawRequest(url, { headers }).end(), 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    expect(await get([KEYS.local, KEYS.leadOnly])).toBe(400);
    expect(await get([KEYS.local])).toBe(200);
  },
  async MALFORMED_JSON() {
    expect(await refusal(withBody('{'))).toEqual([400, 'MALFORMED_JSON']);
    expect((await patch(VALID)).status).toBe(202);
  },
  async MALFORMED_BODY() {
    const gzip = { 'content-encoding': 'gzip' };
    expect(await refusal(withBody(asText(VALID), gzip))).toEqual([400, 'MALFORMED_BODY']);
    expect((await withBody(gzipSync(asText(VALID)), gzip)).status).toBe(202);
  },
  async MALFORMED_PARAMETER() {
    const { body } = await call(`${PATH}?dry_run=true`, { method: 'PATCH', headers: JSON_TYPE, body: '{}' });
    const [, named] = /Send (\w+),/.exec(body._errors[0]?.message ?? '') ?? [];
    const request = { method: 'PATCH', headers: JSON_TYPE, body: asText(VALID) };
    expect((await call(`${PATH}?${named}=true`, request)).status).toBe(200);
  },
  async DUPLICATE_KEY() {
    const twice = asText(VALID).replace(/\}$/, ',"processes":[]}');
    expect(await refusal(withBody(twice))).toEqual([400, 'DUPLICATE_KEY']);
    expect((await withBody(asText(VALID))).status).toBe(202);
  },
  async PROCESSES_MISSING() {
    expect(await refusal(patch(VALID.processes))).toEqual([400, 'PROCESSES_MISSING']);
    expect((await patch({ processes: VALID.processes })).status).toBe(202);
  },
  async JOB_NOT_PLANNED() {
    const { body } = await patch(VALID);
    expect(await refusal(approve(body._data.id))).toEqual([409, 'JOB_NOT_PLANNED']);
    const planned = await patch({ ...VALID, options: { plan: true } });
    expect((await approve(planned.body._data.id)).status).toBe(202);
  },
  async INVALID_UPLOAD() {
    const columns = { Lead: 'lead_id', City: 'city' };
    const file = Buffer.from('Lead,City\n');
    const begun = await begin({ format: 'csv', columns, size: file.length });
    const { id, upload } = begun.body._data;
    expect(await refusal(complete(id, []))).toEqual([400, 'INVALID_UPLOAD']);
    expect((await complete(id, await putParts(upload, file))).status).toBe(202);
  },
  async JOB_WITHOUT_FILE() {
    const { body } = await patch(VALID);
    const path = `/v1/ext/background-job/${body._data.id}`;
    expect(await refusal(call(`${path}/results`))).toEqual([409, 'JOB_WITHOUT_FILE']);
    expect((await call(`${path}/entries`)).status).toBe(200);
  },
  async JOB_NOT_AWAITING_UPLOAD() {
    const another = { format: 'ndjson', size: 5 };
    const { body } = await begin(another);
    await call(`/v1/ext/background-job/${body._data.id}/cancel`, { method: 'POST' });
    const path = `/v1/ext/background-job/${body._data.id}/upload`;
    expect(await refusal(call(path))).toEqual([409, 'JOB_NOT_AWAITING_UPLOAD']);
    expect((await begin(another)).status).toBe(201);
  },
  async ETAG_MISMATCH() {
    const { body } = await patch({ ...VALID, options: { plan: true } });
    const { id } = body._data;
    expect(await refusal(approve(id, { 'if-match': '"another"' }))).toEqual([412, 'ETAG_MISMATCH']);
    const etag = (await call(`/v1/ext/background-job/${id}`)).headers.get('etag') ?? '';
    expect((await approve(id, { 'if-match': etag })).status).toBe(202);
  },
  async PLAN_TOO_LARGE() {
    const leads = Array.from({ length: 36 }, nextLead);
    const itemsOf = (letter: string) =>
      leads.map((lead_id) => ({ lead_id, data: { city: letter.repeat(300_000) } }));
    const sendZipped = (processes: object[], options: object) =>
      withBody(gzipSync(asText({ processes, options })), { 'content-encoding': 'gzip' });
    const planOf = (processes: object[]) => sendZipped(processes, { plan: true });
    const { body } = await sendZipped(itemsOf('a'), {});
    await finished(body._data.id);
    expect(await refusal(planOf(itemsOf('b')))).toEqual([413, 'PLAN_TOO_LARGE']);
    expect((await planOf(itemsOf('b').slice(0, 18))).status).toBe(202);
    await update(leads.map((lead_id) => ({ lead_id, data: { city: null } })));
  },
  async PROCESSES_EMPTY() {
    expect(await refusal(patch({ processes: [] }))).toEqual([400, 'PROCESSES_EMPTY']);
    expect((await patch(VALID)).status).toBe(202);
  },
  async UNKNOWN_MEMBER() {
    const { body } = await patch({ ...VALID, option: {} });
    const [, named = ''] = /the nearest is "(\w+)"/.exec(body._errors[0]?.message ?? '') ?? [];
    expect((await patch({ ...VALID, [named]: {} })).status).toBe(202);
  },
  async INVALID_OPTION() {
    expect(await refusal(patch({ ...VALID, options: { planned: true } }))).toEqual([400, 'INVALID_OPTION']);
    expect((await patch({ ...VALID, options: { plan: true } })).status).toBe(202);
  },
  async UNAUTHORIZED() {
    expect(await refusal(call('/v1/ext/procedure/lead', { key: '' }))).toEqual([401, 'UNAUTHORIZED']);
    expect((await call('/v1/ext/procedure/lead', { key: KEYS.local })).status).toBe(200);
  },
  FORBIDDEN: 'the authorizer allows each key it knows all paths, and only an operator can change that',
  async PROCEDURE_FORBIDDEN() {
    const contact = (key: string) => call('/v1/ext/procedure/contact', { key });
    expect(await refusal(contact(KEYS.leadOnly))).toEqual([403, 'PROCEDURE_FORBIDDEN']);
    expect((await contact(KEYS.local)).status).toBe(200);
  },
  async SCOPE_MISSING() {
    const response = await patch(VALID, { key: KEYS.read });
    expect(await refusal(Promise.resolve(response))).toEqual([403, 'SCOPE_MISSING']);
    const [, needed] = /needs "(\w+)"/.exec(response.body._errors[0]?.message ?? '') ?? [];
    expect((await call('/v1/ext/api-key', { key: KEYS.local })).body._data.scope).toBe(needed);
    expect((await patch(VALID, { key: KEYS.local })).status).toBe(202);
  },
  async NOT_FOUND() {
    expect(await refusal(call('/v1/ext/background-jobs'))).toEqual([404, 'NOT_FOUND']);
    const { paths } = (await (await fetch(`${stack.baseUrl}/openapi.json`)).json()) as { paths: object };
    const path = Object.keys(paths).find((described) => described.endsWith('/background-job')) ?? '';
    expect((await call(path)).status).toBe(200);
  },
  async METHOD_NOT_ALLOWED() {
    const path = '/v1/ext/procedure/lead';
    const { status, headers } = await call(path, { method: 'DELETE' });
    expect(status).toBe(405);
    for (const method of (headers.get('allow') ?? '').split(', ')) {
      expect((await send(path, { method })).status).toBe(200);
    }
  },
  async PROCEDURE_NOT_FOUND() {
    expect(await refusal(call('/v1/ext/procedure/Lead%E2%80%8B'))).toEqual([404, 'PROCEDURE_NOT_FOUND']);
    expect((await call('/v1/ext/procedure/lead')).status).toBe(200);
  },
  async PROCESS_NOT_FOUND() {
    const { status, body } = await readProcess(`lead_id/${encodeURIComponent('LEAD-910\u200b')}`);
    expect([status, body._errors[0]?.code]).toEqual([404, 'PROCESS_NOT_FOUND']);
    expect(body._errors[0]?.message).toMatch(/U\+200B\) at its end\. Remove it\.$/);
    expect((await readProcess('lead_id/LEAD-910')).status).toBe(200);
  },
  async JOB_NOT_FOUND() {
    await patch(VALID);
    expect(await refusal(call(`/v1/ext/background-job/${randomUUID()}`))).toEqual([404, 'JOB_NOT_FOUND']);
    const { body } = await call<{ id: string }[]>('/v1/ext/background-job?limit=1');
    expect((await call(`/v1/ext/background-job/${body._data[0]?.id}`)).status).toBe(200);
  },
  async AMBIGUOUS_PRIMARY_KEY() {
    const primaryKey = `TWIN-${randomUUID()}`;
    const [first] = [
      await putProcess({ primaryKey: primaryKey }),
      await putProcess({ primaryKey: primaryKey }),
    ];
    expect(await refusal(readProcess(`lead_id/${primaryKey}`))).toEqual([409, 'AMBIGUOUS_PRIMARY_KEY']);
    expect((await readProcess(first)).status).toBe(200);
  },
  async JOB_FINISHED() {
    const { data } = await update(VALID.processes);
    const path = `/v1/ext/background-job/${data.id}`;
    expect(await refusal(call(`${path}/cancel`, { method: 'POST' }))).toEqual([409, 'JOB_FINISHED']);
    expect((await call(`${path}/entries`)).status).toBe(200);
  },
  async JOB_IN_PROGRESS() {
    const { path, end } = await failingJob();
    const retry = () => call(`${path}/retry`, { method: 'POST' });
    expect(await refusal(retry())).toEqual([409, 'JOB_IN_PROGRESS']);
    await end();
    expect((await retry()).status).toBe(202);
  },
  async NOTHING_TO_RETRY() {
    const { data } = await update([{ lead_id: 'LEAD-910', data: { score: 'many' } }]);
    const retry = call(`/v1/ext/background-job/${data.id}/retry`, { method: 'POST' });
    expect(await refusal(retry)).toEqual([409, 'NOTHING_TO_RETRY']);
    expect((await update([{ lead_id: 'LEAD-910', data: { score: 105 } }])).counts).toMatchObject({
      SUCCESS: 1,
    });
  },
  async JOB_NOT_ENDED() {
    const { body } = await patch({ ...VALID, options: { plan: true } });
    const { id } = body._data;
    expect(await refusal(undo(id))).toEqual([409, 'JOB_NOT_ENDED']);
    await approve(id);
    await finished(id);
    expect((await undo(id)).status).toBe(202);
  },
  async NOTHING_TO_UNDO() {
    const { data } = await update([{ lead_id: 'NOBODY', state: 'NEW' }]);
    expect(await refusal(undo(data.id))).toEqual([409, 'NOTHING_TO_UNDO']);
    const { body } = await call<{ completionStatus: string }[]>(`/v1/ext/background-job/${data.id}/entries`);
    expect(body._data.map(({ completionStatus }) => completionStatus)).toEqual(['ERROR']);
  },
  async JOB_UNDONE() {
    const { data } = await update(VALID.processes);
    await finished(String((await undo(data.id)).body._data.id));
    const retry = call(`/v1/ext/background-job/${data.id}/retry`, { method: 'POST' });
    expect(await refusal(retry)).toEqual([409, 'JOB_UNDONE']);
    expect((await update(VALID.processes)).counts).toMatchObject({ SUCCESS: 1 });
  },
  async TOO_MANY_PROCESSES() {
    const items = Array(10_001).fill({});
    expect(await refusal(patch({ processes: items }))).toEqual([413, 'TOO_MANY_PROCESSES']);
    for (const processes of [items.slice(0, 10_000), items.slice(10_000)]) {
      expect((await patch({ processes })).status).toBe(202);
    }
  },
  async ANSWER_TOO_LARGE() {
    const wrong = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n${i}`, 0]));
    const tried = (count: number) => {
      const processes = Array(count).fill({ lead_id: 'LEAD-910', data: wrong });
      return call(`${PATH}?dryRun=true`, {
        method: 'PATCH',
        headers: JSON_TYPE,
        body: asText({ processes }),
      });
    };
    expect(await refusal(tried(1_000))).toEqual([413, 'ANSWER_TOO_LARGE']);
    expect((await tried(10)).status).toBe(200);
  },
  async BODY_TOO_LARGE() {
    const body = asText({ ...VALID, processes: [...VALID.processes, { city: 'x'.repeat(6e6) }] });
    expect(await refusal(patch(body))).toEqual([413, 'BODY_TOO_LARGE']);
    expect((await withBody(gzipSync(body), { 'content-encoding': 'gzip' })).status).toBe(202);
  },
  async UNSUPPORTED_MEDIA_TYPE() {
    const text = { 'content-type': 'text/plain' };
    expect(await refusal(patch(VALID, { headers: text }))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect((await patch(VALID, { headers: JSON_TYPE })).status).toBe(202);
  },
  async UNSUPPORTED_ENCODING() {
    const brotli = { 'content-encoding': 'br' };
    expect(await refusal(patch(VALID, { headers: brotli }))).toEqual([415, 'UNSUPPORTED_ENCODING']);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await withBody(gzipSync(asText(VALID)), gzip)).status).toBe(202);
  },
  async IDEMPOTENCY_KEY_REUSED() {
    const headers = { 'idempotency-key': randomUUID() };
    expect((await patch(VALID, { headers })).status).toBe(202);
    const other = { processes: [{ lead_id: 'LEAD-910', data: { score: 2 } }] };
    expect(await refusal(patch(other, { headers }))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await patch(other, { headers: { 'idempotency-key': randomUUID() } })).status).toBe(202);
  },
  async INVALID_ITEMS() {
    const rejecting = (score: unknown) =>
      patch({
        processes: [...VALID.processes, { lead_id: 'LEAD-910', data: { score } }],
        options: { onInvalid: 'reject' },
      });
    expect(await refusal(rejecting('many'))).toEqual([422, 'INVALID_ITEMS']);
    expect((await rejecting(105)).status).toBe(202);
  },
  async IDEMPOTENCY_KEY_IN_USE() {
    const key = randomUUID();
    const fingerprint = fingerprintOf('lead', asText(VALID));
    // Whoever took it is gone, and is given up within the seconds of retry-after.
    const acceptingUntil = Date.now() + 2_000 - CLOCK_SKEW_MS - IN_FLIGHT_MS;
    const claim = { team: 'local', key, fingerprint, jobId: randomUUID(), acceptingUntil };
    await new IdempotencyStore(documents, tables.jobs).take(claim, Date.now());
    const again = () => patch(VALID, { headers: { 'idempotency-key': key } });
    const { status, headers, body } = await again();
    expect([status, body._errors[0]?.code]).toEqual([503, 'IDEMPOTENCY_KEY_IN_USE']);
    await setTimeout(Number(headers.get('retry-after')) * 1000);
    expect((await again()).status).toBe(202);
  },
  async INTERNAL_ERROR() {
    const weak = await weakStack;
    const again = () =>
      call(PATH, {
        ...{ baseUrl: weak.baseUrl, method: 'PATCH', body: asText(VALID) },
        headers: { ...JSON_TYPE, 'idempotency-key': 'weak' },
      });
    weak.isThrottled = true;
    expect(await refusal(again())).toEqual([500, 'INTERNAL_ERROR']);
    weak.isThrottled = false;
    expect((await again()).status).toBe(202);
  },
  async TOO_MANY_REQUESTS() {
    const { answer, at } = await tooMany;
    expect([answer.status, answer.body._errors[0]?.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    await setTimeout(Math.max(at + Number(answer.headers.get('retry-after')) * 1000 - Date.now(), 0));
    const { baseUrl } = await weakStack;
    expect((await call('/v1/ext/procedure/lead', { baseUrl, key: KEYS.other })).status).toBe(200);
  },
  QUEUE_UNAVAILABLE: 'it needs a fault of the queue: test/unit/lambdas/domain/accept-updates.test.ts',
};

/** An item that is not valid, as it is written, and as its error says that it should be. */
const ITEMS: Record<Exclude<InvalidCode, 'REQUIRED_MISSING'>, [wrong: string, right: string]> = {
  INVALID_ITEM: ['5', '{"lead_id":"L","data":{"score":5}}'],
  IDENTIFIER_MISSING: ['{"data":{"score":5}}', '{"lead_id":"L","data":{"score":5}}'],
  INVALID_IDENTIFIER: ['{"lead_id":"","data":{"score":5}}', '{"lead_id":"L","data":{"score":5}}'],
  UNKNOWN_FIELD: ['{"lead_id":"L","city":"Goa"}', '{"lead_id":"L","data":{"city":"Goa"}}'],
  UNKNOWN_ATTRIBUTE: ['{"lead_id":"L","data":{"citty":"Goa"}}', '{"lead_id":"L","data":{"city":"Goa"}}'],
  INVALID_VALUE: ['{"lead_id":"L","data":{"score":"many"}}', '{"lead_id":"L","data":{"score":"105"}}'],
  NUMBER_NOT_EXACT: [
    '{"lead_id":"L","data":{"city":9007199254740993}}',
    '{"lead_id":"L","data":{"city":"9007199254740993"}}',
  ],
  DUPLICATE_KEY: ['{"lead_id":"L","data":{"score":5,"score":6}}', '{"lead_id":"L","data":{"score":6}}'],
  PRIMARY_KEY_IMMUTABLE: [
    '{"lead_id":"L","data":{"lead_id":"M","score":5}}',
    '{"lead_id":"L","data":{"score":5}}',
  ],
  UPDATE_MISSING: ['{"lead_id":"L"}', '{"lead_id":"L","state":"IN_PROGRESS"}'],
  WRAPPED_AND_FLAT: [
    '{"lead_id":"L","state":"NEW","update":{"data":{"score":5}}}',
    '{"lead_id":"L","update":{"data":{"score":5},"state":"NEW"}}',
  ],
  UPDATE_TOO_LARGE: [
    `{"lead_id":"L","data":{"city":"${'x'.repeat(200_000)}","name":"${'y'.repeat(200_000)}"}}`,
    `{"lead_id":"L","data":{"city":"${'x'.repeat(200_000)}"}}`,
  ],
  TOO_MANY_ERRORS: [
    `{"lead_id":"L","data":{${Array.from({ length: 101 }, (_, i) => `"n${i}":0`)}}}`,
    '{"lead_id":"L","data":{"score":0}}',
  ],
};

const guided = async () => {
  const ref = randomUUID();
  await putProcess({ primaryKey: ref, procedure: 'guided', state: 'A' });
  return ref;
};
const idOf = async (leadId: string) => (await readProcess(`lead_id/${leadId}`)).body._data.id;

interface Failing {
  /** What fails. */
  wrong: object;
  /** What its error says to send instead: the same, where something else is to be put right before. */
  right: object;
  procedure?: string;
  /** What its error says to do before. */
  putRight?: () => Promise<unknown>;
}

const OF_AN_UNDO = 'an entry of an undo: below';
const RETRIED = 'a fault of a service, after which the entry is retried: below';

/** Items that fail, and what their error says to do. */
const ENTRIES: Record<EntryErrorCode, (() => Promise<Failing>) | string> = {
  async PROCESS_NOT_FOUND() {
    const lead_id = nextLead();
    return { wrong: { lead_id: `${lead_id}\u00a0`, state: 'NEW' }, right: { lead_id, state: 'NEW' } };
  },
  async PROCESS_DELETED() {
    const lead_id = nextLead();
    const id = await idOf(lead_id);
    await update([{ id, isDeleted: true }]);
    const item = { id, state: 'NEW' };
    const restore = new UpdateCommand({
      ...{ TableName: tables.processes, Key: { id }, UpdateExpression: 'REMOVE isDeleted' },
    });
    return { wrong: item, right: item, putRight: () => documents.send(restore) };
  },
  async PRECONDITION_FAILED() {
    const lead_id = nextLead();
    await update([{ lead_id, data: { city: 'Goa' } }]);
    const change = { lead_id, data: { city: 'Oslo' } };
    const expecting = (city: string) => ({ ...change, expect: { data: { city } } });
    return { wrong: expecting('Pune'), right: expecting('Goa') };
  },
  async STATE_NOT_ALLOWED() {
    const ref = await guided();
    return { procedure: 'guided', wrong: { ref, state: 'C' }, right: { ref, state: 'B' } };
  },
  async AMBIGUOUS_PRIMARY_KEY() {
    const lead_id = `TWIN-${randomUUID()}`;
    const [id] = [await putProcess({ primaryKey: lead_id }), await putProcess({ primaryKey: lead_id })];
    return { wrong: { lead_id, state: 'NEW' }, right: { id, state: 'NEW' } };
  },
  async PRIMARY_KEY_MISMATCH() {
    const id = await idOf(nextLead());
    return { wrong: { id, lead_id: 'LEAD-910', state: 'NEW' }, right: { id, state: 'NEW' } };
  },
  async PRIMARY_KEY_IMMUTABLE() {
    const id = await idOf(nextLead());
    const wrong = { id, data: { lead_id: 'LEAD-910', score: 5 } };
    return { wrong, right: { id, data: { score: 5 } } };
  },
  async PROCESS_TOO_LARGE() {
    const lead_id = nextLead();
    await update([{ lead_id, data: { city: 'x'.repeat(250_000) } }]);
    const name = 'y'.repeat(250_000);
    return { wrong: { lead_id, data: { name } }, right: { lead_id, data: { city: null, name } } };
  },
  async PROCESS_NOT_WRITABLE() {
    const id = await putProcess({ primaryKey: `ODD-${randomUUID()}`, clocks: [] as never });
    const item = { id, state: 'NEW' };
    const correct = new UpdateCommand({
      ...{ TableName: tables.processes, Key: { id }, UpdateExpression: 'REMOVE clocks' },
    });
    return { wrong: item, right: item, putRight: () => documents.send(correct) };
  },
  NOT_REVERSIBLE: OF_AN_UNDO,
  PROCESS_EXISTS: OF_AN_UNDO,
  REQUIRED_MISSING: 'an item that creates its process: test/e2e/create.test.ts',
  PROCESSING_FAILED: RETRIED,
  NOT_QUEUED: RETRIED,
};

function cases<Value>(all: Record<string, Value | string>): [code: string, value: Value][] {
  return Object.entries(all).filter((entry): entry is [string, Value] => typeof entry[1] !== 'string');
}

const { TOO_MANY_REQUESTS: afterAMinute, ...AT_ONCE } = REQUESTS;
test.for(cases<Case>(AT_ONCE))('the remedy of %s leads on', ([, execute]) => execute());

async function codesOf(item: string, procedure = 'lead') {
  const { status, body } = await patch(`{"processes":[${item}]}`, { procedure });
  expect(status).toBe(202);
  const path = `/v1/ext/background-job/${body._data.id}`;
  await call(path, { headers: { prefer: 'wait=20' } });
  const { body: page } = await call<{ completionStatus: string; errors: { code: string }[] }[]>(
    `${path}/entries`,
  );
  const [entry] = page._data;
  return { status: entry?.completionStatus, codes: entry?.errors.map(({ code }) => code) };
}

describe('an item that is not valid', () => {
  test.for(Object.entries(ITEMS))('the remedy of %s leads on', async ([code, [wrong, right]]) => {
    const lead = nextLead();
    const named = (item: string) => item.replace('"L"', `"${lead}"`);
    const refused = await codesOf(named(wrong));
    expect(refused.status).toBe('INVALID');
    expect(refused.codes).toContain(code);
    expect(await codesOf(named(right))).toEqual({ status: 'SUCCESS', codes: [] });
  });
});

describe('an entry that fails', () => {
  test.for(cases<() => Promise<Failing>>(ENTRIES))('the remedy of %s leads on', async ([code, prepare]) => {
    const { wrong, right, procedure, putRight } = await prepare();
    expect(await codesOf(asText(wrong), procedure)).toEqual({ status: 'ERROR', codes: [code] });
    await putRight?.();
    expect(await codesOf(asText(right), procedure)).toEqual({ status: 'SUCCESS', codes: [] });
  });

  test.for(RETRYABLE_CODES)('the remedy of %s leads on, by a retry', async (code) => {
    const { path, end } = await failingJob(code as 'PROCESSING_FAILED' | 'NOT_QUEUED');
    await end();
    const { body: failed } = await call<{ errors: { code: string }[] }[]>(`${path}/entries`);
    expect(failed._data[0]?.errors.map((error) => error.code)).toEqual([code]);
    const { body: retried } = await call<{ id: string }>(`${path}/retry`, { method: 'POST' });
    const { body } = await call(`/v1/ext/background-job/${retried._data.id}`, {
      headers: { prefer: 'wait=20' },
    });
    expect(body._meta).toMatchObject({ bjEntryCompletionStatusVsCount: { SUCCESS: 1 } });
  });
});

/** What an entry of a job's undo comes to. */
async function undoneEntry(jobId: string, place: { baseUrl?: string; key?: string } = {}) {
  const { body } = await undo(jobId, place);
  const path = `/v1/ext/background-job/${body._data.id}`;
  await call(path, { ...place, headers: { prefer: 'wait=20' } });
  const { body: page } = await call<{ errors: { code: string; message: string }[] }[]>(
    `${path}/entries`,
    place,
  );
  return page._data[0]?.errors.map(({ code }) => code);
}

/** Loses what the entries of a job found in their processes, as a function does that dies at the wrong moment. */
async function loseImages(jobId: string): Promise<void> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: tables.jobs,
      KeyConditionExpression: 'jobId = :jobId',
      ExpressionAttributeValues: { ':jobId': jobId },
    }),
  );
  const imaged = Items.filter(({ images }) => images !== undefined);
  expect(imaged).toHaveLength(1);
  for (const { part } of imaged) {
    await documents.send(
      new UpdateCommand({
        ...{ TableName: tables.jobs, Key: { jobId, part }, UpdateExpression: 'REMOVE images' },
      }),
    );
  }
}

describe('an entry of an undo that fails', () => {
  test('the remedy of NOT_REVERSIBLE leads on: the image is lost', async () => {
    const lead_id = nextLead();
    const { data } = await update([{ lead_id, data: { city: 'Pune' } }]);
    await loseImages(data.id);
    expect(await undoneEntry(data.id)).toEqual(['NOT_REVERSIBLE']);
    expect((await lead(lead_id)).data.city).toBe('Pune');
    expect((await update([{ lead_id, data: { city: 'Goa' } }])).counts).toMatchObject({ SUCCESS: 1 });
  });

  test('the remedy of NOT_REVERSIBLE leads on: the stack keeps none', async () => {
    const { baseUrl } = await weakStack;
    const place = { baseUrl, key: KEYS.leadOnly };
    // Its sample has few leads.
    const lead_id = 'LEAD-910';
    const set = (city: string) =>
      call<{ id: string }>(PATH, {
        ...{ ...place, method: 'PATCH', headers: JSON_TYPE },
        body: asText({ processes: [{ lead_id, data: { city } }] }),
      });
    const { body } = await set('Pune');
    await call(`/v1/ext/background-job/${body._data.id}`, { ...place, headers: { prefer: 'wait=20' } });
    expect(await undoneEntry(body._data.id, place)).toEqual(['NOT_REVERSIBLE']);
    expect((await set('Goa')).status).toBe(202);
  });

  test('the remedy of PROCESS_EXISTS leads on', async () => {
    const lead_id = nextLead();
    const { data } = await update([{ lead_id, isDeleted: true }]);
    const other = await putProcess({ primaryKey: lead_id, data: { lead_id } });
    expect(await undoneEntry(data.id)).toEqual(['PROCESS_EXISTS']);
    expect((await update([{ lead_id, data: { city: 'Goa' } }])).counts).toMatchObject({ SUCCESS: 1 });
    expect(await lead(lead_id)).toMatchObject({ id: other, data: { city: 'Goa' } });
  });
});

// Its minute began with the first test.
test('the remedy of TOO_MANY_REQUESTS leads on', afterAMinute);

test('what is not tried is known', () => {
  const untried = Object.entries({ ...REQUESTS, ...ENTRIES }).filter(
    ([, tried]) => typeof tried === 'string',
  );
  expect(untried.map(([code]) => code)).toEqual([
    ...[
      'FORBIDDEN',
      'QUEUE_UNAVAILABLE',
      'NOT_REVERSIBLE',
      'PROCESS_EXISTS',
      'REQUIRED_MISSING',
      ...RETRYABLE_CODES,
    ],
  ]);
});
