import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gunzipFrom } from '../../../../lambdas/rows/gunzip-from.ts';
import { bytesOf, inParts, textOf } from '../../../support/file-parts.ts';

/** Decompresses a file, and returns the text and the error after it. */
async function read(file: Uint8Array, { byte = 0, size = 5, limit = 1e9 } = {}) {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of gunzipFrom(inParts(file, size), byte, limit)) parts.push(part);
  } catch (error) {
    return { text: textOf(Buffer.concat(parts)), error };
  }
  return { text: textOf(Buffer.concat(parts)), error: undefined };
}

const text = Array.from({ length: 50_000 }, (_, row) => `row ${row}\n`).join('');
const file = gzipSync(text);

describe('a gzip file', () => {
  test.each([[0], [1], [123_456], [text.length], [text.length + 5]])('is read from byte %i', async (byte) => {
    expect(await read(file, { byte, size: 1_000 })).toEqual({ text: text.slice(byte), error: undefined });
  });

  test('may have several members', async () => {
    const members = Buffer.concat([gzipSync('one,'), gzipSync(''), gzipSync('two')]);
    expect(await read(members, { size: 1 })).toEqual({ text: 'one,two', error: undefined });
  });

  test('is read no further than it was taken', async () => {
    let taken = 0;
    async function* counting() {
      for await (const piece of inParts(gzipSync(Buffer.alloc(50_000_000)), 4_096)) {
        taken += 1;
        yield piece;
      }
    }
    for await (const _ of gunzipFrom(counting(), 0)) break;
    expect(taken).toBe(1);
  });
});

describe('what is not gzip as a whole', () => {
  test.each([[''], ['id,b\n'], ['\u001f']])('is told: %j', async (content) => {
    expect((await read(bytesOf(content))).error).toMatchObject({ code: 'NOT_GZIP' });
  });

  test('is read to where it is cut short', async () => {
    const { text: read1, error } = await read(file.subarray(0, -20_000), { size: 1_000 });
    expect(error).toMatchObject({ code: 'GZIP_CUT_SHORT' });
    expect(read1.length).toBeGreaterThan(text.length / 2);
    expect(text.startsWith(read1)).toBe(true);
  });

  test('is read to its wrong checksum', async () => {
    const damaged = Uint8Array.from(file);
    damaged[file.length - 6] = (damaged[file.length - 6] ?? 0) ^ 1;
    const { text: whole, error } = await read(damaged, { size: 1_000 });
    expect(error).toMatchObject({ code: 'GZIP_DAMAGED' });
    expect(text.startsWith(whole)).toBe(true);
    expect(whole.length).toBeGreaterThan(text.length - 100_000);
  });

  test('is read to the text after it', async () => {
    const { text: whole, error } = await read(Buffer.concat([gzipSync('one'), bytesOf('two')]));
    expect([whole, error]).toEqual(['one', expect.objectContaining({ code: 'GZIP_DAMAGED' })]);
  });

  test('is read to the limit of its text', async () => {
    const { text: some, error } = await read(file, { limit: 100 });
    expect([some, error]).toEqual([text.slice(0, 100), expect.objectContaining({ code: 'TOO_LARGE' })]);
  });
});

test('a source that fails is told as it is', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it has anything.
  async function* failing(): AsyncGenerator<Uint8Array> {
    throw new Error('offline');
  }
  await expect(Array.fromAsync(gunzipFrom(failing(), 0))).rejects.toThrow('offline');
});
