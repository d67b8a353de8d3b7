import { gunzipSync, gzipSync } from 'node:zlib';
import { MAX_ITEM_BYTES } from './check-item.ts';

/**
 * Maximum number of bytes of text in a chunk, unless one record alone is larger. Even text that does not
 * compress then fits the 400 KB of a DynamoDB item; usual text shrinks to a tenth of it.
 */
const CHUNK_BYTES = MAX_ITEM_BYTES;

/**
 * Packs lines of JSON into gzipped chunks.
 *
 * Each chunk is compressed as soon as it is full, so that many lines cost no more memory than their compressed form.
 */
export class ChunkWriter {
  readonly chunks: Uint8Array[] = [];
  #records: string[] = [];
  #bytes = 0;

  /** Whether the next record begins a chunk. */
  get isAtStart(): boolean {
    return this.#records.length === 0;
  }

  /** Whether a record fits the chunk that is begun. */
  hasRoomFor(record: string): boolean {
    return this.isAtStart || this.#bytes + bytesOf(record) <= CHUNK_BYTES;
  }

  add(record: string): void {
    this.#records.push(record);
    this.#bytes += bytesOf(record);
  }

  endChunk(): void {
    if (this.isAtStart) return;
    this.chunks.push(gzipSync(this.#records.join('\n')));
    this.#records = [];
    this.#bytes = 0;
  }
}

/** The lines of a chunk. */
export function readLines(chunk: Uint8Array): string[] {
  return gunzipSync(chunk).toString('utf8').split('\n');
}

/** With the line break after it. */
function bytesOf(record: string): number {
  return Buffer.byteLength(record) + 1;
}
