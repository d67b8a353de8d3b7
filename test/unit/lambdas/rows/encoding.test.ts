import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodingOf } from '../../../../lambdas/rows/encoding.ts';
import { openInput } from '../../../../lib/cli/input.ts';
import { openSource } from '../../../../lib/cli/source.ts';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { testNeeding } from '../../../support/machine.ts';
import { procedure, rowFiles } from '../../../support/row-files.ts';

const { write, open, items } = rowFiles();
const fileOf = (bytes: Uint8Array) => new File([bytes as Uint8Array<ArrayBuffer>], 'a.csv');

describe('an encoding', () => {
  const text = 'lead_id,city\r\nA,Zürich 🚀\r\n';
  const zurich = [[2, { lead_id: 'A', data: { city: 'Zürich 🚀' } }]];
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

  test.for([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with a mark, as the "Unicode Text" of Excel', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 BE with a mark', swapped(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
    ['UTF-16 LE', Buffer.from(text, 'utf16le')],
    ['UTF-16 BE', swapped(Buffer.from(text, 'utf16le'))],
  ] as const)('of %s is read', async ([, bytes]) => {
    expect(await items(bytes)).toEqual(zurich);
    expect(await readSource(new File([bytes], 'a.csv'))).toMatchObject({
      records: [{ record: ['A', 'Zürich 🚀'] }],
    });
  });

  test.for<[string, Uint8Array, string]>([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6c, 0, 0, 0]), 'The file is in UTF-32LE.'],
    ['half a character', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0]), 'The file is not valid UTF-16.'],
  ])('of %s is told by its name', async ([, bytes, message]) => {
    await expect(open(bytes)).rejects.toThrow(message);
    await expect(readSource(fileOf(bytes))).rejects.toThrow(message);
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
    await expect(readSource(fileOf(bytes))).rejects.toThrow(message);
  });

  test('of Windows shows the line as it would read, and is read where that is asked for', async () => {
    const bytes = Buffer.from('lead_id,city\nA,M\xfcnchen \x80 5 \x84x\x93\nB,Goa\n', 'latin1');
    await expect(open(bytes)).rejects.toThrow(
      'Line 2 would read: A,München € 5 „x“\nIf that is right, read the file with --encoding windows-1252.',
    );
    expect(await items(bytes, { encoding: 'windows-1252' })).toEqual([
      [2, { lead_id: 'A', data: { city: 'München € 5 „x“' } }],
      [3, { lead_id: 'B', data: { city: 'Goa' } }],
    ]);
  });

  test('of Windows is previewed around the letter in a long line', async () => {
    const bytes = Buffer.from(`lead_id,city\nA,${'x'.repeat(200)}\xfc${'y'.repeat(200)}\n`, 'latin1');
    await expect(open(bytes)).rejects.toThrow(`Line 2 would read: …${'x'.repeat(40)}ü${'y'.repeat(39)}…\n`);
  });

  test.for([0x81, 0x8d, 0x8f, 0x90, 0x9d])(
    'that Windows does not have is not taken for it: %i',
    async (byte) => {
      const bytes = Buffer.from([0x61, byte, 0x0a]);
      const hex = byte.toString(16).toUpperCase();
      await expect(open(bytes)).rejects.toThrow(new RegExp(`0x${hex}\\)\\. Save it as "CSV UTF-8"\\.$`));
      await expect(open(bytes, { encoding: 'windows-1252' })).rejects.toThrow(
        `The file is not Windows-1252: line 1, byte 2 (0x${hex}). Save it as "CSV UTF-8".`,
      );
    },
  );

  test('that is named against the byte order mark is refused', async () => {
    await expect(open(Buffer.from(`\uFEFF${text}`), { encoding: 'windows-1252' })).rejects.toThrow(
      'The file begins with the byte order mark of UTF-8. Omit --encoding windows-1252.',
    );
    await expect(open(Buffer.from(`\uFEFF${text}`, 'utf16le'), { encoding: 'utf-8' })).rejects.toThrow(
      'the byte order mark of UTF-16LE. Omit --encoding utf-8.',
    );
    expect(await items(Buffer.from(`\uFEFF${text}`), { encoding: 'utf-8' })).toEqual(zurich);
  });

  test('that is damaged behind a byte order mark is not taken for that of Windows', async () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFlead_id,city\nA,'), Buffer.from([0xfc, 0x0a])]);
    await expect(open(bytes)).rejects.toThrow(
      'The file is not UTF-8: line 2, byte 3 (0xFC). Save it as "CSV UTF-8".',
    );
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

  testNeeding('iconv').for(['wide file.csv', '-dash.csv', 'no-extension'])(
    'is converted by the command that is told: %s (needs iconv)',
    async (name) => {
      const letters = [...'\uFEFFlead_id,city\nA,Zürich\n'];
      const bytes = Buffer.from(new Uint32Array(letters.map((letter) => letter.charCodeAt(0))).buffer);
      const path = await converted(name, bytes);
      expect(await items(readFileSync(path))).toEqual([[2, { lead_id: 'A', data: { city: 'Zürich' } }]]);
    },
  );

  test('is found in what a compressed file has compressed', async () => {
    expect(await items(gzipSync(text))).toEqual(zurich);
  });

  test('of the standard input is converted on its way', () => {
    expect(() => encodingOf(gzipSync(text), '-')).toThrow('… | gzip -dc | …');
  });
});
