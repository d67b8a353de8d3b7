import { createGunzip, type Gunzip } from 'node:zlib';
import { MAX_TEXT_BYTES } from '../contract/file-job.ts';
import { GzipError } from './file-fault.ts';
import { isGzip } from './file-kind.ts';

/** Large, as each call of zlib waits for a thread. */
const OUTPUT_BYTES = 64 * 1024;

/** Small: where zlib finds damage, it keeps what it had decompressed of the same input for itself. */
const INPUT_BYTES = 4 * 1024;

/**
 * Decompresses gzip, of one member or several, and skips to a byte of the text. Memory is bounded, as no more is read
 * than was taken.
 * @param byte - bytes of the text to skip
 * @param limit - maximum size of the text in bytes
 * @throws GzipError after all that could be decompressed, when the file is not gzip, is cut short or damaged, or is larger
 * than the limit
 */
export async function* gunzipFrom(
  source: AsyncIterable<Uint8Array>,
  byte: number,
  limit = MAX_TEXT_BYTES,
): AsyncGenerator<Uint8Array, void, void> {
  let seen = 0;
  for await (const text of gunzipped(source)) {
    const start = Math.max(0, byte - seen);
    const allowed = text.subarray(0, limit - seen);
    if (start < allowed.length) yield allowed.subarray(start);
    seen += text.length;
    if (seen > limit) {
      throw new GzipError(
        'TOO_LARGE',
        `the file is larger than ${limit / 1_000_000_000} GB when it is decompressed. Send it in several files.`,
      );
    }
  }
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = new GunzipSteps();
  let beginning = new Uint8Array();
  try {
    for await (const piece of source) {
      if (beginning.length < 2) {
        beginning = Uint8Array.of(...beginning, ...piece.subarray(0, 2));
        if (beginning.length >= 2 && !isGzip(beginning)) throw notGzip();
      }
      for (let start = 0; start < piece.length; start += INPUT_BYTES) {
        const input = piece.subarray(start, start + INPUT_BYTES);
        yield* gunzip.outputOf((done) => gunzip.stream.write(input, done));
      }
    }
    if (beginning.length < 2) throw notGzip();
    // Its callback comes before the error of a file that is cut short.
    yield* gunzip.outputOf((done) => gunzip.stream.once('end', () => done()).end());
  } finally {
    gunzip.stream.destroy();
  }
}

function notGzip(): GzipError {
  return new GzipError('NOT_GZIP', 'the file is not gzip. Compress it, or send it with "compression": null.');
}

/**
 * Decompresses step by step: iterating over the stream would lose what it has already decompressed when an error follows.
 */
class GunzipSteps {
  readonly stream: Gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  #error: NodeJS.ErrnoException | undefined;
  #wake = () => {};

  constructor() {
    this.stream.on('readable', () => this.#wake());
    this.stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** Returns all output of a step before it does the next one. */
  async *outputOf(
    step: (done: (error?: Error | null) => void) => void,
  ): AsyncGenerator<Uint8Array, void, void> {
    let isDone = false;
    step((error) => {
      this.#error ??= error ?? undefined;
      isDone = true;
      this.#wake();
    });
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const output = this.stream.read() as Uint8Array | null;
      if (output !== null) yield output;
      else if (this.#error !== undefined) throw faultOf(this.#error);
      else if (isDone) return;
      else await woken;
    }
  }
}

function faultOf({ code, message }: NodeJS.ErrnoException): GzipError {
  // zlib lacks input when the file ends.
  if (code === 'Z_BUF_ERROR') {
    return new GzipError('GZIP_CUT_SHORT', 'the gzip data ends too early. Send the whole file.');
  }
  return new GzipError(
    'GZIP_DAMAGED',
    `the gzip data is damaged (${message}). Compress the file again and send it.`,
  );
}
