import { gunzipSync, gzipSync } from 'node:zlib';
import { indexedNumber } from '../contract/attribute-types.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { MAX_ITEM_BYTES } from './check-item.ts';
import type { ProcessReference } from './update-message.ts';

/** One entry of a submission: the item as sent, and why it is invalid if it is. */
export interface SubmittedEntry {
  /** The item; of an invalid one too large to keep, its identifier only. */
  item: unknown;
  /** The item as it is written, in one line, where parsing loses something: it is to be corrected and sent again. */
  text?: string;
  errors?: ErrorBody[];
  /** Its order number, when that is not the one of its place in the request: the one of an earlier job. */
  order?: number;
  /** The primary key that it names as it is indexed, where that is not the text of what was sent. */
  key?: string;
}

/** What a valid entry names its process by, whatever its procedure has become since it was accepted. */
export function referenceOf(
  { item, key }: Pick<SubmittedEntry, 'item' | 'key'>,
  primaryKey: string,
): ProcessReference {
  const { id, [primaryKey]: sent } = item as Record<string, unknown>;
  const text = key ?? (sent === undefined ? undefined : String(sent));
  // Written out, since accepting does it twice for each item.
  if (typeof id !== 'string') return text === undefined ? {} : { primaryKey: text };
  return text === undefined ? { id } : { id, primaryKey: text };
}

/**
 * All that an entry may name its process by. Earlier releases kept no `key`, and the item alone does not tell how it was
 * indexed: "105.0" may be 105. At most one of the processes found carries the update's order number.
 */
export function possibleReferencesOf(
  entry: Pick<SubmittedEntry, 'item' | 'key'>,
  primaryKey: string,
): ProcessReference[] {
  const target = referenceOf(entry, primaryKey);
  if (target.id !== undefined || target.primaryKey === undefined || entry.key !== undefined) return [target];
  const number = indexedNumber(target.primaryKey);
  return number === undefined || number === target.primaryKey ? [target] : [target, { primaryKey: number }];
}

/**
 * Maximum number of bytes of text in a chunk, unless one entry alone is larger. Even text that does not
 * compress then fits the 400 KB of a DynamoDB item; usual text shrinks to a tenth of it.
 */
const CHUNK_BYTES = MAX_ITEM_BYTES;

/**
 * Packs entries, added in the order of their index, into gzipped chunks of JSON lines.
 *
 * Each chunk is compressed as soon as it is full, so that a request with many errors costs no more memory
 * than its compressed form.
 */
export class SubmissionWriter {
  readonly chunks: Uint8Array[] = [];
  /** Index of the first entry of each chunk. */
  readonly chunkStarts: number[] = [];
  #lines: string[] = [];
  #bytes = 0;
  #count = 0;

  add(entry: SubmittedEntry): void {
    const line = lineOf(entry);
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#bytes + bytes > CHUNK_BYTES) this.#flush();
    if (this.#lines.length === 0) this.chunkStarts.push(this.#count);
    this.#lines.push(line);
    this.#bytes += bytes;
    this.#count += 1;
  }

  /** Ends the last chunk. */
  end(): void {
    this.#flush();
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.chunks.push(gzipSync(this.#lines.join('\n')));
    this.#lines = [];
    this.#bytes = 0;
  }
}

/** The entries of one chunk. */
export function readChunk(chunk: Uint8Array): SubmittedEntry[] {
  const lines = gunzipSync(chunk).toString('utf8').split('\n');
  return lines.map(entryOfLine);
}

/** An item is written once, as its text where it has one. */
function lineOf(entry: SubmittedEntry): string {
  const { item: _item, ...withoutItem } = entry;
  return JSON.stringify(entry.text === undefined ? entry : withoutItem);
}

function entryOfLine(line: string): SubmittedEntry {
  const entry = JSON.parse(line) as SubmittedEntry;
  return entry.text === undefined ? entry : { ...entry, item: JSON.parse(entry.text) };
}
