import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { assertFree, writeFailed } from '../../../../lib/cli/failed-file.ts';
import { openInput } from '../../../../lib/cli/input.ts';
import { openSource } from '../../../../lib/cli/source.ts';
import type { Failure } from '../../../../lib/client/failures.ts';
import { aProcedure } from '../../../support/builders.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { failedText } from '../../../support/row-files.ts';

const folder = temporaryFolder();
const wrong = { code: 'INVALID_VALUE', message: 'It is "wrong", and so on.' };
const missing = { code: 'PROCESS_NOT_FOUND', message: 'There is none.' };

async function open(name: string, content: string, map?: ReadonlyMap<string, string>) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return openInput(await openSource(path, Readable.from([])), aProcedure(), { clearMarker: '\\N', map });
}

async function* these(...failures: Failure[]) {
  yield* failures;
}

test('failed rows of a CSV are written as they stood, with their errors, and are read again without them', async () => {
  const input = await open('a.csv', 'lead_id;city\nA;"Goa; ""x"""\nB;Pune\nC;\\N\n');
  const path = join(folder, 'failed.csv');
  const failures = these({ position: 0, errors: [wrong, missing] }, { position: 2, errors: [missing] });
  expect(await writeFailed(path, input, failures)).toEqual({
    ...{ path, rows: 2, codes: { INVALID_VALUE: 1, PROCESS_NOT_FOUND: 2 } },
  });
  const text = readFileSync(path, 'utf8');
  expect(text).toBe(
    [
      'lead_id;city;_error_code;_error_message',
      'A;"Goa; ""x""";INVALID_VALUE PROCESS_NOT_FOUND;"It is ""wrong"", and so on. There is none."',
      'C;\\N;PROCESS_NOT_FOUND;There is none.\n',
    ].join('\n'),
  );
  const again = await open('failed-again.csv', text);
  const rows = await Array.fromAsync(again.rows());
  expect(rows.map((row) => row.text)).toEqual([
    '{"lead_id":"A","data":{"city":"Goa; \\"x\\""}}',
    '{"lead_id":"C","data":{"city":null}}',
  ]);
  expect(await failedText(again)).toMatch(/^lead_id;city;_error_code;_error_message\n/);
});

test.for(['=1+1', "'=1+1", '\t@x', '+cmd|x', '－1+1', '-5', '+81 (3) 123', "'s", "'"])(
  'a cell %j is as it was read in the file of failed rows, and is itself again when that is sent, whatever is taken out',
  async (cell) => {
    const csv = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const original = `lead_id,city,${csv(cell)}\nA,${csv(cell)},x\n`;
    const map = new Map([[cell.trim(), '']]);
    const input = await open('formula.csv', original, map);
    const path = join(mkdtempSync(join(folder, 'formula-')), 'failed.csv');
    await writeFailed(path, input, these({ position: 0, errors: [{ code: 'X', message: '=2+2' }] }));
    const text = readFileSync(path, 'utf8');
    // The message is of the API, and may repeat what others wrote.
    expect(text).toContain(",X,'=2+2\n");
    expect(text).not.toContain("''");
    const texts = async ({ rows }: typeof input) => (await Array.fromAsync(rows())).map((row) => row.text);
    for (const sent of [text, text.replace(',_error_code,_error_message', '').replace(",X,'=2+2", '')]) {
      expect(await texts(await open('formula-again.csv', sent, map))).toEqual(await texts(input));
    }
  },
);

test('nothing else beside the file is written to or removed', async () => {
  const path = join(folder, 'beside.csv');
  writeFileSync(`${path}.part`, 'mine');
  await writeFailed(
    path,
    await open('c.csv', 'lead_id,city\nA,Goa\n'),
    these({ position: 0, errors: [wrong] }),
  );
  expect(readdirSync(folder).filter((name) => name.startsWith('beside'))).toEqual([
    'beside.csv',
    'beside.csv.part',
  ]);
  expect(readFileSync(`${path}.part`, 'utf8')).toBe('mine');
});

test.for<[string, (path: string, input: string) => void]>([
  ['a file', (path) => writeFileSync(path, 'mine')],
  ['a link to the file that is sent', (path, input) => symlinkSync(input, path)],
  ['another name of the file that is sent', (path, input) => linkSync(input, path)],
  ['a link to nowhere', (path) => symlinkSync(join(folder, 'nowhere.csv'), path)],
  ['a folder', (path) => mkdirSync(path)],
])('%s is not written to, whenever it comes to be', async ([what, make]) => {
  const path = join(folder, `${what}.csv`);
  const content = 'lead_id,city\nA,Goa\n';
  const name = `input of ${what}.csv`;
  const input = await open(name, content);
  await assertFree(path);
  make(path, join(folder, name));
  await expect(assertFree(path)).rejects.toThrow('already exists. Give the name of a new file.');
  const written = await writeFailed(path, input, these({ position: 0, errors: [wrong] }));
  expect(written?.path).toBe(join(folder, `${what}-2.csv`));
  expect(readFileSync(join(folder, `${what}-2.csv`), 'utf8')).toContain('INVALID_VALUE');
  expect(readFileSync(join(folder, name), 'utf8')).toBe(content);
  expect(existsSync(join(folder, 'nowhere.csv'))).toBe(false);
});

test.for(['/dev/null', '/dev/stdout', '.', join('/dev/null', 'x')])(
  'nothing is written to %s',
  async (path) => {
    await expect(assertFree(path)).rejects.toThrow('Give the name of a new file.');
  },
);

test('nobody else may read the failed rows', async () => {
  const path = join(folder, 'private.csv');
  const input = await open('p.csv', 'lead_id,city\nA,Goa\n');
  await writeFailed(path, input, these({ position: 0, errors: [wrong] }));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('failed items of JSON are lines with their errors, and are read again without them', async () => {
  const input = await open('a.json', '[{"lead_id":"A","n":1.50},{},5]');
  const path = join(folder, 'failed.ndjson');
  await writeFailed(path, input, these(...[0, 1, 2].map((position) => ({ position, errors: [missing] }))));
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const told = '"_errors":[{"code":"PROCESS_NOT_FOUND","message":"There is none."}]';
  expect(lines).toEqual([`{"lead_id":"A","n":1.50,${told}}`, `{${told}}`, '5']);
  const rows = await Array.fromAsync((await open('again.ndjson', lines.join('\n'))).rows());
  expect(rows.map((row) => row.text)).toEqual(['{"lead_id":"A","n":1.50}', '{}', '5']);
});

test('without failures there is no file', async () => {
  // Nor is one tried to be opened.
  const path = join(folder, 'nowhere', 'none.csv');
  expect(await writeFailed(path, await open('b.csv', 'lead_id,city\nA,Goa\n'), these())).toBeUndefined();
  expect(existsSync(path)).toBe(false);
});
