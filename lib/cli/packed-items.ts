import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MAX_FILE_BYTES, MAX_TEXT_BYTES } from '../../lambdas/contract/file-job.ts';
import { FileError } from '../../lambdas/rows/row.ts';
import type { Input } from './input.ts';
import { removeAtExit } from './temporary.ts';

/** The items of a file as they are uploaded: NDJSON in a compressed temporary file. */
export interface PackedItems {
  path: string;
  /** Bytes, compressed. */
  size: number;
  /** Tells the same items from others. */
  itemsDigest: string;
  /** Tells the same compressed bytes from others. */
  bytesDigest: string;
  remove: () => Promise<void>;
}

/** Characters that are compressed at a time. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Writes the items of a file, a line each, as requests would send them. So what a cell means is found out in one place,
 * and the number of a line is that of its row.
 * @param onRows - called now and then with the number of rows so far
 * @throws FileError when the items do not fit a file job, or the disk
 */
export async function packItems(input: Input, onRows: (rows: number) => void): Promise<PackedItems> {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-update-'));
  removeAtExit(directory);
  const path = join(directory, 'items.ndjson.gz');
  const [items, bytes] = [new Digest(MAX_TEXT_BYTES), new Digest(MAX_FILE_BYTES)];
  try {
    await pipeline(
      textsOf(input, onRows),
      items.of,
      createGzip(),
      bytes.of,
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new FileError([
      `The disk of ${tmpdir()} has no room for the compressed items. Free some, or name a folder with more in TMPDIR.`,
    ]);
  }
  const remove = () => rm(directory, { recursive: true, force: true });
  return { path, size: bytes.size, itemsDigest: items.hex(), bytesDigest: bytes.hex(), remove };
}

async function* textsOf(input: Input, onRows: (rows: number) => void): AsyncGenerator<string, void, void> {
  let rows = 0;
  let piece = '';
  for await (const { text } of input.rows()) {
    // Between the members of an object they are only spaces.
    piece += `${text.replaceAll(/[\r\n]+/g, ' ')}\n`;
    rows += 1;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
    onRows(rows);
  }
  yield piece;
  onRows(rows);
}

/** Notes the size and the digest of what passes. */
class Digest {
  readonly #hash = createHash('sha256');
  readonly #limit: number;
  size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  readonly of = async function* (
    this: Digest,
    source: AsyncIterable<string | Buffer>,
  ): AsyncGenerator<Buffer, void, void> {
    for await (const piece of source) {
      const bytes = Buffer.from(piece);
      this.#hash.update(bytes);
      this.size += bytes.length;
      if (this.size > this.#limit) throw new FileError([TOO_LARGE]);
      yield bytes;
    }
  }.bind(this);

  hex(): string {
    return this.#hash.digest('hex');
  }
}

const TOO_LARGE =
  'The items are larger than a file job may be: 10 GB compressed, 40 GB decompressed. Split the file, or send it in requests with --requests.';
