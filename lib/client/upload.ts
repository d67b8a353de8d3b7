import pMap from 'p-map';
import type { UploadView } from '../../lambdas/contract/views.ts';
import { type Content, type Part, partsOf } from './content.ts';
import { type PartFault, partFault, unansweredPart, untaggedPart } from './part-error.ts';
import { backoffMs, pause } from './pause.ts';
import { DEFAULT_ATTEMPTS, type RequestOptions } from './requests.ts';
import { textOf } from './response-text.ts';

/** How parts are sent, as requests are. */
export type PartOptions = Pick<RequestOptions, 'attempts' | 'signal' | 'onRetry'>;

/** What is uploaded. */
export interface Uploading {
  content: Content;
  /** Bytes. */
  size: number;
  upload: UploadView;
  /** ETags of the parts that are stored already, by number. The others are added. */
  etags: Map<number, string>;
  /** Signs the addresses of the parts anew. */
  sign: () => Promise<UploadView>;
  /** Called when a part is stored. */
  onPart: () => void;
}

/** Parts in flight: they keep a fast line busy, and a stream takes the memory of as many. */
const PARALLEL_PARTS = 4;
/** A part in 15 minutes is 0.6 Mbit/s for four of them. Its address is seldom valid for longer. */
const TIMEOUT_MS = 15 * 60 * 1000;

/**
 * Sends the parts of a file that are not stored yet.
 * @throws ApiError when a part failed at every attempt; TypeError when the file has another size
 */
export async function uploadParts(
  { content, size, upload, etags, sign, onPart }: Uploading,
  options: PartOptions,
): Promise<void> {
  // What is in flight is of no use when a part fails for good.
  const controller = new AbortController();
  const own = controller.signal;
  const signal = options.signal === undefined ? own : AbortSignal.any([options.signal, own]);
  const addresses = new Addresses(upload, sign);
  const parts = partsOf(content, size, upload.partSize, (number) => etags.has(number));
  const send = async (part: Part) => {
    etags.set(part.number, await sendPart(part, addresses, { ...options, signal }));
    onPart();
  };
  try {
    await pMap(parts, send, { concurrency: PARALLEL_PARTS });
  } catch (error) {
    controller.abort(error);
    throw error;
  }
}

/** The addresses of parts, which expire. */
class Addresses {
  #upload: Promise<UploadView>;
  readonly #sign: () => Promise<UploadView>;

  constructor(upload: UploadView, sign: () => Promise<UploadView>) {
    this.#upload = Promise.resolve(upload);
    this.#sign = sign;
  }

  async of(number: number): Promise<string> {
    const { parts } = await this.#upload;
    const url = parts.find(({ partNumber }) => partNumber === number)?.url;
    if (url !== undefined) return url;
    throw new TypeError(`The job has no part ${number}. Give the size with which it was begun.`);
  }

  /** Replaces expired addresses, once for all parts that met them. */
  async renew(number: number, expired: string): Promise<void> {
    const upload = this.#upload;
    if ((await this.of(number)) === expired && this.#upload === upload) this.#upload = this.#sign();
  }
}

/** Sends a part until it is stored. @returns its ETag */
async function sendPart(part: Part, addresses: Addresses, options: PartOptions): Promise<string> {
  const { attempts = DEFAULT_ATTEMPTS, signal, onRetry } = options;
  let isRenewed = false;
  for (let attempt = 1; ; attempt++) {
    const url = await addresses.of(part.number);
    const stored = await putPart(url, part, signal);
    if (typeof stored === 'string') return stored;
    const { error, isExpired, isTransient } = stored;
    // Who refuses a new address as well refuses every one.
    const mayRenew: boolean = isExpired && !isRenewed;
    if (attempt >= attempts || !(mayRenew || isTransient)) throw error;
    isRenewed = mayRenew;
    if (mayRenew) await addresses.renew(part.number, url);
    else {
      const delayMs = backoffMs(attempt);
      onRetry?.({ error, attempt, delayMs });
      await pause(delayMs, signal);
    }
  }
}

/** Sends a part once. */
async function putPart(
  url: string,
  { number, body }: Part,
  signal: AbortSignal | undefined,
): Promise<string | PartFault> {
  const timeout = new AbortController();
  const abort = () => timeout.abort(signal?.reason);
  const timer = setTimeout(() => timeout.abort(new Error('timeout')), TIMEOUT_MS);
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    // The address is the permission: no key goes there.
    const response = await fetch(url, { method: 'PUT', body, redirect: 'error', signal: timeout.signal });
    const text = (await textOf(response)) ?? '';
    if (!response.ok) return partFault(number, response.status, text);
    const etag = response.headers.get('etag');
    if (etag === null) throw untaggedPart(number);
    return etag;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && error.name === 'ApiError') throw error;
    return unansweredPart(number, url, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
