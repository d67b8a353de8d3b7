import { appendFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf, slicesOf } from '../../lambdas/rows/characters.ts';
import { openInput } from '../../lib/cli/input.ts';
import { openSource } from '../../lib/cli/source.ts';
import { MAX_BODY_BYTES } from '../../lib/client/batches.ts';
import { aProcedure } from '../support/builders.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();
const stdin = Readable.from([]);
let files = 0;

/** Opens a file with that content, as the command does. */
async function open(extension: string, content: string | Uint8Array) {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return openInput(await openSource(path, stdin), aProcedure(), { clearMarker: '\\N' });
}

/** Its items, with the lines where they begin. */
async function items(extension: string, content: string | Uint8Array): Promise<[number, unknown][]> {
  const rows = await Array.fromAsync((await open(extension, content)).rows());
  return rows.map(({ line, text }) => [line, JSON.parse(text)]);
}

const goa = { lead_id: 'A', data: { city: 'Goa' } };
const pune = { lead_id: 'B', data: { city: 'Pune' } };

test.for([
  ['plain', 'lead_id,city\nA,Goa\nB,Pune\n'],
  ['with a byte order mark and CRLF', '\uFEFFlead_id,city\r\nA,Goa\r\nB,Pune'],
  ['with semicolons', 'lead_id;city\nA;Goa\nB;Pune\n'],
  ['with tabs', 'lead_id\tcity\nA\tGoa\nB\tPune\n'],
  ['with spaces around the names of columns', ' lead_id , city\nA,Goa\nB,Pune\n'],
] as const)('a CSV %s', async ([, content]) => {
  expect(await items('csv', content)).toEqual([...[[2, goa] as const, [3, pune] as const]]);
});

test('a name with the other delimiter in quotes does not change how a CSV is cut', async () => {
  expect(await items('csv', '"lead_id";"city"\nA;"Goa, India"\n')).toEqual([
    [2, { lead_id: 'A', data: { city: 'Goa, India' } }],
  ]);
});

test('quotes, line breaks and characters of any plane in cells; rows without text do not count', async () => {
  const content = 'lead_id,city\nA,"Zürich ""ZH""\n🚀"\n\n,\nB,Pune\n';
  expect(await items('csv', content)).toEqual([
    [2, { lead_id: 'A', data: { city: 'Zürich "ZH"\n🚀' } }],
    [6, pune],
  ]);
});

test.for([
  [
    'ndjson',
    '\uFEFF{"lead_id":"A","data":{"city":"Goa"}}\r\n\r\n{"lead_id":"B","data":{"city":"Pune"}}',
    [1, 3],
  ],
  ['json', '[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}]', [1, 2]],
  [
    'json',
    '{"x":[{}],"processes":[{"lead_id":"A","data":{"city":"Goa"}},{"lead_id":"B","data":{"city":"Pune"}}],"y":[1]}',
    [1, 2],
  ],
] as const)('%s: %s', async ([extension, content, lines]) => {
  expect(await items(extension, content)).toEqual([...[[lines[0], goa] as const, [lines[1], pune] as const]]);
});

test('a line of NDJSON ends with a line feed only', async () => {
  expect(await items('ndjson', '{"lead_id":"A","data":{"city":"a\u2028b\u2029c"}}')).toEqual([
    [1, { lead_id: 'A', data: { city: 'a\u2028b\u2029c' } }],
  ]);
});

test.for(['json', 'ndjson'])(
  'numbers and repeated keys in %s stay as they are written',
  async (extension) => {
    const item = '{"a":12345678901234567890,"a":1.50,"b":[1e400,{}],"c":"\\u00fc"}';
    const [row] = await Array.fromAsync(
      (await open(extension, extension === 'json' ? `[${item}]` : item)).rows(),
    );
    expect(row?.text).toBe(item.replace('\\u00fc', extension === 'json' ? 'ü' : '\\u00fc'));
  },
);

test.for([
  ['lead_id,city\nA,Goa\n', 'csv'],
  ['\uFEFF {"lead_id":"A"}\n{"lead_id":"B"}', 'ndjson'],
  ['\n[{"lead_id":"A"}]', 'json'],
  ['{ "processes": [] }', 'json'],
  ['{\n  "processes": [] }', 'json'],
] as const)(
  '%j without a known extension is taken for %s, from the standard input too',
  async ([content, format]) => {
    const path = join(folder, `${files++}.txt`);
    writeFileSync(path, content);
    expect((await openSource(path, stdin)).format).toBe(format);
    const written = await openSource('-', Readable.from([content]));
    rmSync(dirname(written.path), { recursive: true });
    expect(written.format).toBe(format);
    expect((await openSource(path, stdin, 'csv')).format).toBe('csv');
  },
);

