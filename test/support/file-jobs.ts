import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import type { UploadView } from '../../lambdas/contract/views.ts';
import { call, finished, type JobData } from './api.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const JOBS = '/v1/ext/background-job';

export interface Uploading extends JobData {
  upload: UploadView;
}

/** Begins a file job. */
export const begin = (
  body: object,
  { procedure = 'lead', headers = {}, key }: { procedure?: string; headers?: object; key?: string } = {},
) =>
  call<Uploading>(`/v1/ext/procedure/${procedure}/process/file`, {
    method: 'POST',
    key,
    headers: { ...JSON_BODY, ...headers },
    body: JSON.stringify(body),
  });

/** PUTs the parts of a file. @returns what to complete its upload with */
export async function putParts({ partSize, parts }: UploadView, file: Uint8Array): Promise<object[]> {
  const sent: object[] = [];
  for (const { partNumber, url } of parts) {
    const body = file.subarray((partNumber - 1) * partSize, partNumber * partSize) as Uint8Array<ArrayBuffer>;
    const response = await fetch(url, { method: 'PUT', body });
    expect(response.status).toBe(200);
    sent.push({ partNumber, etag: response.headers.get('etag') });
  }
  return sent;
}

export const complete = (id: string, parts: readonly object[]) =>
  call<JobData>(`${JOBS}/${id}/upload-complete`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ parts }),
  });

/** Uploads a file. @returns the id of its job */
export async function upload(body: object, file: Uint8Array): Promise<string> {
  const { status, body: begun } = await begin({ size: file.length, ...body });
  expect([status, begun._errors]).toEqual([201, []]);
  const { id } = begun._data;
  const completed = await complete(id, await putParts(begun._data.upload, file));
  expect([completed.status, completed.body._errors]).toEqual([202, []]);
  return id;
}

/** Uploads a file, and waits until its job has ended. */
export async function uploaded(body: object, file: Uint8Array | string) {
  const id = await upload(body, typeof file === 'string' ? Buffer.from(file) : file);
  return { id, ...(await finished(id)) };
}

export type Results = Record<'succeeded' | 'failed' | 'unprocessed', string[]>;

/** The texts of the files of results, of all pages. */
export async function resultsOf(id: string): Promise<Results> {
  const texts: Results = { succeeded: [], failed: [], unprocessed: [] };
  for (let path: string | null = `${JOBS}/${id}/results`; path !== null; ) {
    const { status, body }: Awaited<ReturnType<typeof call<Results>>> = await call<Results>(path);
    expect(status).toBe(200);
    for (const kind of Object.keys(texts) as (keyof Results)[]) {
      for (const url of body._data[kind]) texts[kind].push(await (await fetch(url)).text());
    }
    path = body._meta.next as string | null;
  }
  return texts;
}

/** The rows of files of results, each by the names of its columns. */
export const rowsIn = (texts: readonly string[], delimiter = ','): Record<string, string>[] =>
  texts.flatMap((text) => parse(text, { columns: true, delimiter, bom: true }) as Record<string, string>[]);
