import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { charactersOf } from '../../lambdas/rows/characters.ts';
import { separatorOf } from '../../lambdas/rows/csv-delimiter.ts';
import { encodingOf } from '../../lambdas/rows/encoding.ts';
import { writeFailed } from '../../lib/cli/failed-file.ts';
import { type InputOptions, openInput } from '../../lib/cli/input.ts';
import { openSource } from '../../lib/cli/source.ts';
import { readSource } from '../../lib/console/model/read-source.ts';
import { aProcedure } from '../support/builders.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const procedure = aProcedure({
  attributes: { ...aProcedure().attributes, tags: { type: 'multiStringEnum' }, extra: { type: 'json' } },
});
let files = 0;

function write(content: string | Uint8Array, name = `${files++}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Opens a file with that content, as the command does. */
async function open(content: string | Uint8Array, options: Partial<InputOptions> = {}, name?: string) {
  const source = await openSource(write(content, name), Readable.from([]));
  return openInput(source, procedure, { clearMarker: '\\N', ...options });
}

async function items(
  content: string | Uint8Array,
  options: Partial<InputOptions> = {},
  name?: string,
): Promise<[number, unknown][]> {
  const rows = await Array.fromAsync((await open(content, options, name)).rows());
  return rows.map(({ line, text }) => [line, JSON.parse(text)]);
}

const goa = { lead_id: 'A', data: { city: 'Goa' } };
const pune = { lead_id: 'B', data: { city: 'Pune' } };

describe('line ends', () => {
  const ends = fc.constantFrom('\n', '\r', '\r\n');
  const cell = fc
    .array(fc.constantFrom('a', 'é', ',', '"', '\n', '\r', '\r\n', ';', ' '), { maxLength: 4 })
    .map((parts) => parts.join(''));

  test('of all kinds may be mixed, are kept within quotes, and are the lines that are told', async () => {
    const row = fc.record({
      city: cell,
      isQuoted: fc.boolean(),
      end: ends,
      blank: fc.constantFrom('', '\n'),
    });
    await fc.assert(
      fc.asyncProperty(ends, fc.array(row, { minLength: 1, maxLength: 6 }), async (first, rows) => {
        let text = `city,lead_id${first}`;
        const expected: [number, unknown][] = [];
        for (const [index, { city, isQuoted, end, blank }] of rows.entries()) {
          const quoted = isQuoted || /[,"\r\n]/.test(city) ? `"${city.replaceAll('"', '""')}"` : city;
          const line = text.split(/\r\n|\r|\n/).length;
          const data = city === '' ? {} : { data: { city } };
          expected.push([line, { lead_id: `L${index}`, ...data }]);
          text += `${quoted},L${index}${end}`;
          // A line feed behind a carriage return would be one end with it.
          if (end !== '\r') text += blank;
        }
        expect(await items(text)).toEqual(expected);
        const inBrowser = await readSource(new File([text], 'a.csv'));
        if (inBrowser.format !== 'csv') throw new Error('CSV was expected');
        expect(inBrowser.records.map(({ line }) => line)).toEqual(expected.map(([line]) => line));
      }),
      { numRuns: 200 },
    );
  });

  test('within the name of a column count as lines too', async () => {
    const map = new Map([['a\r\nb', '']]);
    expect(await items('lead_id,city,"a\r\nb"\r\nA,Goa,x\r\nB,Pune,y', { map })).toEqual([
      [3, goa],
      [4, pune],
    ]);
  });

  test('are where a row is said to be no CSV', async () => {
    await expect(open('lead_id,city\r\nA,"x\r\ny"\r\nB,"Pu"ne\r\n')).rejects.toThrow(
      'The row after line 3 is not valid CSV',
    );
  });
});