test.for<[string, string | Uint8Array, string]>([
  ['csv', '', 'The file is empty'],
  ['csv', 'lead_id,city\n', 'The file has no items.'],
  [
    'csv',
    'lead_id,city\nA,Goa\n\nB\nC,x,y\n',
    'Line 4 has 1 cell; the header has 2.\nLine 5 has 3 cells; the header has 2.\nQuote cells',
  ],
  [
    'csv',
    'lead_id,city\nA,Goa\nB,"Pu"ne\n',
    'The row after line 2 is not valid CSV: text follows the closing quote of a cell',
  ],
  ['csv', 'lead_id,city\nA,"Goa\nB,Pune\n', 'The row after line 1 is not valid CSV: a quote is never closed'],
  [
    'csv',
    `lead_id,city\nA,"${'x'.repeat(MAX_BODY_BYTES + 1)}`,
    'The row after line 1 is not valid CSV: it is larger than the 4 MB of a request',
  ],
  ['ndjson', '{"a":1}\n{"a":1,}\n', 'Line 2 is not valid JSON: '],
  ['ndjson', 'x'.repeat(MAX_BODY_BYTES + 70_000), 'Line 1 is larger than the 4 MB of a request'],
  ['ndjson', `{"a":1}\n"${'ü'.repeat(MAX_BODY_BYTES / 2)}"`, 'Line 2 is larger than the 4 MB of a request'],
  ['json', '{"processes":1}', 'The file has no items. Send an array'],
  ['json', '[]', 'The file has no items. Send an array'],
  ['json', '5', 'The file has no items. Send an array'],
  ['json', '[{"a":1},\n{"a":2},}\n\n', 'Line 2 is not valid JSON: '],
  ['json', '[{"a":1}', 'Line 1 is not valid JSON: '],
])('a file of %s that cannot be sent: %#', async ([extension, content, message]) => {
  await expect(open(extension, content)).rejects.toThrow(message);
});

test.for([
  ['json', `[{"a":"${'x'.repeat(MAX_BODY_BYTES)}"}]`, 'Item 1 is larger than the 4 MB of a request'],
  ['json', `[1,${'['.repeat(MAX_BODY_BYTES + 1)}`, 'Item 2 is larger than the 4 MB of a request'],
  ['json', `[1${'0'.repeat(2 * MAX_BODY_BYTES)}]`, 'Item 1 is larger than the 4 MB of a request'],
  ['json', `{"${'x'.repeat(2 * MAX_BODY_BYTES)}":1}`, 'larger than the 4 MB of a request'],
  ['json', '{\n"a":'.repeat(2_000), 'nested too deeply'],
  ['csv', `lead_id,city\nA,${','.repeat(2 * MAX_BODY_BYTES)}`, 'A line is larger than the 4 MB of a request'],
] as const)('what would fill the memory is refused: %#', async ([extension, content, message]) => {
  await expect(open(extension, content)).rejects.toThrow(message);
});

test('the time for an item grows with its size, not with the square of it', async () => {
  const members = Array.from({ length: 80_000 }, (_, number) => `"a${number}":"value ${number}"`);
  const startedAt = performance.now();
  const [row] = await Array.fromAsync((await open('json', `[{${members.join(',')}}]`)).rows());
  // It took three minutes.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(row?.text).toBe(`{${members.join(',')}}`);
});

test('lines are the same however the text comes in parts', async () => {
  const part = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ü') });
  await fc.assert(
    fc.asyncProperty(fc.array(part), async (parts) => {
      expect(await Array.fromAsync(linesOf(parts))).toEqual(parts.join('').split('\n'));
    }),
  );
});

test('parts of a long text cut no character', () => {
  for (const text of ['', 'x', `${'x'.repeat(64 * 1024 - 1)}🚀${'🚀'.repeat(64 * 1024)}`]) {
    const slices = [...slicesOf(text)];
    expect(slices.join('')).toBe(text);
    for (const slice of slices) expect(slice.isWellFormed()).toBe(true);
  }
});

test('of very many faults the first are told', async () => {
  const content = `lead_id,city\n${'A\n'.repeat(1_000)}`;
  await expect(open('csv', content)).rejects.toMatchObject({ faults: { length: 22 } });
});

test.for([
  ['no such file', 'nothing.csv', /ENOENT/],
  ['a folder', '.', /Not a regular file/],
] as const)('%s is refused', async ([, name, message]) => {
  await expect(openSource(join(folder, name), stdin)).rejects.toThrow(message);
});

test('a file that is spoilt while it is sent is noticed', async () => {
  const path = join(folder, 'changing.csv');
  writeFileSync(path, 'lead_id,city\nA,Goa\n');
  const input = await openInput(await openSource(path, stdin), aProcedure(), { clearMarker: '\\N' });
  writeFileSync(path, 'lead_id,city\nA\n');
  await expect(Array.fromAsync(input.rows())).rejects.toThrow('The file has changed');
});

test.for<[string, (path: string) => void]>([
  ['more rows', (path) => appendFileSync(path, 'B,Pune\n')],
  ['other rows', (path) => writeFileSync(path, 'lead_id,city\nB,Goa\n')],
  ['another file of its name', (path) => replace(path, 'lead_id,city\nB,Goa\n')],
])('%s than were checked are not sent', async ([what, change]) => {
  const path = join(folder, `${what}.csv`);
  writeFileSync(path, 'lead_id,city\nA,Goa\n');
  utimesSync(path, 1, 1);
  const input = await openInput(await openSource(path, stdin), aProcedure(), { clearMarker: '\\N' });
  const rows = input.rows();
  change(path);
  await expect(Array.fromAsync(rows)).rejects.toThrow(
    'The file has changed since it was opened, and nothing more was sent',
  );
});

function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  utimesSync(`${path}.new`, 1, 1);
  renameSync(`${path}.new`, path);
}
