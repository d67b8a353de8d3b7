/** A file that is uploaded. A Blob, such as a File of a browser, is not kept in memory. */
export type Content = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A part of a file. */
export interface Part {
  /** From 1. */
  number: number;
  size: number;
  body: Blob | Uint8Array<ArrayBuffer>;
}

/**
 * Cuts a file into parts, which are read as they are needed.
 * @param isKnown - whether a part is stored already, by its number. It is skipped
 * @throws TypeError when the file has another size
 */
export async function* partsOf(
  content: Content,
  size: number,
  partSize: number,
  isKnown: (number: number) => boolean,
): AsyncGenerator<Part, void, void> {
  if (content instanceof Blob) {
    if (content.size !== size) throw otherSize(content.size, size);
    for (const { number, start, end } of rangesOf(size, partSize)) {
      if (!isKnown(number)) yield { number, size: end - start, body: content.slice(start, end) };
    }
  } else yield* streamedParts(content, size, partSize, isKnown);
}

/** Returns the size of each part by its number. */
export function partSizes(size: number, partSize: number): Map<number, number> {
  return new Map(Array.from(rangesOf(size, partSize), ({ number, start, end }) => [number, end - start]));
}

function* rangesOf(size: number, partSize: number) {
  for (let start = 0; start < size; start += partSize)
    yield { number: start / partSize + 1, start, end: Math.min(start + partSize, size) };
}

async function* streamedParts(
  content: Exclude<Content, Blob>,
  size: number,
  partSize: number,
  isKnown: (number: number) => boolean,
): AsyncGenerator<Part, void, void> {
  const ranges = rangesOf(size, partSize);
  let read = 0;
  let range = ranges.next().value;
  let body: Uint8Array<ArrayBuffer> | undefined;
  for await (const chunk of chunksOf(content)) {
    if (read + chunk.byteLength > size) throw otherSize(`more than ${size}`, size);
    for (let rest = chunk; rest.byteLength > 0 && range; ) {
      const { number, start, end } = range;
      const taken = rest.subarray(0, end - read);
      if (!isKnown(number)) {
        body ??= new Uint8Array(end - start);
        body.set(taken, read - start);
      }
      read += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (read < end) continue;
      if (body !== undefined) yield { number, size: end - start, body };
      body = undefined;
      range = ranges.next().value;
    }
  }
  if (read !== size) throw otherSize(read, size);
}

/** Reads a stream. Not every browser iterates over one. */
async function* chunksOf(content: Exclude<Content, Blob>): AsyncGenerator<Uint8Array, void, void> {
  if (!(content instanceof ReadableStream)) {
    yield* content;
    return;
  }
  const reader = content.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Of a stream that is read to its end this does nothing.
    await reader.cancel();
  }
}

function otherSize(found: number | string, size: number): TypeError {
  return new TypeError(`The file has ${found} bytes, and "size" said ${size}. Give its size in bytes.`);
}
