import { indexedNumber } from '../contract/attribute-types.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { ChunkWriter, readLines } from './chunks.ts';
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
  /** Its line in the file that the items come from. */
  line?: number;
  /** The primary key that it names as it is indexed, where that is not the text of what was sent on the item. */
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

/** Maximum number of entries in a chunk: a page of 100 reads no more than this many. */
const MAX_CHUNK_ENTRIES = 1_000;

/** Packs entries, added in the order of their index, into chunks. */
export class SubmissionWriter {
  readonly #writer = new ChunkWriter();
  /** Index of the first entry of each chunk. */
  readonly chunkStarts: number[] = [];
  #count = 0;
  /** The line that the next entry of the chunk need not repeat: the one after the last entry's. */
  #expectedLine: number | undefined;

  get chunks(): readonly Uint8Array[] {
    return this.#writer.chunks;
  }

  add(entry: SubmittedEntry): void {
    let record = recordOf(entry, this.#expectedLine);
    const isFull = this.#count - (this.chunkStarts.at(-1) ?? 0) >= MAX_CHUNK_ENTRIES;
    if (isFull || !this.#writer.hasRoomFor(record)) {
      this.#writer.endChunk();
      record = recordOf(entry, undefined);
    }
    if (this.#writer.isAtStart) this.chunkStarts.push(this.#count);
    this.#writer.add(record);
    this.#count += 1;
    this.#expectedLine = lineAfter(entry.line);
  }

  /** Ends the last chunk. */
  end(): void {
    this.#writer.endChunk();
  }
}

/** The entries of one chunk. */
export function readChunk(chunk: Uint8Array): SubmittedEntry[] {
  let line: number | undefined;
  return readLines(chunk).map((record) => {
    const entry = entryOfRecord(record);
    line = entry.line ?? lineAfter(line);
    return line === undefined ? entry : { ...entry, line };
  });
}

/** An item is written once, as its text where it has one; a line only where it is not the one after that before it. */
function recordOf({ line, ...entry }: SubmittedEntry, expectedLine: number | undefined): string {
  const { item: _item, ...withoutItem } = entry;
  const known = line === expectedLine ? {} : { line };
  return JSON.stringify({ ...(entry.text === undefined ? entry : withoutItem), ...known });
}

function entryOfRecord(record: string): SubmittedEntry {
  const entry = JSON.parse(record) as SubmittedEntry;
  return entry.text === undefined ? entry : { ...entry, item: JSON.parse(entry.text) };
}

/** The line after another. Either all entries of a submission have a line, or none has. */
function lineAfter(line: number | undefined): number | undefined {
  return line === undefined ? undefined : line + 1;
}
