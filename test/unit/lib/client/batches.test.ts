import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../lambdas/contract/limits.ts';
import { type BatchLimits, batchesOf, idempotencyKeyOf, isTooLarge } from '../../../../lib/client/batches.ts';

async function cut(texts: readonly string[], limits: Partial<BatchLimits> = {}) {
  const rows = async function* () {
    for (const [position, text] of texts.entries()) yield { line: position + 1, text, cells: [] };
  };
  return Array.fromAsync(batchesOf(rows(), { items: 10_000, bytes: MAX_REQUEST_BYTES, ...limits }));
}

test('a file is cut where the items are as many as a request takes', async () => {
  const batches = await cut(['1', '2', '3', '4', '5'], { items: 2 });
  expect(batches.map(({ start, count }) => [start, count])).toEqual([
    ...[
      [0, 2],
      [2, 2],
      [4, 1],
    ],
  ]);
});

test('only an item that is more than a request alone is too large', () => {
  const spare = MAX_REQUEST_BYTES - '{"processes":[]}'.length;
  expect(isTooLarge('x'.repeat(spare))).toBe(false);
  expect(isTooLarge('x'.repeat(spare + 1))).toBe(true);
  expect(isTooLarge('ü'.repeat(spare / 2 + 1))).toBe(true);
});

test('the idempotency key is the same for the same items at the same place, and another one otherwise', async () => {
  const [first, second] = await cut(['{"a":1}', '{"a":1}'], { items: 1 });
  if (first === undefined || second === undefined) throw new Error('two requests were expected');
  const keys = await Promise.all([
    idempotencyKeyOf('lead', first),
    idempotencyKeyOf('lead', second),
    idempotencyKeyOf('contact', first),
    idempotencyKeyOf('lead', { ...first, body: '{"processes":[{"a":2}]}' }),
    idempotencyKeyOf('lead', first, 'again'),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(await idempotencyKeyOf('lead', { ...first })).toBe(keys[0]);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
});
