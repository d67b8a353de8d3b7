import { describe, expect, test } from 'vitest';
import { GzipError } from '../../../../lambdas/rows/file-fault.ts';
import { splitFile } from '../../../../lambdas/rows/split-file.ts';
import { bytesOf, inParts, split, textOf } from '../../../support/file-parts.ts';

const textsOf = (chunks: readonly { bytes: Uint8Array }[]) => chunks.map(({ bytes }) => textOf(bytes));

describe('the head', () => {
  test('has the names of the columns, how they are written, and where the rows begin', async () => {
    const { head } = await split('\uFEFFid,"Ci\nty"\r\n');
    expect(head).toEqual({
      cells: ['id', 'Ci\nty'],
      text: 'id,"Ci\nty"',
      delimiter: ',',
      lineEnd: '\r\n',
      hasMark: true,
      hasSeparatorLine: false,
      end: { byte: 15, row: 0, line: 2 },
    });
  });

  test('follows a line that names the delimiter, and empty lines', async () => {
    const { head, chunks } = await split('sep=;\n\nid;city\nA;Goa,x\n');
    expect(head).toMatchObject({
      cells: ['id', 'city'],
      delimiter: ';',
      hasSeparatorLine: true,
      end: { line: 3 },
    });
    expect(textsOf(chunks)).toEqual(['A;Goa,x\n']);
  });

  test('alone has no chunk', async () => {
    const { head, chunks, fault } = await split('id,city');
    expect(head).toMatchObject({ cells: ['id', 'city'], lineEnd: '', end: { byte: 7, row: 0, line: 0 } });
    expect([chunks, fault]).toEqual([[], undefined]);
  });

  test('is not there in an NDJSON, whose byte order mark is skipped', async () => {
    const { head, chunks } = await split('\uFEFF{"a":1}\r\n\n \n{"b":"\u2028"}', { format: 'ndjson' });
    expect(head).toBeUndefined();
    expect(chunks).toMatchObject([{ from: { byte: 3, row: 0, line: 0 }, to: { byte: 26, row: 2, line: 3 } }]);
  });
});

