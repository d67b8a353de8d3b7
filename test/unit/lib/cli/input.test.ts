import { appendFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../lambdas/contract/limits.ts';
import { openInput } from '../../../../lib/cli/input.ts';
import { openSource } from '../../../../lib/cli/source.ts';
import { aProcedure } from '../../../support/builders.ts';
import { failedText, rowFiles } from '../../../support/row-files.ts';

const { folder, open, nameOf } = rowFiles();
const stdin = Readable.from([]);
const openAs = (extension: string, content: string | Uint8Array) => open(content, {}, nameOf(extension));

test.for<[string, string | Uint8Array, string]>([
  ['csv', '', 'The file is empty'],
  ['csv', 'lead_id,city\n', 'The file has no items.'],
  [
    'csv',
    'lead_id,city\nA,Goa\n\nB\nC,x,y\n',
    'Line 4 has 1 cell; the header has 2.\nLine 5 has 3 cells; the header has 2.\nQuote cells',
  ],
  ['csv', 'lead_id,city\nA,Goa\nB,"Pu"ne\n', 'Line 3: text follows the closing quotation mark of a cell'],
  ['csv', 'lead_id,city\nA,"Goa\nB,Pune\n', 'Line 2: a quotation mark is never closed'],
  [
    'csv',
    `lead_id,city\nA,"${'x'.repeat(MAX_REQUEST_BYTES + 1)}`,
    'Line 2: the row is larger than the 4 MB of a request',
  ],
  [
    'ndjson',
    '{"a":1}\n{"a":1 2}\n',
    "Line 2 is not valid JSON: Expected ',' or '}' after property value at character 8.",
  ],
  ['ndjson', 'x'.repeat(MAX_REQUEST_BYTES + 70_000), 'Line 1 is larger than the 4 MB of a request'],
  [
    'ndjson',
    `{"a":1}\n"${'ü'.repeat(MAX_REQUEST_BYTES / 2)}"`,
    'Line 2 is larger than the 4 MB of a request',
  ],
  ['json', '{"processes":1}', 'The file has no items. Send an array'],
  ['json', '[]', 'The file has no items. Send an array'],
  ['json', '5', 'The file has no items. Send an array'],
  ['json', '[{"a":1},\n{"a":2},}\n\n', 'Line 2 is not valid JSON: '],
  ['json', '[{"a":1}', "Line 1 is not valid JSON: expected ',"],
])('a file of %s that cannot be sent: %#', async ([extension, content, message]) => {
  await expect(openAs(extension, content)).rejects.toThrow(message);
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

test('cells are read as a locale writes them; that is told before, and failed rows keep their own', async () => {
  const input = await open(
    'lead_id;rating;nextActionAt;subscribed\nA;1.234,50;24.11.2026 14:30;Ja\nB;viele;24.12.2026;x\n',
    { locale: 'de', timeZone: 'Europe/Berlin' },
  );
  expect(input.warnings).toEqual([
    '"rating": 1.234,50 is read as 1234.50 (1 cell).',
    'Warning: "rating": 1 cell is not a number like 1.234,50, and sent unchanged: "viele" (line 3).',
    '"nextActionAt": 24.11.2026 14:30 is read as 1795527000000, which is 2026-11-24T14:30+01:00 (2 cells).',
    '"subscribed": Ja is read as true (1 cell).',
    'Warning: "subscribed": 1 cell is not true or false, and sent unchanged: "x" (line 3).',
  ]);
  const [first] = await Array.fromAsync(input.rows());
  expect(JSON.parse(first?.text ?? '')).toEqual({
    ...{ lead_id: 'A', nextActionAt: '1795527000000', data: { rating: '1234.50', subscribed: true } },
  });
  expect(await failedText(input)).toMatch(/\nB;viele;24\.12\.2026;x;;\n$/);
});

test('a file is refused if a column shows that the locale is wrong', async () => {
  const text = 'lead_id,rating\nA,12.5\nB,1.234\n';
  await expect(open(text, { locale: 'de' })).rejects.toThrow('"12.5" can only have a decimal point (line 2)');
  await expect(open(text, { locale: 'en' })).resolves.toMatchObject({ total: 2 });
});

test('the meaning of an unknown column is suggested by its values', async () => {
  await expect(open('lead_id,Phase\nA,NEW\nB,CONVERTED\n')).rejects.toThrow('--map Phase=state');
});
