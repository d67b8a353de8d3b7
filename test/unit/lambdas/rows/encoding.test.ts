import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodingOf } from '../../../../lambdas/rows/encoding.ts';
import { openInput } from '../../../../lib/cli/input.ts';
import { openSource } from '../../../../lib/cli/source.ts';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { procedure, rowFiles } from '../../../support/row-files.ts';

const { write, open, items } = rowFiles();

describe('an encoding', () => {
  const text = 'lead_id,city\r\nA,Zürich 🚀\r\n';
  const zurich = [[2, { lead_id: 'A', data: { city: 'Zürich 🚀' } }]];
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

  test.for([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with a mark, as the "Unicode Text" of Excel', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 BE with a mark', swapped(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
  ] as const)('of %s is read', async ([, bytes]) => {
    expect(await items(bytes)).toEqual(zurich);
    expect(await readSource(new File([bytes], 'a.csv'))).toMatchObject({
      records: [{ record: ['A', 'Zürich 🚀'] }],
    });
  });

  test.for<[string, Uint8Array, string]>([
    ['UTF-16 LE', Buffer.from(text, 'utf16le'), 'The file is in UTF-16LE without a byte order mark.'],
    [
      'UTF-16 BE',
      swapped(Buffer.from(text, 'utf16le')),
      'The file is in UTF-16BE without a byte order mark.',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6c, 0, 0, 0]), 'The file is in UTF-32LE.'],
    ['half a character', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0]), 'The file is not valid UTF-16.'],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004\u0014'),
      'The file is an Excel workbook (.xlsx) or another ZIP file.',
    ],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'The file is an Excel workbook (.xls)'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'The file is a PDF document.'],
    ['gzip', gzipSync(text), 'The file is compressed with gzip. Decompress it: gzip -dc < '],
  ])('of %s is told by its name', async ([, bytes, message]) => {
    await expect(open(bytes)).rejects.toThrow(message);
    await expect(readSource(new File([bytes as Uint8Array<ArrayBuffer>], 'a.csv'))).rejects.toThrow(message);
  });

  test.for<[string, Uint8Array, string]>([
    ['a letter', Buffer.from('lead_id,city\nA,Zürich\n', 'latin1'), 'line 2, byte 4 (0xFC)'],
    [
      'a letter that begins a longer one',
      Buffer.from('lead_id,city\nA,Café,x\n', 'latin1'),
      'line 2, byte 6 (0xE9)',
    ],
    ['the last letter', Buffer.from('lead_id,city\r\nA,Café', 'latin1'), 'line 2, byte 6 (0xE9)'],
    [
      'a letter below a quoted line end',
      Buffer.from('lead_id,city\rA,"a\r\nü"', 'latin1'),
      'line 3, byte 1 (0xFC)',
    ],
    [
      'a letter far below',
      Buffer.concat([
        Buffer.from('lead_id,city\n'),
        Buffer.from('é'.repeat(99_999)),
        Buffer.from('\n\nA,ü\n', 'latin1'),
      ]),
      'line 4, byte 3 (0xFC)',
    ],
  ])('of Windows is told by the place of %s, with the remedy', async ([, bytes, place]) => {
    const message = `The file is not UTF-8: ${place}. It is probably Windows-1252`;
    await expect(open(bytes)).rejects.toThrow(message);
    await expect(readSource(new File([bytes as Uint8Array<ArrayBuffer>], 'a.csv'))).rejects.toThrow(message);
  });

  test('that Windows does not have is not taken for it', async () => {
    await expect(open(Buffer.from([0x61, 0x81, 0x0a]))).rejects.toThrow(/0x81\)\. Save it as "CSV UTF-8"\.$/);
  });

  /** Runs the command that a message names, as a shell does. */
  async function converted(name: string, bytes: Uint8Array): Promise<string> {
    const path = write(bytes, name);
    const error = await openSource(path, Readable.from([]))
      .then((source) => openInput(source, procedure, { clearMarker: '\\N' }))
      .catch((reason: Error) => reason);
    const [, command = ''] = /(?:onvert|ompress) it: (.*)$/.exec(String(error)) ?? [];
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return /> ('.*'|\S+)$/.exec(command)?.[1]?.replaceAll("'", '') ?? '';
  }

  test.skipIf(spawnSync('iconv', ['--version']).error !== undefined).for([
    ['windows 1252.csv', Buffer.from('lead_id,city\nA,Zürich\n', 'latin1')],
    ['-dash.csv', Buffer.from('lead_id,city\nA,Zürich\n', 'latin1')],
    ['no mark.csv', Buffer.from('lead_id,city\nA,Zürich\n', 'utf16le')],
    ['no-extension', swapped(Buffer.from('lead_id,city\nA,Zürich\n', 'utf16le'))],
    [
      'wide.csv',
      Buffer.from([
        0xff,
        0xfe,
        0,
        0,
        ...[...'lead_id,city\nA,Zürich\n'].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0]),
      ]),
    ],
  ] as const)('is converted by the command that is told: %s (needs iconv)', async ([name, bytes]) => {
    const path = await converted(name, bytes);
    expect(await items(readFileSync(path))).toEqual([[2, { lead_id: 'A', data: { city: 'Zürich' } }]]);
  });

  test.skipIf(spawnSync('gzip', ['--version']).error !== undefined)(
    'is found in what the command that is told decompresses (needs gzip)',
    async () => {
      const path = await converted('compressed.csv', gzipSync(text));
      expect(await items(readFileSync(path))).toEqual(zurich);
    },
  );

  test('of the standard input is converted on its way', () => {
    expect(() => encodingOf(gzipSync(text), '-')).toThrow('… | gzip -dc | …');
  });
});
