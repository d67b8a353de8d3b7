import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { piecesOf } from '../../../../lambdas/adapters/pieces.ts';

/** An item holds 400 KB: of its keys as well. */
const MAX_PIECE = 390 * 1024;

test.for([0, 1, 350 * 1024, 350 * 1024 + 1, 2_000_000])(
  '%i bytes are cut and put together again',
  (count) => {
    const bytes = randomBytes(count);
    const pieces = piecesOf(bytes);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(pieces.every(({ length }) => length > 0 && length <= MAX_PIECE)).toBe(true);
  },
);
