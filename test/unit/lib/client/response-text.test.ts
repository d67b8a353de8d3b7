import { expect, test } from 'vitest';
import { MAX_READ_BYTES, textOf } from '../../../../lib/client/response-text.ts';

const CHUNK = new TextEncoder().encode('ü'.repeat(512 * 1024));

/** An answer of that many megabytes, and how many of them were read. */
function answerOf(megabytes: number) {
  const told = { read: 0 };
  const body = new ReadableStream(
    {
      pull(controller) {
        if (told.read === megabytes) return controller.close();
        told.read += 1;
        controller.enqueue(CHUNK);
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), told };
}

test('an answer is read as UTF-8, wherever it is cut', async () => {
  const bytes = new TextEncoder().encode('a🚀b');
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await textOf(new Response(body))).toBe('a🚀b');
  expect(await textOf(new Response(null))).toBe('');
});

test('an answer is read up to the limit, and not further', async () => {
  const limit = MAX_READ_BYTES / 1024 / 1024;
  expect(await textOf(answerOf(limit).response)).toHaveLength(MAX_READ_BYTES / 2);
  const { response, told } = answerOf(10 * limit);
  expect(await textOf(response)).toBeUndefined();
  expect(told.read).toBeLessThanOrEqual(limit + 2);
});
