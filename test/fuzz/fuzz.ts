import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { PROCESS_STATUSES } from '../../lambdas/contract/fields.ts';
import type { AttributeType, Procedure } from '../../lambdas/contract/procedure.ts';
import type { Entry, JobView } from '../../lambdas/contract/views.ts';
import type { JsonSchema } from '../../lib/openapi/document.ts';
import { faultsOf, type Received } from '../support/contract.ts';
import { type FuzzRequest, type Known, requestsTo } from './requests.ts';

export interface FuzzOptions {
  url: string;
  requests: number;
  /** Of what is generated; the same seed makes the same requests. */
  seed: number;
  /** Of a case within its seed, as a failure prints it. */
  path?: string;
  keys: Known['keys'];
  /** Primary keys of leads that the requests may change and delete. */
  leads: readonly string[];
  onRequest?: (done: number) => void;
}

export interface FuzzReport {
  requests: number;
  seconds: number;
  /** How often each status and code was answered. */
  answers: Record<string, number>;
  /** The first fault, with its request made small. */
  failure?: string;
}

/** What attributes take, roughly; those of other types get anything. */
const TYPES: Partial<Record<AttributeType, JsonSchema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'integer' },
  float: { type: 'number' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
};

/** No answer may take longer: API Gateway gives up after 29 seconds. */
const LIMIT_MS = 30_000;

/** How long after the last request every job has ended, unless it hangs. */
const ENDING_MS = 300_000;

/**
 * Sends generated requests, and holds each answer against the description of the API: a status that is not described or
 * is of the server's fault, a body or header that does not fit, or no answer in time is a failure. So is an accepted
 * job that does not end, or an entry of it that failed at every attempt.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { requests, seed, path, onRequest } = options;
  const client = new Client(options);
  const known = await learn(client, options);
  const startedAt = Date.now();
  const accepted: AcceptedJob[] = [];
  const property = fc.asyncProperty(requestsTo(known), async (generated) => {
    const { status, text } = await client.send(generated);
    onRequest?.(client.requests);
    if (status !== 202) return;
    const { id } = dataOf<{ id: string }>(text);
    client.job = id;
    const { authorization = '', accept = '' } = generated.headers;
    accepted.push({ id, headers: { authorization } });
    // The entries show what became of hostile items; in the form that the request asked for.
    const entries = `/v1/ext/background-job/${id}/entries`;
    await client.send({ method: 'GET', path: entries, headers: { authorization, accept } });
  });
  const details = await fc.check(property, {
    numRuns: requests,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  const failure = details.failed
    ? [
        details.errorInstance instanceof Error ? details.errorInstance.message : '',
        ...(details.counterexample ?? []).map(shown),
        `--seed ${seed} --path ${details.counterexamplePath}`,
      ].join('\n')
    : await firstUnreconciled(client, accepted);
  return {
    requests: client.requests,
    seconds: (Date.now() - startedAt) / 1000,
    answers: Object.fromEntries(Object.entries(client.answers).toSorted()),
    ...(failure === undefined ? {} : { failure }),
  };
}

interface AcceptedJob {
  id: string;
  headers: Record<string, string>;
}

/**
 * What is wrong with the end of a job; undefined when each has ended as it should. One that is being cancelled ends
 * later, and is let be.
 */
async function firstUnreconciled(
  client: Client,
  accepted: readonly AcceptedJob[],
): Promise<string | undefined> {
  const until = Date.now() + ENDING_MS;
  for (const { id, headers } of accepted) {
    const path = `/v1/ext/background-job/${id}`;
    const isOpen = async () => {
      const job = await client.read<ReadJob>(path, { ...headers, prefer: 'wait=20' });
      return job.completionStatus === 'IN_PROGRESS' && job.statusMessage === null;
    };
    while (await isOpen()) if (Date.now() > until) return `The job ${id} has not ended.`;
    const failed = await client.read<Entry[]>(`${path}/entries?completionStatus=ERROR`, headers);
    const hopeless = failed.find(({ errors }) => errors.some(({ code }) => code === 'PROCESSING_FAILED'));
    if (hopeless !== undefined) return `An entry of the job ${id} failed: ${JSON.stringify(hopeless)}`;
  }
  return undefined;
}

type ReadJob = Pick<JobView, 'completionStatus' | 'statusMessage'>;

function dataOf<Data>(text: string): Data {
  return (JSON.parse(text) as { _data: Data })._data;
}