describe('the line that names the delimiter', () => {
  test.for([
    ['sep=;', ';'],
    ['SEP=,', ','],
    ['"sep=;"', ';'],
    ['"sep=\t"', '\t'],
    ['sep=\t', '\t'],
    ['sep=\\t', '\t'],
    ['sep=|', '|'],
    ['sep=~', '~'],
    ['sep=;;;', ';'],
    ['"sep=;";;', ';'],
    ['\uFEFFsep=;', ';'],
  ] as const)('%j is no row, and %j separates', async ([line, delimiter]) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const rows = ['lead_id,city', 'A,Goa', 'B,Pune'].map((row) => row.replace(',', delimiter));
      const text = [line, ...rows].join(end);
      expect(await items(text)).toEqual([
        [3, goa],
        [4, pune],
      ]);
      expect(await readSource(new File([text], 'a.csv'))).toMatchObject({
        ...{ head: { headers: ['lead_id', 'city'], delimiter }, records: [{ line: 3 }, { line: 4 }] },
      });
    }
  });

  test.for(['sep=', 'sep=ab', 'sep=a', 'sep=;x', 'separator=;', ' sep=;', 'sep=";"'])(
    '%j is none',
    (line) => {
      expect(separatorOf(`${line}\n`)).toBeUndefined();
    },
  );

  test('stands in the file of failed rows as well', async () => {
    const input = await open('sep=;\r\nlead_id;city\r\nA;Goa\r\n');
    expect(input.failed.head).toBe('sep=;\nlead_id;city;_error_code;_error_message\n');
  });
});

describe('the delimiter', () => {
  test.for([
    ['lead_id|city\nA|Goa\nB|Pune\n', new Map()],
    ['lead_id;Stadt, Land, Region\nA;Goa\nB;Pune\n', new Map([['Stadt, Land, Region', 'city']])],
    ['lead_id;Stadt, Land\nA;Goa\nB;Pune\n', new Map([['Stadt, Land', 'city']])],
    ['"Stadt, Land";lead_id\nGoa;A\nPune;B\n', new Map([['Stadt, Land', 'city']])],
    ['lead_id,"a;b;c;d",city\nA,,Goa\nB,,Pune\n', new Map([['a;b;c;d', '']])],
    ['lead_id\ta, b; c | d\nA\tGoa\nB\tPune\n', new Map([['a, b; c | d', 'city']])],
  ] as const)('of %j is the one that the rows confirm', async ([text, map]) => {
    expect((await items(text, { map })).map(([, item]) => item)).toEqual([goa, pune]);
  });

  test('of a row that is wrong is found by the others', async () => {
    await expect(
      open('lead_id;a, b, c\nA;Goa\nB\nC;Pune\n', { map: new Map([['a, b, c', 'city']]) }),
    ).rejects.toThrow('Line 3 has 1 cell; the header has 2.');
  });

  test('that is none of those is to be named', async () => {
    await expect(open('lead_id:city\nA:Goa\n')).rejects.toThrow(
      'If the file has several columns, give its delimiter with --delimiter.',
    );
    expect(await items('lead_id:city\nA:Goa\nB:Pune\n', { delimiter: ':' })).toHaveLength(2);
    expect(
      await items('[lead_id],[city]\nA,Goa\n', {
        map: new Map([
          ['[lead_id]', 'lead_id'],
          ['[city]', 'city'],
        ]),
      }),
    ).toEqual([[2, goa]]);
  });

  test.for([',', ';', '\t', '|', '~', '^', ':'])('%j separates when it is said to', async (delimiter) => {
    const text = `lead_id,city\nA,Goa\nB,Pune\n`.replaceAll(',', delimiter);
    expect(await items(text, { delimiter })).toHaveLength(2);
  });
});

