/** Bytes that are not used up: more come at its end, used ones go at its beginning. */
export class ByteWindow {
  #buffer = new Uint8Array(128 * 1024);
  /** The bytes, until the next change. A view of them for each row would take as long as scanning it. */
  bytes = this.#buffer.subarray(0, 0);

  append(bytes: Uint8Array): void {
    const start = this.bytes.length;
    const length = start + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, start);
    this.bytes = this.#buffer.subarray(0, length);
  }

  /** Removes bytes from the beginning. */
  drop(count: number): void {
    const { length } = this.bytes;
    this.#buffer.copyWithin(0, count, length);
    this.bytes = this.#buffer.subarray(0, length - count);
  }
}
