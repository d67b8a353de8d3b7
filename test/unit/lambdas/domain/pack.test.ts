import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_MESSAGES } from '../../../../lambdas/contract/limits.ts';
import { MAX_BATCH_BYTES, pack } from '../../../../lambdas/domain/pack.ts';

describe('packing', () => {
  it('keeps order and all messages, and respects both bounds unless one message alone exceeds them', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: MAX_BATCH_BYTES + 10 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const messages = bytes.map((size, id) => ({ id, bytes: size }));
        const batches = [...pack(messages)];
        expect(batches.flat()).toEqual(messages);
        for (const batch of batches) {
          const total = batch.reduce((sum, message) => sum + message.bytes, 0);
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(MAX_BATCH_MESSAGES);
          expect(total <= MAX_BATCH_BYTES || batch.length === 1).toBe(true);
        }
      }),
    );
  });

  it('fills batches of small messages', () => {
    const messages = Array.from({ length: 95 }, () => ({ bytes: 100 }));
    expect([...pack(messages)]).toHaveLength(10);
  });
});
