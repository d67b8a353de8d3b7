import { expect, test } from 'vitest';
import { rowFiles } from '../support/row-files.ts';

const { open, nameOf } = rowFiles();
const openAs = (extension: string, content: string | Uint8Array) => open(content, {}, nameOf(extension));

test('the time for an item grows with its size, not with the square of it', async () => {
  const members = Array.from({ length: 80_000 }, (_, number) => `"a${number}":"value ${number}"`);
  const startedAt = performance.now();
  const [row] = await Array.fromAsync((await openAs('json', `[{${members.join(',')}}]`)).rows());
  // It took three minutes.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(row?.text).toBe(`{${members.join(',')}}`);
});