describe('columns and rows', () => {
  test.for([
    'lead_id,city,,\nA,Goa,,\nB,Pune,,\n',
    'lead_id,city,,\nA,Goa\nB,Pune,\n',
    'lead_id,city\nA,Goa,,\nB,Pune, \n',
    'lead_id,,city\nA,,Goa\nB,,Pune\n',
    ',,\nlead_id,city,\nA,Goa,\nB,Pune,\n',
  ])('without a name and without any text do not count: %j', async (text) => {
    expect((await items(text)).map(([, item]) => item)).toEqual([goa, pune]);
  });

  test('without a name but with text are told by their place, and the remedy helps', async () => {
    const text = 'lead_id,city,,\nA,Goa,,\nB,Pune,,x\n';
    await expect(open(text)).rejects.toThrow(
      'Line 3 has text in column 4, which has no name.\nName the column in the first line, or omit columns without a name with --map "=".',
    );
    expect(await items(text, { map: new Map([['', '']]) })).toHaveLength(2);
    expect(await items(text.replace(',,\n', ',,phone_number\n'))).toHaveLength(2);
  });

  test.for([
    ['lead_id,city,score\nA,Goa\n', 'Line 2 has 2 cells; the header has 3.\nQuote cells'],
    ['lead_id,city\nA\n', 'Line 2 has 1 cell; the header has 2.\nQuote cells'],
    ['lead_id,city\nA,Goa,x\n', 'Line 2 has 3 cells; the header has 2.\nQuote cells'],
  ] as const)('of another length than the first are refused: %j', async ([text, message]) => {
    await expect(open(text)).rejects.toThrow(message);
  });

  test('that lack cells at the end have empty ones where that is asked for, and no row has too many', async () => {
    const padShortRows = true;
    expect(await items('lead_id,city,score\nA,Goa\nB,,5\n', { padShortRows })).toEqual([
      [2, goa],
      [3, { lead_id: 'B', data: { score: '5' } }],
    ]);
    await expect(open('lead_id,city\nA,Goa,x\n', { padShortRows })).rejects.toThrow('Line 2 has 3 cells');
    const input = await open('lead_id,city,score\nA\n', { padShortRows });
    const [row] = await Array.fromAsync(input.rows());
    if (row === undefined) throw new Error('a row was expected');
    expect(input.failed.lineOf(row, [{ code: 'X', message: 'Y.' }])).toBe('A,,,X,Y.\n');
  });

  test('that are unknown are left out and told where that is asked for', async () => {
    const input = await open('lead_id,city,town,Note\nA,Goa,x,y\n', { ignoreUnknownColumns: true });
    expect(input.warnings).toEqual(['Omitted, as unknown columns: "town", "Note".']);
    expect((await Array.fromAsync(input.rows())).map(({ text }) => JSON.parse(text))).toEqual([goa]);
  });
});

describe('cells', () => {
  test.for(['null', ' null '])('%j never clears, though the column holds JSON', async (cell) => {
    for (const column of ['extra', 'tags']) {
      await expect(open(`lead_id,${column}\nA,"${cell}"\n`)).rejects.toThrow(
        `Line 2 has null in the column ${column}, which would clear it.\nWrite \\N to clear a field, or the JSON text "null", which is """null""" in a CSV.`,
      );
    }
    expect(await items(`lead_id,city\nA,"${cell}"\n`)).toMatchObject([[2, { data: { city: cell } }]]);
  });

  test('that are told to write instead are what they say', async () => {
    expect(await items('lead_id,extra\nA,\\N\nB,"""null"""\n')).toEqual([
      [2, { lead_id: 'A', data: { extra: null } }],
      [3, { lead_id: 'B', data: { extra: 'null' } }],
    ]);
  });

  test.for(['NaN', 'undefined', 'None', 'NULL', '#N/A', 'Infinity'])('%s is a text', async (cell) => {
    expect(await items(`lead_id,score,extra\nA,${cell},${cell}\n`)).toEqual([
      [2, { lead_id: 'A', data: { score: cell, extra: cell } }],
    ]);
  });

  test.for(['1.23E+15', '1,23E+15', '5.03E+02', '1E+11'])('a key that became %s is refused', async (cell) => {
    await expect(open(`lead_id;city\n${cell};Goa\n`)).rejects.toThrow(
      `Line 2 has ${cell} as its lead_id, to which a spreadsheet shortened a longer number.\nFormat the column as text`,
    );
    const line = JSON.stringify({ lead_id: cell, data: { city: 'Goa' } });
    expect(await items(line, {}, 'as-told.ndjson')).toHaveLength(1);
  });

  test('that are likely not meant are told, and sent as they are', async () => {
    const rows = [
      'A ,1.23E+15',
      'B\u200b,5',
      '\u00a0C,1.23E+15',
      'D,5',
      ...'EFGH'.split('').map((key) => `${key} ,5`),
    ];
    const input = await open(`lead_id,phone_number\n${rows.join('\n')}\n`);
    expect(input.warnings).toEqual([
      'Warning: keys with spaces around them or invisible characters are sent unchanged (lines 2, 3, 4, 6, 7 and 2 more).',
      'Warning: numbers such as 1.23E+15, to which spreadsheets shorten longer ones, are sent unchanged (lines 2, 4).',
    ]);
    const sent = await Array.fromAsync(input.rows());
    expect(sent.slice(0, 3).map(({ text }) => JSON.parse(text).lead_id)).toEqual([
      'A ',
      'B\u200b',
      '\u00a0C',
    ]);
  });
});

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

  test('is told of the first byte that is none of it, however the bytes come', async () => {
    const valid = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '€', '🚀') });
    const wrong = fc.constantFrom([0xfc], [0xe9, 0x61], [0x80], [0xf0, 0x9f], [0xc3, 0xc3, 0xa9]);
    await fc.assert(
      fc.asyncProperty(
        valid,
        wrong,
        valid,
        fc.integer({ min: 1, max: 5 }),
        async (before, bytes, behind, size) => {
          const head = Buffer.from(before);
          // A byte behind what is cut would go on with it.
          const all = Buffer.concat([head, Buffer.from(bytes), Buffer.from(`a${behind}`)]);
          const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
            all.subarray(index * size, (index + 1) * size),
          );
          const read = Array.fromAsync(charactersOf(chunks, { name: 'utf-8', hasMark: false }, 'a.csv'));
          const lines = before.split('\n');
          const place = `line ${lines.length}, byte ${Buffer.byteLength(lines.at(-1) ?? '') + 1} `;
          await expect(read).rejects.toThrow(place);
        },
      ),
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

