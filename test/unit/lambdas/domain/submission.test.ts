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
});
