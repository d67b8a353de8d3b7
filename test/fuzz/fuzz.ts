import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { AttributeType, Procedure } from '../../lambdas/domain/procedure.ts';
import { PROCESS_STATUSES } from '../../lambdas/domain/process.ts';
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

/** What attributes take that are no texts. */
const TYPES: Partial<Record<AttributeType, JsonSchema>> = {
  integer: { type: 'integer' },
  number: { type: 'integer' },
  float: { type: 'number' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
};

/** No answer may take longer: API Gateway gives up after 29 seconds. */
const LIMIT_MS = 30_000;

/**
 * Sends generated requests, and holds each answer against the description of the API: a status that is not described or
 * is of the server's fault, a body or header that does not fit, or no answer in time is a failure.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { requests, seed, path, onRequest } = options;
  const client = new Client(options);
  const known = await learn(client, options);
  const startedAt = Date.now();
  const property = fc.asyncProperty(requestsTo(known), async (generated) => {
    const { status, text: body } = await client.send(generated);
    onRequest?.(client.requests);
    if (status !== 202) return;
    client.job = (JSON.parse(body) as { _data: { id: string } })._data.id;
    // The entries show what became of hostile items; in the form that the request asked for.
    const { authorization = '', accept = '' } = generated.headers;
    const entries = `/v1/ext/background-job/${client.job}/entries`;
    await client.send({ method: 'GET', path: entries, headers: { authorization, accept } });
  });
  const details = await fc.check(property, {
    numRuns: requests,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  const report = {
    requests: client.requests,
    seconds: (Date.now() - startedAt) / 1000,
    answers: Object.fromEntries(Object.entries(client.answers).toSorted()),
  };
  if (!details.failed) return report;
  const fault =
    details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  const [smallest] = details.counterexample ?? [];
  return {
    ...report,
    failure: `${fault}\n${smallest === undefined ? '' : shown(smallest)}\n--seed ${seed} --path ${details.counterexamplePath}`,
  };
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
            resolve({ method, path, status, headers: fields, text: await text(response) });
          } catch (error) {
            reject(error);
          }
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #count({ status, text: body, headers }: Received): void {
    const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
    const codes = status >= 400 && isJson ? (JSON.parse(body)._errors as { code: string }[]) : [];
    const name = [status, ...new Set(codes.map(({ code }) => code))].join(' ');
    this.answers[name] = (this.answers[name] ?? 0) + 1;
  }
}

/** What there is to name: jobs of their own, the procedure's words, and the leads. */
async function learn(client: Client, { keys, leads }: FuzzOptions): Promise<Known> {
  const headers = { authorization: `Bearer ${keys.valid}`, 'content-type': 'application/json' };
  const read = async <Data>(path: string) => {
    const { text: body } = await client.send({ method: 'GET', path, headers });
    return (JSON.parse(body) as { _data: Data })._data;
  };
  const { id, primaryKey, states, attributes } = await read<Procedure>('/v1/ext/procedure/lead');
  const started = async (key: string, items: object[]) => {
    const { text: body } = await client.send({
      method: 'PATCH',
      path: '/v1/ext/procedure/lead/process',
      headers: { ...headers, authorization: `Bearer ${key}` },
      body: Buffer.from(JSON.stringify({ processes: items })),
    });
    return (JSON.parse(body) as { _data: { id: string } })._data.id;
  };
  const mixed = await started(keys.valid, [
    ...leads.map((lead) => ({ [primaryKey]: lead, state: states[0] })),
    { [primaryKey]: 'nobody', state: states[0] },
    { data: { unknown: 1 } },
  ]);
  const jobs = [mixed, ...(await Promise.all(keys.others.map((key) => started(key, [{}]))))];
  while (
    (await read<{ completionStatus: string }>(`/v1/ext/background-job/${mixed}`)).completionStatus ===
    'IN_PROGRESS'
  ) {
    await delay(100);
  }
  return {
    keys,
    jobs,
    procedures: ['lead', 'contact', id],
    primaryKeys: [primaryKey],
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { type }]) => [name, TYPES[type] ?? { type: 'string' }]),
    ),
    texts: [...leads, ...states, ...PROCESS_STATUSES, '105', '1616253910842'],
  };
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  const lines = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body === undefined) return lines.join('\n');
  const sent = Buffer.from(body);
  const isText = sent.equals(Buffer.from(sent.toString()));
  return [...lines, '', isText ? sent.toString() : `base64: ${sent.toString('base64')}`].join('\n');
}