describe('JSON is known by its content', () => {
  test.for([
    ['lines.json', '{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n', [1, 2]],
    [
      'lines-crlf.json',
      '{"lead_id":"A","data":{"city":"Goa"}}\r\n{"lead_id":"B","data":{"city":"Pune"}}',
      [1, 2],
    ],
    [
      'marked.json',
      '\uFEFF\n{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n',
      [2, 3],
    ],
    [
      'array.jsonl',
      '[{"lead_id":"A","data":{"city":"Goa"}},\n{"lead_id":"B","data":{"city":"Pune"}}]',
      [1, 2],
    ],
    [
      'wrapped.ndjson',
      '{"options":{},"processes":[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]}',
      [1, 2],
    ],
    [
      'pretty.json',
      '{\n  "lead_id": "A",\n  "data": { "city": "Goa" }\n}\n{\n  "lead_id": "B",\n  "data": { "city": "Pune" }\n}\n',
      [1, 2],
    ],
    [
      'pretty.jsonl',
      '{\n  "lead_id": "A",\n  "data": { "city": "Goa" }\n}\n{\n  "lead_id": "B",\n  "data": { "city": "Pune" }\n}\n',
      [1, 2],
    ],
    ['joined.json', '{"lead_id":"A","data":{"city":"Goa"}}{"lead_id":"B","data":{"city":"Pune"}}', [1, 2]],
    ['lines.csv', '{"lead_id":"A","data":{"city":"Goa"}}\n{"lead_id":"B","data":{"city":"Pune"}}\n', [1, 2]],
    ['array.csv', '[ {"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]', [1, 2]],
    ['pretty.txt', '{\n"lead_id":"A","data":{"city":"Goa"}} {"lead_id":"B","data":{"city":"Pune"}}', [1, 2]],
  ] as const)('%s', async ([name, text, lines]) => {
    expect(await items(text, {}, name)).toEqual([
      [lines[0], goa],
      [lines[1], pune],
    ]);
    expect(await readSource(new File([text], name))).toMatchObject({
      rows: [{ line: lines[0] }, { line: lines[1] }],
    });
  });

  test('one line alone is an item', async () => {
    expect(await items('{"lead_id":"A","data":{"city":"Goa"}}', {}, 'one.json')).toEqual([[1, goa]]);
  });

  test.for([
    ['nan.ndjson', '{"lead_id":"A","data":{"score":NaN}}\n', 'Line 1 is not valid JSON'],
    ['nan.json', '[{"lead_id":"A","data":{"score":NaN}}]', 'Line 1 is not valid JSON'],
    ['infinity.json', '[{"lead_id":"A","data":{"score":-Infinity}}]', 'Line 1 is not valid JSON'],
    ['undefined.json', '{\n"lead_id":"A","data":{"score":undefined}}', 'Line 2 is not valid JSON'],
    ['hole.json', '[{"lead_id":"A","data":{"extra":[1,,2]}}]', 'Line 1 is not valid JSON'],
    ['cut.json', '{\n"lead_id":"A"}\n{"lead_id"', 'Line 3 is not valid JSON'],
  ] as const)('what is none is refused, and not null: %s', async ([name, text, message]) => {
    await expect(open(text, {}, name)).rejects.toThrow(message);
  });
});

