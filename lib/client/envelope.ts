import { errorOfResponse } from './api-error.ts';
import type { ClientResponse } from './requests.ts';
import type { Envelope } from './responses.ts';

/** Parses a response. @throws ApiError when it is not the API's, such as the page of a proxy */
export function envelope<Data, Meta>({ status, headers, text }: ClientResponse): Envelope<Data, Meta> {
  try {
    const response = JSON.parse(text) as Partial<Record<keyof Envelope<Data, Meta>, unknown>>;
    if (isObject(response._data) && isObject(response._meta)) return response as Envelope<Data, Meta>;
  } catch {
    // The page of a proxy is not JSON.
  }
  throw errorOfResponse(status, headers, text);
}

export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Whether the API did the request before, and did nothing now. */
export function isReplay({ headers }: ClientResponse): boolean {
  return headers.get('idempotency-replayed') === 'true';
}
