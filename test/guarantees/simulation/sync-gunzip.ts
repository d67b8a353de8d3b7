import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

/**
 * Decompresses as a stream of zlib does, in step with the code that calls it: that stream works in a thread of its own, for
 * which no seed decides when it is done.
 */
class SyncGunzip extends EventEmitter {
  #input = Buffer.alloc(0);
  #output: Buffer[] = [];
  #given = 0;
  #hasFailed = false;

  write(piece: Uint8Array, done: (error?: Error | null) => void): void {
    this.#input = Buffer.concat([this.#input, piece]);
    this.#take(zlib.constants.Z_SYNC_FLUSH);
    queueMicrotask(() => done());
  }

  end(): void {
    this.#take(zlib.constants.Z_FINISH);
    queueMicrotask(() => this.emit('end'));
  }

  read(): Buffer | null {
    return this.#output.shift() ?? null;
  }

  destroy(): void {}

  #take(finishFlush: number): void {
    if (this.#hasFailed) return;
    const [text, error] = unzipped(this.#input, finishFlush);
    if (text.length > this.#given) this.#output.push(text.subarray(this.#given));
    this.#given = Math.max(this.#given, text.length);
    if (error === undefined) return;
    this.#hasFailed = true;
    this.emit('error', error);
  }
}

/** Returns what can be decompressed of some bytes, and why the rest cannot. */
function unzipped(bytes: Buffer, finishFlush: number): [text: Buffer, error?: unknown] {
  try {
    return [zlib.gunzipSync(bytes, { finishFlush })];
  } catch (error) {
    for (let length = bytes.length; length > 0; length--) {
      try {
        const sync = zlib.constants.Z_SYNC_FLUSH;
        return [zlib.gunzipSync(bytes.subarray(0, length), { finishFlush: sync }), error];
      } catch {}
    }
    return [Buffer.alloc(0), error];
  }
}

/** Takes the place of zlib's stream for all code that is loaded. */
export function takeOverGunzip(): void {
  Object.defineProperty(zlib, 'createGunzip', { value: () => new SyncGunzip(), configurable: true });
  syncBuiltinESMExports();
}