describe('chunks', () => {
  test('have at most a number of rows, and of bytes', async () => {
    const text = 'id,b\nA,1\nB,2\nC,3\n"D\n",4\nE,5';
    expect(textsOf((await split(text, { limits: { rows: 2 } })).chunks)).toEqual([
      'A,1\nB,2\n',
      'C,3\n"D\n",4\n',
      'E,5',
    ]);
    expect(textsOf((await split(text, { limits: { bytes: 9 } })).chunks)).toEqual([
      'A,1\nB,2\n',
      'C,3\n',
      '"D\n",4\n',
      'E,5',
    ]);
  });

  test('count neither empty lines nor rows of empty cells, whose lines count', async () => {
    const { chunks } = await split('id,b\n\n,\nA,1\n" ",\n\u00a0,\nB,2\n\n', { limits: { rows: 1 } });
    expect(chunks.map(({ from, to }) => [from.row, from.line, to.row, to.line])).toEqual([
      [0, 1, 1, 4],
      [1, 4, 2, 7],
    ]);
  });

  test('leave out more than a chunk of empty lines', async () => {
    const { chunks } = await split(`id,b\nA,1\n${'\n'.repeat(30)}B,2\n`, { limits: { bytes: 10 } });
    expect(chunks.map(({ from, to }) => [from.row, to.row])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(chunks[1]?.to).toEqual({ byte: 43, row: 2, line: 33 });
  });
});

describe('a broken file', () => {
  test('that is not UTF-8 has its rows before that as usual, and the others with their boundaries', async () => {
    const bytes = Buffer.from('id,b\nA,1\n"B\n\xe4",2\n"C\n",3\n', 'latin1');
    const { chunks, fault, broken } = await split(bytes);
    expect(textsOf(chunks)).toEqual(['A,1\n']);
    expect(fault).toEqual({
      code: 'NOT_UTF8',
      message:
        'Line 4 (byte 13 of the text): the byte 0xE4 is not UTF-8. Save the file as UTF-8, which spreadsheets call "CSV UTF-8".',
      at: { byte: 12, row: 1, line: 3 },
    });
    expect(broken).toMatchObject([
      { from: { byte: 9, row: 1, line: 2, broken: 'rows' }, to: { row: 3, line: 6 }, isBroken: true },
    ]);
  });

  test.each([
    [
      'id,b\nA,1\nB,"2\n"x,3\nC,4',
      'NOT_CSV',
      'Line 4 (byte 15 of the text): text follows the closing quotation mark',
      3,
    ],
    ['id,b\nA,1\nB,2"\nC,4', 'NOT_CSV', 'Line 3 (byte 13 of the text): a cell has a quotation mark but', 2],
    [
      'id,b\nA,1\nB,"2\nC,4',
      'CUT_SHORT',
      'Line 3 (byte 10 of the text): a quotation mark is never closed.',
      2,
    ],
  ])(
    'of which nothing shows where rows end, %j, has its lines as rows',
    async (text, code, message, rows) => {
      const { chunks, fault, broken } = await split(text);
      expect(textsOf(chunks)).toEqual(['A,1\n']);
      expect(fault).toMatchObject({ code, message: expect.stringContaining(message) });
      expect(broken).toMatchObject([{ from: { row: 1, broken: 'lines' }, to: { row: 1 + rows } }]);
    },
  );

  test('with a row larger than a chunk is cut at the ends of lines, or between characters', async () => {
    const { chunks, fault, broken } = await split('id,b\nA,1\nB,"éééééé\nC,2\nDDDDDDDDDD\nE,3', {
      limits: { bytes: 9 },
      size: 1,
    });
    expect(textsOf(chunks)).toEqual(['A,1\n']);
    expect(fault).toMatchObject({ code: 'ROW_TOO_LARGE', at: { byte: 9, row: 1, line: 2 } });
    expect(textsOf(broken)).toEqual(['B,"ééé', 'ééé\n', 'C,2\n', 'DDDDDDDDD', 'D\nE,3']);
    expect(broken.at(-1)).toMatchObject({ from: { row: 5, line: 4 }, to: { row: 7, line: 5 } });
  });

  test.each([
    ['{"a":1}\n{"b":', 'CUT_SHORT'],
    ['{"a":1}\n{"b":"\xc3', 'CUT_SHORT'],
    ['{"a":1}\n{"b":2}', undefined],
    ['{"a":1}\n{"b":\n', undefined],
  ])('of NDJSON ends within a row, if its last line is not whole: %j', async (text, code) => {
    const { chunks, fault } = await split(Buffer.from(text, 'latin1'), { format: 'ndjson' });
    expect(fault?.code).toBe(code);
    expect(chunks[0]?.to.row).toBe(code === undefined ? 2 : 1);
  });

  test('of CSV that ends within a character is cut short', async () => {
    const { fault } = await split(Buffer.from('id,b\nA,1\nB,\xc3', 'latin1'));
    expect(fault).toMatchObject({ code: 'CUT_SHORT', at: { row: 1, line: 2 } });
  });

  test.each([
    ['', 'EMPTY', 'Line 1 (byte 1 of the text): the file is empty.'],
    ['\n\n', 'EMPTY', 'Line 3 (byte 3 of the text): the file is empty.'],
    ['id,"b', 'CUT_SHORT', 'Line 1 (byte 1 of the text): a quotation mark is never closed.'],
    [Buffer.from('Gr\xf6\xdfe,b\nA,1\n', 'latin1'), 'NOT_UTF8', 'Line 1 (byte 3 of the text): the byte 0xF6'],
    [
      Buffer.from('\uFEFFid,b\nA,1\n', 'utf16le'),
      'NOT_TEXT',
      'The file is in UTF-16LE. Save it as "CSV UTF-8"',
    ],
    [Buffer.from('id,b\nA,1\n', 'utf16le'), 'NOT_TEXT', 'The file is in UTF-16LE.'],
    [Uint8Array.of(0x1f, 0x8b, 8, 0), 'NOT_TEXT', 'The file is compressed with gzip. Send it with'],
    ['PK\u0003\u0004', 'NOT_TEXT', 'The file is a workbook or an archive.'],
    ['%PDF-1.7', 'NOT_TEXT', 'The file is a PDF document.'],
    ['<!doctype html><table>', 'NOT_TEXT', 'The file is an HTML page.'],
  ])('without a head has neither rows nor chunks: %j', async (file, code, message) => {
    expect(await split(file)).toMatchObject({
      head: undefined,
      chunks: [],
      broken: [],
      fault: { code, message: expect.stringContaining(message) },
    });
  });

  test('told before is not told again', async () => {
    const text = 'id,b\nA,1\nB,"2"x\nC,"3"x\n';
    const from = { byte: 16, row: 2, line: 3, broken: 'lines' as const };
    expect(await split(text, { from })).toMatchObject({ fault: undefined, chunks: [], broken: [{ from }] });
  });
});

describe('a source that fails', () => {
  async function* failing(text: string, error: Error) {
    yield* inParts(bytesOf(text), 3);
    throw error;
  }

  test('with gzip breaks the row at its end', async () => {
    const error = new GzipError('GZIP_CUT_SHORT', 'it is short.');
    const parts = await Array.fromAsync(splitFile(failing('id,b\nA,1\nB,2', error), { format: 'csv' }));
    expect(parts.slice(1)).toMatchObject([
      { to: { row: 1 } },
      { fault: { code: 'GZIP_CUT_SHORT', message: 'Line 3 (byte 10 of the text): it is short.' } },
      { from: { row: 1, broken: 'lines' }, to: { row: 2 }, isBroken: true },
    ]);
  });

  test.each([['id,b\nA,1\n'], ['id,'], ['id,b\nA,"']])('with gzip after %j tells that', async (text) => {
    const error = new GzipError('GZIP_DAMAGED', 'it is damaged.');
    const parts = await Array.fromAsync(splitFile(failing(text, error), { format: 'csv' }));
    const faults = parts.flatMap((part) => ('fault' in part ? [part.fault.code] : []));
    expect(faults).toEqual(['GZIP_DAMAGED']);
  });

  test('otherwise throws', async () => {
    const parts = Array.fromAsync(splitFile(failing('id,b\nA,1\n', new Error('offline')), { format: 'csv' }));
    await expect(parts).rejects.toThrow('offline');
  });
});

test('a quotation mark that is never closed does not bring the file into memory', async () => {
  const line = 'x'.repeat(99);
  async function* endless() {
    yield bytesOf('id,b\nA,1\nB,"');
    for (let block = 0; block < 200; block++) yield bytesOf(`${line}\n`.repeat(1_000));
  }
  let [rows, largest, faults] = [0, 0, 0];
  for await (const part of splitFile(endless(), { format: 'csv' })) {
    if ('fault' in part) {
      faults += 1;
      expect(part.fault).toMatchObject({ code: 'ROW_TOO_LARGE', at: { row: 1, line: 2 } });
    } else if ('bytes' in part) {
      rows = part.to.row;
      largest = Math.max(largest, part.bytes.buffer.byteLength);
    }
  }
  expect([rows, faults]).toEqual([200_001, 1]);
  expect(largest).toBeLessThanOrEqual(4_000_000);
});
