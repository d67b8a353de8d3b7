import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../lambdas/contract/limits.ts';
import { rowFiles } from '../support/row-files.ts';

const { open, nameOf } = rowFiles();
const openAs = (extension: string, content: string | Uint8Array) => open(content, {}, nameOf(extension));

test.for([
  ['json', `[{"a":"${'x'.repeat(MAX_REQUEST_BYTES)}"}]`, 'Item 1 is larger than the 4 MB of a request'],
  ['json', `[1,${'['.repeat(MAX_REQUEST_BYTES + 1)}`, 'Item 2 is larger than the 4 MB of a request'],
  ['json', `[1${'0'.repeat(2 * MAX_REQUEST_BYTES)}]`, 'Item 1 is larger than the 4 MB of a request'],
  ['json', `{"${'x'.repeat(2 * MAX_REQUEST_BYTES)}":1}`, 'larger than the 4 MB of a request'],
  ['json', `{"processes":${'{\n"a":'.repeat(2_000)}`, 'nested too deeply'],
  [
    'csv',
    `lead_id,city\nA,${','.repeat(2 * MAX_REQUEST_BYTES)}`,
    'A line is larger than the 4 MB of a request',
  ],
] as const)('what would fill the memory is refused: %#', async ([extension, content, message]) => {
  await expect(openAs(extension, content)).rejects.toThrow(message);
});
