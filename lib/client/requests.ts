import { ApiError, errorOfResponse } from './api-error.ts';
import { BaseUrl } from './base-url.ts';
import { assertOptions, type Kind } from './options.ts';
import { MAX_READ_BYTES, textOf } from './response-text.ts';

/** How requests are made. */
export interface RequestOptions {
  /**
   * Where the API is, stage included: what stands before `/v1`. It has no user, password, query or fragment, and is
   * https unless the API is on this machine.
   */
  url: string;
  apiKey: string;
  /**
   * Maximum number of times that a request is sent.
   * @default 8 - which waits 50 seconds altogether, longer than an acceptance that broke off is in the way
   */
  attempts?: number;
  /** Ends what is under way, and the pauses in between. */
  signal?: AbortSignal;
  /** Told before a request is sent again. */
  onRetry?: (retry: { error: ApiError; attempt: number; delayMs: number }) => void;
}

export interface ClientRequest {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  headers?: Record<string, string>;
  /** JSON. */
  body?: string;
  /** Whether sending it twice is the same as once. Others are repeated only when they were turned away. */
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
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
/** API Gateway answers within 29 seconds; the rest is for sending a large body slowly. */
const TIMEOUT_MS = 120_000;
/** Who is told to wait longer is better told at once: a run goes on later where it was. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** Below, compressing saves nothing. */
const MIN_GZIP_LENGTH = 1_000;

/** Sends requests, and sends them again when that can help. */
export class Requests {
  readonly #options: RequestOptions;
  readonly #baseUrl: BaseUrl;
  readonly #authorization: string;

  /** @throws TypeError when the URL or the key cannot be used, or an option is unknown */
  constructor(options: RequestOptions) {
    assertOptions(options, REQUEST_OPTIONS);
    this.#options = options;
    this.#baseUrl = new BaseUrl(options.url);
    const apiKey = options.apiKey.trim();
    // `fetch` would repeat the key in its message.
    if (!isApiKey(apiKey)) throw new TypeError('The API key is empty, or has spaces or special characters.');
    this.#authorization = `Bearer ${apiKey}`;
  }

  /**
   * @returns the answer, of a status below 400
   * @throws ApiError when the request is refused, or failed at every attempt
   */
  async send(request: ClientRequest): Promise<ClientResponse> {
    const { attempts = DEFAULT_ATTEMPTS, signal, onRetry } = this.#options;
    const body = request.body === undefined ? {} : await encoded(request.body);
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(request, body);
      if (!(result instanceof Failure)) return result;
      const { error, retryAfterMs } = result;
      if (attempt >= attempts || !isWorthRepeating(error, request)) throw error;
      const delayMs = retryAfterMs ?? backoffMs(attempt);
      if (delayMs > LONGEST_RETRY_AFTER_MS) throw error;
      onRetry?.({ error, attempt, delayMs });
      await pause(delayMs, signal);
    }
  }

  /**
   * @param link - of a response
   * @param from - path of its request
   * @returns the path to go on with
   * @throws ApiError when it leads anywhere but below the base URL, where the key must not go
   */
  follow(link: unknown, from: string, { status }: Pick<ClientResponse, 'status'>): string {
    const path = typeof link === 'string' ? this.#baseUrl.follow(link, from) : undefined;
    if (path !== undefined) return path;
    const told = JSON.stringify(link)?.slice(0, 200);
    throw new ApiError(
      `The API links to ${told}, which is not below ${this.#baseUrl}. Nothing was sent there. Check the URL of the API.`,
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
    // Ended with the request, unlike AbortSignal.timeout, which would keep the body until then.
    const timer = setTimeout(() => controller.abort(new Error('no answer in time')), TIMEOUT_MS);
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      const response = await fetch(this.#baseUrl.urlOf(path), {
        method,
        headers: { authorization: this.#authorization, ...headers, ...body.headers },
        body: body.bytes ?? null,
        // Elsewhere nobody may have the items; the API itself leads nowhere else.
        redirect: 'manual',
        signal: controller.signal,
      });
      const { status, headers: answered } = response;
      const text = await textOf(response);
      if (text === undefined) {
        const message = `The response is larger than ${MAX_READ_BYTES / 1024 / 1024} MiB, and not from the API. Check the URL of the API.`;
        return new Failure(new ApiError(message, { status }), retryAfterMs(answered));
      }
      if ((status >= 200 && status < 300) || status === 304) return { status, headers: answered, text };
      return new Failure(errorOfResponse(status, answered, text), retryAfterMs(answered));
    } catch (cause) {
      signal?.throwIfAborted();
      const message = `There is no answer from ${this.#baseUrl}: ${reasonOf(cause).replace(/\.$/, '')}.`;
      return new Failure(new ApiError(message, { status: 0, cause }), undefined);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

class Failure {
  readonly error: ApiError;
  readonly retryAfterMs: number | undefined;

  constructor(error: ApiError, retryAfterMs: number | undefined) {
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

interface EncodedBody {
  headers?: Record<string, string>;
  bytes?: Uint8Array<ArrayBuffer> | string;
}

/** Compresses where the platform can. */
async function encoded(body: string): Promise<EncodedBody> {
  const headers = { 'content-type': 'application/json' };
  if (body.length < MIN_GZIP_LENGTH || typeof CompressionStream === 'undefined')
    return { headers, bytes: body };
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return { headers: { ...headers, 'content-encoding': 'gzip' }, bytes };
}

/**
 * What was turned away is sent again whatever it is; what may have been done, only when twice is the same as once.
 * A key in use, 503, is that of an acceptance under way or broken off, which the repetition finishes.
 */
function isWorthRepeating(error: ApiError, { isRepeatable }: ClientRequest): boolean {
  return error.status === 429 || (isRepeatable && error.isPassing);
}

/** Whether a header carries it. */
export function isApiKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), in milliseconds from now; what is neither is none. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse takes -5 for a day of May 2001.
  const until = /^[A-Z][a-z]+,? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(until - Date.now(), 0);
}

/** Doubles each time, and lets clients that failed together come back apart. */
function backoffMs(attempt: number): number {
  const longest = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return longest * (0.5 + Math.random() / 2);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** `fetch` hides the reason in a cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error)
    return cause.message || String((cause as { code?: unknown }).code ?? cause.name);
  return error.message;
}