class Client {
  readonly #options: FuzzOptions;
  readonly answers: Record<string, number> = {};
  requests = 0;
  /** The job that was accepted last. */
  job = 'none';

  constructor(options: FuzzOptions) {
    this.#options = options;
  }

  /** @throws Error when the answer has a fault */
  async send({ method, path, headers, body }: FuzzRequest): Promise<Received> {
    this.requests += 1;
    const target = path.replace('{job}', this.job);
    const received = await this.#request({
      method,
      path: target,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    this.#count(received);
    const faults = faultsOf(received);
    if (received.status >= 500) faults.unshift(`${received.status}: ${received.text.slice(0, 500)}`);
    if (faults.length > 0) throw new Error(faults.slice(0, 5).join('\n'));
    return received;
  }

  /** Reads what an envelope holds. */
  async read<Data>(path: string, headers: Record<string, string>): Promise<Data> {
    return dataOf<Data>((await this.send({ method: 'GET', path, headers })).text);
  }

  async #request({ method, path, headers, body = new Uint8Array() }: FuzzRequest): Promise<Received> {
    const { url } = this.#options;
    const { protocol, hostname, port, pathname } = new URL(url);
    const send = protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      // Neither the path nor the headers may be made well-formed on the way, as `fetch` does.
      const sent = send(
        {
          ...{ hostname, port, method, signal: AbortSignal.timeout(LIMIT_MS) },
          path: `${pathname.replace(/\/$/, '')}${path}`,
          headers: { ...headers, 'content-length': body.length },
        },
        async (response) => {
          try {
            const status = response.statusCode ?? 0;
            const fields = new Headers(
              Object.entries(response.headers).map(([name, value]): [string, string] => [
                name,
                String(value),
              ]),
            );
            resolve({ method, path, status, headers: fields, text: await textOf(response) });
          } catch (error) {
            reject(error);
          }
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #count({ status, text, headers }: Received): void {
    const isJson = text !== '' && headers.get('content-type')?.startsWith('application/json');
    const codes = status >= 400 && isJson ? (JSON.parse(text)._errors as { code: string }[]) : [];
    const name = [status, ...new Set(codes.map(({ code }) => code))].join(' ');
    this.answers[name] = (this.answers[name] ?? 0) + 1;
  }
}

/** What there is to name: jobs of their own, the procedure's words, and the leads. */
async function learn(client: Client, { keys, leads }: FuzzOptions): Promise<Known> {
  const headers = { authorization: `Bearer ${keys.valid}`, 'content-type': 'application/json' };
  const { id, primaryKey, states, attributes } = await client.read<Procedure>(
    '/v1/ext/procedure/lead',
    headers,
  );
  const started = async (key: string, items: object[]) => {
    const { text: body } = await client.send({
      method: 'PATCH',
      path: '/v1/ext/procedure/lead/process',
      headers: { ...headers, authorization: `Bearer ${key}` },
      body: Buffer.from(JSON.stringify({ processes: items })),
    });
    return dataOf<{ id: string }>(body).id;
  };
  const mixed = await started(keys.valid, [
    ...leads.map((lead) => ({ [primaryKey]: lead, state: states[0] })),
    { data: { unknown: 1 } },
  ]);
  const jobs = [mixed, ...(await Promise.all(keys.others.map((key) => started(key, [{}]))))];
  await firstUnreconciled(client, [{ id: mixed, headers }]);
  const entries = await client.read<Entry[]>(`/v1/ext/background-job/${mixed}/entries`, headers);
  return {
    keys,
    jobs,
    procedures: ['lead', 'contact', id],
    primaryKeys: [primaryKey],
    values: {
      id: entries.flatMap(({ processId }) => processId ?? []),
      state: states,
      nextActionAt: [1616253910842, '1616253910842', null],
    },
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { type }]) => [name, TYPES[type] ?? {}]),
    ),
    texts: [
      ...leads,
      ...states,
      ...PROCESS_STATUSES,
      '105',
      '1616253910842',
      '2026-11-24',
      '14:30',
      'ada@example.com',
    ],
  };
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  const lines = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body === undefined) return lines.join('\n');
  const sent = Buffer.from(body);
  const isText = sent.equals(Buffer.from(sent.toString()));
  return [...lines, '', isText ? sent.toString() : `base64: ${sent.toString('base64')}`].join('\n');
}
