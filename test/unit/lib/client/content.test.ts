import { expect, test } from 'vitest';
import { type Content, partSizes, partsOf } from '../../../../lib/client/content.ts';

const bytes = new TextEncoder().encode('abcdefghij');

async function* inPieces(length: number) {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function textsOf(content: Content, partSize: number, known: readonly number[] = [], size = 10) {
  const texts: [number, string][] = [];
  for await (const { number, body } of partsOf(content, size, partSize, (each) => known.includes(each)))
    texts.push([number, body instanceof Blob ? await body.text() : new TextDecoder().decode(body)]);
  return texts;
}

test.each([
  ...[1, 3, 4, 10].map((length) => [`pieces of ${length}`, () => inPieces(length)] as const),
  ['a Blob', () => new Blob([bytes])] as const,
  ['a stream', () => new Blob([bytes]).stream()] as const,
])('%s are cut into parts', async (_, content) => {
  expect(await textsOf(content(), 4)).toEqual([
    [1, 'abcd'],
    [2, 'efgh'],
    [3, 'ij'],
  ]);
  expect(await textsOf(content(), 4, [1, 3])).toEqual([[2, 'efgh']]);
  expect(await textsOf(content(), 5)).toEqual([
    [1, 'abcde'],
    [2, 'fghij'],
  ]);
  expect(await textsOf(content(), 100)).toEqual([[1, 'abcdefghij']]);
});

test.each([9, 11])('a file of other than %i bytes is refused', async (size) => {
  await expect(textsOf(inPieces(3), 4, [], size)).rejects.toThrow(`"size" said ${size}`);
  await expect(textsOf(new Blob([bytes]), 4, [], size)).rejects.toThrow('The file has 10 bytes');
});

test('a stream that nobody reads to its end is closed', async () => {
  let isClosed = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes),
    cancel: () => {
      isClosed = true;
    },
  });
  for await (const part of partsOf(stream, 1_000, 4, () => false)) if (part.number === 2) break;
  expect(isClosed).toBe(true);
});

test('the last part has the rest', () => {
  expect([...partSizes(10, 4)]).toEqual([
    [1, 4],
    [2, 4],
    [3, 2],
  ]);
});
