import { expect, vi } from 'vitest';
import { faultsOf } from './contract.ts';
import { KEYS } from './keys.ts';
import { stack } from './stack.ts';

export interface Envelope<Data = Record<string, unknown>> {
  _data: Data;
  _meta: Record<string, unknown>;
  _errors: { code: string; message: string; pointer?: string }[];
}

export interface ApiResponse<Data = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Envelope<Data>;
}

export { KEYS };

export interface RawResponse {
  status: number;
  headers: Headers;
  text: string;
}

type Request = RequestInit & { key?: string | undefined; baseUrl?: string };

/**
 * Sends a request. All requests of the tests go through here, so that each answer is held against the description of
 * the API.
 */
export async function send(path: string, init: Request = {}): Promise<RawResponse> {
  const { key = KEYS.local, baseUrl = stack.baseUrl, method = 'GET', ...rest } = init;
  const headers = new Headers(rest.headers);
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  const response = await fetch(`${baseUrl}${path}`, { ...rest, method, headers });
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  expect(faultsOf({ method, path, ...answer })).toEqual([]);
  return answer;
}

/** Sends a request whose answer is an envelope. */
export async function call<Data = Record<string, unknown>>(
  path: string,
  init?: Request,
): Promise<ApiResponse<Data>> {
  const { status, headers, text } = await send(path, init);
  const body = JSON.parse(text) as Envelope<Data>;
  expect(Object.keys(body)).toEqual(['_data', '_meta', '_errors']);
  expect(headers.get('x-request-id')).toBeTruthy();
  return { status, headers, body };
}

/**
 * The path that a reference in a header leads to from that of the request. It must be right where the API is below a
 * stage as well.
 */
export function resolved(reference: string | null, path: string): string {
  const [plain, staged] = ['', '/live'].map((stage) => {
    const { pathname, search } = new URL(reference ?? '', `https://api.example${stage}${path}`);
    return `${pathname}${search}`;
  });
  expect(staged).toBe(`/live${plain}`);
  return plain ?? '';
}

/** PATCHes a body, given as text or as a value to turn into JSON. */
export function patch(
  body: unknown,
  options: { procedure?: string; key?: string; headers?: Record<string, string> } = {},
): Promise<ApiResponse<JobData>> {
  const { procedure = 'lead', key, headers } = options;
  return call<JobData>(`/v1/ext/procedure/${procedure}/process`, {
    method: 'PATCH',
    key,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || isBytes(body) ? body : JSON.stringify(body),
  });
}

/** Not of shared memory, which `fetch` does not take. */
function isBytes(body: unknown): body is Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array;
}

export interface JobData extends Record<string, unknown> {
  id: string;
  completionStatus: string;
  startedAt: number;
  completedAt: number;
}

export interface FinishedJob {
  status: string;
  counts: Record<string, number>;
  data: JobData;
}

/** Waits until a job has ended. */
export async function finished(jobId: string, key?: string): Promise<FinishedJob> {
  return vi.waitFor(
    async () => {
      const { body } = await call<JobData>(`/v1/ext/background-job/${jobId}`, { key });
      expect(body._data.completionStatus).not.toBe('IN_PROGRESS');
      return {
        status: body._data.completionStatus,
        counts: body._meta.bjEntryCompletionStatusVsCount as Record<string, number>,
        data: body._data,
      };
    },
    { timeout: 100_000, interval: 50 },
  );
}

/** PATCHes items and waits for the end of their job. */
export async function update(items: unknown[], options?: Parameters<typeof patch>[1]): Promise<FinishedJob> {
  const { status, body } = await patch({ processes: items }, options);
  expect(status, JSON.stringify(body._errors)).toBe(202);
  return finished(body._data.id, options?.key);
}

export interface ProcessData extends Record<string, unknown> {
  version: number;
  id: string;
  data: Record<string, unknown>;
}

export function readProcess(path: string, options: { procedure?: string; key?: string } = {}) {
  const { procedure = 'lead', key } = options;
  return call<ProcessData>(`/v1/ext/procedure/${procedure}/process/${path}`, { key });
}

/** The process with that primary key, which must exist. */
export async function lead(leadId: string): Promise<ProcessData> {
  const { status, body } = await readProcess(`lead_id/${encodeURIComponent(leadId)}`);
  expect(status).toBe(200);
  return body._data;
}

/** A lead of the sample that no other test of this file uses; each file takes from a range of its own. */
export function sampleLeads(firstOfFile: number): () => string {
  let next = firstOfFile;
  return () => `LEAD-${String(next++).padStart(5, '0')}`;
}
