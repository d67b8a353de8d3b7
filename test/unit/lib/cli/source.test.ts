import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openSource, textOf } from '../../../../lib/cli/source.ts';
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

test('a compressed file has the format of its content', async () => {
  const write = (content: string, extension: string) => {
    const path = join(folder, nameOf(extension));
    writeFileSync(path, gzipSync(content));
    return path;
  };
  expect(await openSource(write('lead_id,city\nA,Goa\n', 'csv.gz'), stdin)).toMatchObject({ format: 'csv' });
  expect(await openSource(write('{"lead_id":"A"}\n', 'GZ'), stdin)).toMatchObject({ format: 'ndjson' });
});

test('a compressed file that is damaged is told, in its beginning and behind it', async () => {
  const packed = gzipSync(randomBytes(300_000).toString('hex'));
  const path = join(folder, nameOf('csv.gz'));
  writeFileSync(path, packed.subarray(0, 100_000));
  const source = await openSource(path, stdin);
  if (source.format === 'xlsx') throw new Error('It was taken for a workbook');
  const message = 'The compressed file is damaged: unexpected end of file. Compress it again';
  await expect(Array.fromAsync(textOf(source))).rejects.toThrow(message);
  writeFileSync(path, packed.subarray(0, 1_000));
  await expect(openSource(path, stdin)).rejects.toThrow(message);
});
