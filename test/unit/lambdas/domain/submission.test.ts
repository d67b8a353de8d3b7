import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChunk, SubmissionWriter } from '../../../../lambdas/domain/submission.ts';

describe('a submission', () => {
  it('gives back every entry in order, and knows where each chunk begins', () => {
    const entries = fc.array(
      fc.record({
        item: fc.oneof(
          fc.jsonValue(),
          fc.integer({ min: 1, max: 200_000 }).map((n) => 'x'.repeat(n)),
        ),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(entries, (all) => {
        const writer = new SubmissionWriter();
        for (const entry of all) writer.add(entry);
        writer.end();
        const chunks = writer.chunks.map(readChunk);
        expect(chunks.flat()).toEqual(JSON.parse(JSON.stringify(all)));
        let start = 0;
        for (const [number, chunk] of chunks.entries()) {
          expect(writer.chunkStarts[number]).toBe(start);
          start += chunk.length;
        }
        expect(writer.chunkStarts).toHaveLength(chunks.length);
      }),
      { numRuns: 50 },
    );
  });

  const written = (lines: number[], itemBytes = 1) => {
    const writer = new SubmissionWriter();
    for (const line of lines) writer.add({ item: 'x'.repeat(itemBytes), line });
    writer.end();
    return writer;
  };

  it('keeps the line of each entry, whatever the lines', () => {
    const line = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(Number.MAX_SAFE_INTEGER));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const { chunks } = written(lines, 50_000);
        expect(chunks.flatMap(readChunk).map((entry) => entry.line)).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  it('needs no room for lines that follow each other, and a bounded one for any others', () => {
    const bytesOf = (lines: number[]) =>
      written(lines).chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const count = 10_000;
    const plain = new SubmissionWriter();
    for (let i = 0; i < count; i++) plain.add({ item: 'x' });
    plain.end();
    const followed = bytesOf(Array.from({ length: count }, (_, i) => i + 2));
    const withoutLines = plain.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    expect(followed - withoutLines).toBeLessThan(20 * plain.chunks.length);
    const anyhow = bytesOf(
      Array.from({ length: count }, (_, i) => Number.MAX_SAFE_INTEGER - ((i * 7_919) % count)),
    );
    expect(anyhow).toBeLessThan(count * 20);
  });

  it('has a thousand entries a chunk at most, so that a page reads no more', () => {
    const { chunks, chunkStarts } = written(Array.from({ length: 2_500 }, (_, i) => i));
    expect(chunkStarts).toEqual([0, 1_000, 2_000]);
    expect(chunks.map((chunk) => readChunk(chunk).length)).toEqual([1_000, 1_000, 500]);
  });

  it('of the release before, without lines, is read', () => {
    const chunk = gzipSync('{"item":{"id":"a"}}\n{"errors":[],"text":"{}","order":7}');
    expect(readChunk(chunk)).toEqual([{ item: { id: 'a' } }, { item: {}, errors: [], text: '{}', order: 7 }]);
  });
});
