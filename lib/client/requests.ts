import { ApiError, errorOfResponse } from './api-error.ts';
import { BaseUrl } from './base-url.ts';
import { networkFault } from './network-fault.ts';
import { assertOptions, type Kind } from './options.ts';
import { backoffMs, pause } from './pause.ts';
import { MAX_READ_BYTES, textOf } from './response-text.ts';

/** How requests are made. */
export interface RequestOptions {
  /**
   * URL of the API with its stage: everything before `/v1`. It has no user, password, query or fragment. It is https
   * unless the API is on this machine.
   */
  url: string;
  apiKey: string;
  /**
   * Maximum number of times that a request is sent.
   * @default 8 - about 50 seconds in total, longer than an interrupted acceptance blocks its idempotency key
   */
  attempts?: number;
  /** Aborts requests and the pauses between them. */
  signal?: AbortSignal;
  /** Called before a request is retried. */
  onRetry?: (retry: { error: ApiError; attempt: number; delayMs: number }) => void;
}

export interface ClientRequest {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  headers?: Record<string, string>;
  /** JSON. */
  body?: string;
  /** Whether sending it twice has the same effect as once. Other requests are only retried after 429. */
  isRepeatable: boolean;
}

export interface ClientResponse {
  status: number;
  headers: Headers;
  text: string;
}

const REQUEST_OPTIONS: Readonly<Record<keyof RequestOptions, Kind>> = {
  url: 'string',
  apiKey: 'string',
  attempts: 'number',
  signal: 'object',
  onRetry: 'function',
};
export const DEFAULT_ATTEMPTS = 8;
/** API Gateway responds within 29 seconds. The rest is for sending a large body slowly. */
const TIMEOUT_MS = 120_000;
/** A longer wait is reported as an error instead, as the user can continue the run later. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** Compressing shorter bodies saves nothing. */
const MIN_GZIP_LENGTH = 1_000;

/** Sends requests, and retries them when that can help. */
export class Requests {
  readonly #options: RequestOptions;
  readonly #baseUrl: BaseUrl;
  readonly #authorization: string;
  /** Whether the API has responded to any request. */
  #hasResponded = false;

  /** @throws TypeError when the URL or the key is invalid, or an option is unknown */
  constructor(options: RequestOptions) {
    assertOptions(options, REQUEST_OPTIONS);
    this.#options = options;
    this.#baseUrl = new BaseUrl(options.url);
    const apiKey = options.apiKey.trim();
    // `fetch` would repeat the key in its message.
    if (!isApiKey(apiKey))
      throw new TypeError('The API key is empty, or has spaces or special characters. Check it.');
    this.#authorization = `Bearer ${apiKey}`;
  }

  /**
   * Sends a request.
   * @returns the response, with a status below 400
   * @throws ApiError when the request is refused, or failed at every attempt
   */
  async send(request: ClientRequest): Promise<ClientResponse> {
    const { attempts = DEFAULT_ATTEMPTS, signal, onRetry } = this.#options;
    const body = request.body === undefined ? {} : await encoded(request.body);
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(request, body);
      if (!(result instanceof Failure)) return result;
      const { error, retryAfterMs, isLasting } = result;
      if (isLasting || attempt >= attempts || !isWorthRepeating(error, request)) throw error;
      const delayMs = retryAfterMs ?? backoffMs(attempt);
      if (delayMs > LONGEST_RETRY_AFTER_MS) throw error;
      onRetry?.({ error, attempt, delayMs });
      await pause(delayMs, signal);
    }
  }

  /**
   * Checks a link of a response.
   * @param link - of a response
   * @param from - path of its request
   * @returns the path of the next request
   * @throws ApiError when the link leaves the base URL, as the key must not be sent there
   */
  follow(link: unknown, from: string, { status }: Pick<ClientResponse, 'status'>): string {
    const path = typeof link === 'string' ? this.#baseUrl.follow(link, from) : undefined;
    if (path !== undefined) return path;
    const told = JSON.stringify(link)?.slice(0, 200);
    throw new ApiError(
      `The API linked to ${told}, which is not below ${this.#baseUrl}. Nothing was sent there. Check the URL of the API.`,
      { status },
    );
  }

  /** Waits between two requests. */
  pause(seconds: number): Promise<void> {
    return pause(seconds * 1000, this.#options.signal);
  }

  async #attempt(
    { method, path, headers }: ClientRequest,
    body: EncodedBody,
  ): Promise<ClientResponse | Failure> {
    const { signal } = this.#options;
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    // Cleared with the request. AbortSignal.timeout would keep the body in memory until it fires.
    const timer = setTimeout(() => controller.abort(new Error('timeout')), TIMEOUT_MS);
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      const response = await fetch(this.#baseUrl.urlOf(path), {
        method,
        headers: { authorization: this.#authorization, ...headers, ...body.headers },
        body: body.bytes ?? null,
        // The items must not be sent elsewhere. The API itself never redirects.
        redirect: 'manual',
        signal: controller.signal,
      });
      this.#hasResponded = true;
      const { status, headers: answered } = response;
      const text = await textOf(response);
      if (text === undefined) {
        const message = `The response is larger than ${MAX_READ_BYTES / 1024 / 1024} MiB, so it is not from the API. Check the URL of the API.`;
        return new Failure(new ApiError(message, { status }), retryAfterMs(answered));
      }
      if ((status >= 200 && status < 300) || status === 304) return { status, headers: answered, text };
      return new Failure(errorOfResponse(status, answered, text), retryAfterMs(answered));
    } catch (cause) {
      signal?.throwIfAborted();
      const { message, isLasting } = networkFault(cause, `${this.#baseUrl}`, this.#hasResponded);
      return new Failure(new ApiError(message, { status: 0, cause }), undefined, isLasting);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

class Failure {
  readonly error: ApiError;
  readonly retryAfterMs: number | undefined;
  readonly isLasting: boolean;

  constructor(error: ApiError, retryAfterMs: number | undefined, isLasting = false) {
    this.error = error;
    this.retryAfterMs = retryAfterMs;
    this.isLasting = isLasting;
  }
}

interface EncodedBody {
  headers?: Record<string, string>;
  bytes?: Uint8Array<ArrayBuffer> | string;
}

/** Compresses a body if the platform can. */
async function encoded(body: string): Promise<EncodedBody> {
  const headers = { 'content-type': 'application/json' };
  if (body.length < MIN_GZIP_LENGTH || typeof CompressionStream === 'undefined')
    return { headers, bytes: body };
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return { headers: { ...headers, 'content-encoding': 'gzip' }, bytes };
}

/**
 * Whether a retry can help. After 429 nothing was done, so any request is retried. After other errors the request may
 * have been done, so only one that has the same effect twice is. After 503, key in use, the retry finishes the acceptance.
 */
function isWorthRepeating(error: ApiError, { isRepeatable }: ClientRequest): boolean {
  return error.status === 429 || (isRepeatable && error.isPassing);
}

/** Whether a text can be an API key, which is sent in a header. */
export function isApiKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Returns `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3), in ms from now. Undefined if it is invalid. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse reads -5 as a day of May 2001.
  const until = /^[A-Z][a-z]+,? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(until - Date.now(), 0);
}
