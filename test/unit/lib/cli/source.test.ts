import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openSource } from '../../../../lib/cli/source.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { folder, nameOf } = rowFiles();
const stdin = Readable.from([]);

test.for([
  ['lead_id,city\nA,Goa\n', 'csv'],
  ['\uFEFF {"lead_id":"A"}\n{"lead_id":"B"}', 'ndjson'],
  ['\n[{"lead_id":"A"}]', 'json'],
  ['{ "processes": [] }', 'json'],
  ['{\n  "processes": [] }', 'json'],
] as const)(
  '%j without a known extension is taken for %s, from the standard input too',
  async ([content, format]) => {
    const path = join(folder, nameOf('txt'));
    writeFileSync(path, content);
    expect((await openSource(path, stdin)).format).toBe(format);
    const written = await openSource('-', Readable.from([content]));
    rmSync(dirname(written.path), { recursive: true });
    expect(written.format).toBe(format);
    expect((await openSource(path, stdin, { format: 'csv' })).format).toBe('csv');
  },
);

test.for([
  ['no such file', 'nothing.csv', /There is no file ".*nothing\.csv"\. Check its name\./],
  ['a folder', '.', /Not a regular file/],
] as const)('%s is refused', async ([, name, message]) => {
  await expect(openSource(join(folder, name), stdin)).rejects.toThrow(message);
});
