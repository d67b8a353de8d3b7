import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { open } = rowFiles();

test.for<[string, Uint8Array | string, string]>([
  ['a PDF', '%PDF-1.7\n', 'The file is a PDF document. Export the data as CSV or .xlsx from its source.'],
  ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'The file is a picture (PNG). Export'],
  ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'The file is a picture (JPEG).'],
  ['a GIF', 'GIF89a', 'The file is a picture (GIF).'],
  ['RTF', '{\\rtf1\\ansi', 'The file is a text document (RTF).'],
  [
    'a 7-Zip archive',
    Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
    'The file is a 7-Zip archive. Unpack it',
  ],
  ['a RAR archive', 'Rar!\u001a\u0007', 'The file is a RAR archive. Unpack it'],
  // What servers call "Excel": https://stackoverflow.com/questions/940045
  [
    'HTML',
    '\n<table border="1"><tr><td>lead_id</td></tr></table>',
    'The file is an HTML page. Open it in the spreadsheet and save it as a workbook (.xlsx).',
  ],
  ['HTML with a mark', '\uFEFF<!DOCTYPE html>\n<html>', 'The file is an HTML page.'],
  [
    'XML of Excel 2003',
    '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    'The file is an XML spreadsheet of Excel 2003.',
  ],
  [
    'a web archive',
    'MIME-Version: 1.0\nContent-Type: multipart/related\n',
    'The file is a web archive (MHTML).',
  ],
  ['XML', '<?xml version="1.0"?><leads/>', 'The file is an XML document.'],
])('%s under the name of a CSV is told by what it is', async ([, content, message]) => {
  await expect(open(content)).rejects.toThrow(message);
  await expect(readSource(new File([content as Uint8Array<ArrayBuffer>], 'a.csv'))).rejects.toThrow(message);
});

test('a compressed file is read by the command alone, and the browser tells what its content is to be called', async () => {
  const packed = gzipSync('lead_id,city\nA,Goa\n');
  expect((await open(packed, {}, 'leads.csv.gz')).total).toBe(1);
  const message = /^The file is compressed with gzip. Decompress it: gzip -dc < .*leads-plain\.csv$/;
  await expect(readSource(new File([packed], 'leads.csv.gz'))).rejects.toThrow(message);
});

test('markup is read as a CSV where that is asked for, and a column may begin as markup does', async () => {
  expect((await open('lead_id,city\n<b>,Goa\n')).total).toBe(1);
  expect((await open('"<b>",lead_id,city\nx,A,Goa\n', { ignoreUnknownColumns: true })).total).toBe(1);
  expect(
    (await open('<table>,lead_id,city\nx,A,Goa\n', { format: 'csv', ignoreUnknownColumns: true })).total,
  ).toBe(1);
});
