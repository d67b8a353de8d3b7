import { appendFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../lambdas/contract/limits.ts';
import { openInput } from '../../../../lib/cli/input.ts';
import { openSource } from '../../../../lib/cli/source.ts';
import { aProcedure } from '../../../support/builders.ts';
import { rowFiles } from '../../../support/row-files.ts';

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
