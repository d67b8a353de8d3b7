import { existsSync, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packItems } from '../../../../lib/cli/packed-items.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { open } = rowFiles();

async function packed(...args: Parameters<typeof open>) {
  const rows: number[] = [];
  const items = await packItems(await open(...args), (count) => rows.push(count));
  return { ...items, rows, text: gunzipSync(readFileSync(items.path)).toString() };
}

test('the items of a file are a line each, as requests send them, whatever the file is', async () => {
  const { text, size, path, rows, remove } = await packed('lead_id;score\nA;"1"\n\nB;\\N\n');
  expect(text).toBe('{"lead_id":"A","data":{"score":"1"}}\n{"lead_id":"B","data":{"score":null}}\n');
  expect(rows).toEqual([2]);
  expect([size, statSync(path).mode & 0o777]).toEqual([statSync(path).size, 0o600]);
  await remove();
  expect(existsSync(path)).toBe(false);
});

test('line ends between the members of an object are no ends of a line', async () => {
  const { text } = await packed('{"lead_id":"A",\r"data":{"city":"a\\rb"}}\n', {}, 'a.ndjson');
  expect(text).toBe('{"lead_id":"A", "data":{"city":"a\\rb"}}\n');
});

test('the same items are told from others, whatever file has them', async () => {
  const csv = await packed('lead_id,city\nA,Goa\n');
  const ndjson = await packed('{"lead_id":"A","data":{"city":"Goa"}}\n', {}, 'b.ndjson');
  const other = await packed('lead_id,city\nA,Pune\n');
  expect([ndjson.itemsDigest, ndjson.bytesDigest]).toEqual([csv.itemsDigest, csv.bytesDigest]);
  expect(other.itemsDigest).not.toBe(csv.itemsDigest);
});
