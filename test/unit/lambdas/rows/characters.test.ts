import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { charactersOf, linesOf, slicesOf } from '../../../../lambdas/rows/characters.ts';

describe('an encoding', () => {
  test('is told of the first byte that is none of it, however the bytes come', async () => {
    const valid = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '€', '🚀') });
    const wrong = fc.constantFrom([0xfc], [0xe9, 0x61], [0x80], [0xf0, 0x9f], [0xc3, 0xc3, 0xa9]);
    await fc.assert(
      fc.asyncProperty(
        valid,
        wrong,
        valid,
        fc.integer({ min: 1, max: 5 }),
        async (before, bytes, behind, size) => {
          const head = Buffer.from(before);
          // A byte behind what is cut would go on with it.
          const all = Buffer.concat([head, Buffer.from(bytes), Buffer.from(`a${behind}`)]);
          const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
            all.subarray(index * size, (index + 1) * size),
          );
          const read = Array.fromAsync(charactersOf(chunks, { name: 'utf-8', hasMark: false }));
          const lines = before.split('\n');
          const place = `line ${lines.length}, byte ${Buffer.byteLength(lines.at(-1) ?? '') + 1} `;
          await expect(read).rejects.toThrow(place);
        },
      ),
    );
  });
});

test('lines are the same however the text comes in parts', async () => {
  const part = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ü') });
  await fc.assert(
    fc.asyncProperty(fc.array(part), async (parts) => {
      expect(await Array.fromAsync(linesOf(parts))).toEqual(parts.join('').split('\n'));
    }),
  );
});

test('parts of a long text cut no character', () => {
  for (const text of ['', 'x', `${'x'.repeat(64 * 1024 - 1)}🚀${'🚀'.repeat(64 * 1024)}`]) {
    const slices = [...slicesOf(text)];
    expect(slices.join('')).toBe(text);
    for (const slice of slices) expect(slice.isWellFormed()).toBe(true);
  }
});
