import { MAX_REQUEST_BYTES } from '../../lambdas/contract/limits.ts';
import type { FaultyRow, Row } from '../../lambdas/rows/row.ts';
import { TOO_LARGE } from '../../lambdas/rows/row.ts';

/** Items that are sent in one request. */
export interface Batch {
  /** Position of the first item in the file, from 0. */
  start: number;
  count: number;
  /** JSON. */
  body: string;
  /** The items. */
  rows: readonly SentRow[];
}

type SentRow = Pick<Row, 'line' | 'text'>;

export interface BatchLimits {
  items: number;
  /** Size of the body in UTF-8, before compression. */
  bytes: number;
}

/** Maximum number of items in a dry run. Its response usually fits even when every item has errors. */
export const DRY_RUN_ITEMS = 2_000;

const HEAD = '{"processes":[';
const SEPARATOR = ',\n';
const TAIL = ']}';

/** Cuts a file into requests that are as large as the limits allow, in the order of its rows. */
export async function* batchesOf(
  rows: AsyncIterable<Row> | Iterable<Row>,
  limits: BatchLimits,
): AsyncGenerator<Batch, void, void> {
  let start = 0;
  let taken: SentRow[] = [];
  let bytes = HEAD.length + TAIL.length;
  const take = (): Batch => {
    const batch = batchOf(start, taken);
    start += taken.length;
    taken = [];
    bytes = HEAD.length + TAIL.length;
    return batch;
  };
  for await (const { line, text } of rows) {
    const added = bytesOf(text) + SEPARATOR.length;
    if (taken.length === limits.items || (taken.length > 0 && bytes + added > limits.bytes)) yield take();
    taken.push({ line, text });
    bytes += added;
  }
  if (taken.length > 0) yield take();
}

function batchOf(start: number, rows: readonly SentRow[]): Batch {
  const texts = rows.map(({ text }) => text);
  return { start, count: rows.length, body: `${HEAD}${texts.join(SEPARATOR)}${TAIL}`, rows };
}

/** Cuts a batch of several items in two. */
export function halvesOf({ start, count, rows }: Batch): Batch[] {
  const half = Math.ceil(count / 2);
  return [batchOf(start, rows.slice(0, half)), batchOf(start + half, rows.slice(half))];
}

/** Maximum number of bytes in UTF-8 of a unit of a text. */
const MAX_UTF8 = 3;

/** Whether an item alone is larger than a request. The API checks the size of smaller ones. */
export function isTooLarge(text: string): boolean {
  const limit = MAX_REQUEST_BYTES - HEAD.length - TAIL.length;
  // Few come near it, and counting bytes takes longer.
  return text.length * MAX_UTF8 > limit && bytesOf(text) > limit;
}

/** Returns why a row cannot be sent, as the end of a sentence. */
export function faultOf(row: Row | FaultyRow): string | undefined {
  if ('fault' in row) return row.fault;
  return isTooLarge(row.text) ? `${TOO_LARGE}: shorten it` : undefined;
}

/** Returns what to do about a row that cannot be sent. */
export function remediesOf(row: Row | FaultyRow): readonly string[] {
  return 'fault' in row ? (row.remedies ?? []) : [];
}

/**
 * Makes the idempotency key of a batch. It is the same for the same items at the same place of a file for the same
 * procedure, so that a repeated run sends nothing twice.
 * @param salt - changes the key, so that the same items are sent again
 */
export async function idempotencyKeyOf(
  procedure: string,
  { start, body }: Pick<Batch, 'start' | 'body'>,
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
