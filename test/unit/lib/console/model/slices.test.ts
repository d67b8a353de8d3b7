import { expect, test } from 'vitest';
import { inSlices, pause, type Sliced } from '../../../../../lib/console/model/slices.ts';

/** Work that pauses until a time has passed. */
function* workOf(ms: number): Sliced<string> {
  const end = performance.now() + ms;
  while (performance.now() < end) yield;
  return 'done';
}

const never = new AbortController().signal;

test('short work is done at once, and long work lets others do theirs', async () => {
  const done: string[] = [];
  setTimeout(() => done.push('other'));
  await inSlices(workOf(0), never).then(() => done.push('short'));
  await inSlices(workOf(60), never).then(() => done.push('long'));
  expect(done).toEqual(['short', 'other', 'long']);
});

test('work that is aborted ends without a result', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort());
  expect(await inSlices(workOf(60_000), controller.signal)).toBeUndefined();
});

test('an error of the work is thrown', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it pauses
  const broken = function* (): Sliced<never> {
    throw new TypeError('broken');
  };
  await expect(inSlices(broken(), never)).rejects.toThrow('broken');
});

test('a pause lets what waits come first', async () => {
  const done: string[] = [];
  setTimeout(() => done.push('other'));
  await pause();
  expect(done).toEqual(['other']);
});