describe('failed rows', () => {
  const errors = [{ code: 'X', message: 'Y.' }];
  const failed = async (text: string | Uint8Array, options: Partial<InputOptions> = {}) => {
    const input = await open(text, options);
    const path = join(folder, `failed-${files++}.csv`);
    async function* all() {
      for (let position = 0; position < input.total; position++) yield { position, errors };
    }
    await writeFailed(path, input, all());
    return readFileSync(path);
  };
  const MARK = Buffer.from('\uFEFF');

  test.for([
    ['the file has one', '\uFEFFlead_id,city\nA,Goa\n', true],
    ['a cell is not ASCII', 'lead_id,city\nA,Zürich\n', true],
    ['a name is not ASCII', 'lead_id,city,Straße\nA,Goa,\n', true],
    ['neither', 'lead_id,city\nA,Goa\n', false],
    ['the file is UTF-16 with one', Buffer.from('\uFEFFlead_id\tcity\nA\tGoa\n', 'utf16le'), true],
  ] as const)('begin with a byte order mark: %s', async ([, text, hasMark]) => {
    const bytes = await failed(text, { map: new Map(String(text).includes('ß') ? [['Straße', '']] : []) });
    expect(bytes.subarray(0, 3).equals(MARK)).toBe(hasMark);
    expect(bytes.indexOf(MARK, 1)).toBe(-1);
  });

  test('of JSON have none', async () => {
    const input = await open('\uFEFF{"lead_id":"Zürich"}\n', {}, 'marked.ndjson');
    expect(input.failed.mark).toBe('never');
  });

  test('mean the same when they are sent again, and when a spreadsheet has saved them before', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ü', ',', ';', '"', '\n', '\r', '\t', '|', '=', "'", ' ', '0'),
    });
    const delimiter = fc.constantFrom(',', ';', '\t', '|');
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, delimiter, fc.constantFrom('\n', '\r\n'), async (cells, between, end) => {
        const records = cells.map(([city, phone], index) => [`L${index}`, city, phone]);
        const text = stringify([['lead_id', 'city', 'phone_number'], ...records], { delimiter: between });
        const first = (await items(text)).map(([, item]) => item);
        const bytes = await failed(text);
        expect((await items(bytes)).map(([, item]) => item)).toEqual(first);
        // As Excel does where the comma is the decimal mark, with the columns in another order.
        const saved = records.map(([id, city, phone]) => [phone, 'X', id, city]);
        const head = ['phone_number', '_error_code', 'lead_id', 'city'];
        const text2 = `\uFEFF${stringify([head, ...saved], { delimiter: ';', record_delimiter: end, quoted: true })}`;
        expect((await items(text2)).map(([, item]) => item)).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });

  test('of JSON are known in an array too, and are sent without their errors', async () => {
    const text = '[{"lead_id":"A","data":{"city":"Goa"},"_errors":[{"code":"X","message":"Y."}]}]';
    expect(await items(text, {}, 'array.json')).toEqual([[1, goa]]);
    const input = await open(text, {}, 'array-again.json');
    expect(input).toMatchObject({
      isOfFailed: true,
      warnings: ['Omitted, as errors of an earlier run: "_errors".'],
    });
  });

  test('are known by their columns, and say which these are', async () => {
    const input = await open('lead_id,_error_message,city\nA,x,Goa\n');
    expect(input.isOfFailed).toBe(true);
    expect(input.warnings).toEqual(['Omitted, as errors of an earlier run: "_error_message".']);
    expect((await open('{"lead_id":"A","_errors":[]}\n', {}, 'failed.ndjson')).isOfFailed).toBe(true);
    expect((await open('lead_id,city\nA,Goa\n')).isOfFailed).toBe(false);
  });
});
