import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../lambdas/contract/limits.ts';
import { type BatchLimits, batchesOf } from '../../../../lib/client/batches.ts';

async function cut(texts: readonly string[], limits: Partial<BatchLimits> = {}) {
  const rows = async function* () {
    for (const [position, text] of texts.entries()) yield { line: position + 1, text, cells: [] };
  };
  return Array.fromAsync(batchesOf(rows(), { items: 10_000, bytes: MAX_REQUEST_BYTES, ...limits }));
}

test('every item is sent once and in order, and no body of several items is larger than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 40 }),
      fc.integer({ min: 20, max: 200 }),
      async (values, bytes) => {
        const batches = await cut(
          values.map((value) => JSON.stringify(value)),
          { bytes },
        );
        expect(
          batches.flatMap(({ body }) => (JSON.parse(body) as { processes: string[] }).processes),
        ).toEqual(values);
        for (const { body, count } of batches) {
          if (count > 1) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(bytes);
        }
      },
    ),
  );
});
