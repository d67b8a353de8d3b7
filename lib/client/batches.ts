import { MAX_REQUEST_BYTES } from '../../lambdas/contract/limits.ts';
import type { FaultyRow, Row } from '../../lambdas/rows/row.ts';

/** Items that are sent in one request. */
export interface Batch {
  /** Position of the first item in the file, from 0. */
  start: number;
  count: number;
  /** JSON. */
  body: string;
}

export interface BatchLimits {
  items: number;
  /** Of the body in UTF-8, before compression. */
  bytes: number;
}

/** Of a dry run, so that the answer fits even when every item has errors. */
export const DRY_RUN_ITEMS = 2_000;

const HEAD = '{"processes":[';
const SEPARATOR = ',\n';
const TAIL = ']}';

/** Cuts a file into requests, in its order: each as large as the limits allow. */
export async function* batchesOf(
  rows: AsyncIterable<Row> | Iterable<Row>,
  limits: BatchLimits,
): AsyncGenerator<Batch, void, void> {
  let start = 0;
  let texts: string[] = [];
  let bytes = HEAD.length + TAIL.length;
  const take = (): Batch => {
    const batch = { start, count: texts.length, body: `${HEAD}${texts.join(SEPARATOR)}${TAIL}` };
    start += texts.length;
    texts = [];
    bytes = HEAD.length + TAIL.length;
    return batch;
  };
  for await (const { text } of rows) {
    const added = bytesOf(text) + SEPARATOR.length;
    if (texts.length === limits.items || (texts.length > 0 && bytes + added > limits.bytes)) yield take();
    texts.push(text);
    bytes += added;
  }
  if (texts.length > 0) yield take();
}

/** Whether an item alone is more than a request takes. What is smaller than that, the API judges. */
export function isTooLarge(text: string): boolean {
  return bytesOf(text) > MAX_REQUEST_BYTES - HEAD.length - TAIL.length;
}

/** What keeps a row from being sent, as the end of a sentence. */
export function faultOf(row: Row | FaultyRow): string | undefined {
  if ('fault' in row) return row.fault;
  return isTooLarge(row.text) ? 'is larger than a whole request may be: shorten it' : undefined;
}

/** What to do about a row that cannot be sent. */
export function remediesOf(row: Row | FaultyRow): readonly string[] {
  return 'fault' in row ? (row.remedies ?? []) : [];
}

/**
 * The same for the same items at the same place of a file for the same procedure, so that a run which broke off is
 * repeated without sending anything twice.
 * @param salt - makes it another one, to send again what has been sent
 */
export async function idempotencyKeyOf(
  procedure: string,
  { start, body }: Batch,
  salt = '',
): Promise<string> {
  const bytes = encoder.encode(JSON.stringify([procedure, start, salt]) + body);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).byteLength;
}
