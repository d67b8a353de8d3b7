import { expect, test } from 'vitest';
import { openPackage } from '../../../../lambdas/rows/xlsx-package.ts';
import { openWorkbook } from '../../../../lambdas/rows/xlsx-workbook.ts';
import { rowFiles } from '../../../support/row-files.ts';
import { textRow, workbookWith, zipOf } from '../../../support/workbooks.ts';

const { open, items } = rowFiles();
const blobOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]);

/** A compound file with a stream of a name (MS-CFB, 2.2 and 2.6.1). */
function compoundFile(stream: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2048);
  const view = new DataView(bytes.buffer);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  view.setUint16(30, 9, true);
  view.setUint32(48, 1, true);
  for (const [at, letter] of [...stream].entries())
    view.setUint16(1024 + 128 + at * 2, letter.charCodeAt(0), true);
  return bytes;
}

test('a workbook is read as one under any name, and from the standard input', async () => {
  const bytes = await workbookWith();
  for (const name of ['leads.csv', 'leads.xls', 'leads', 'leads.xlsx'])
    expect(await items(bytes, {}, name)).toEqual([[2, { lead_id: 'A', data: { city: 'Goa' } }]]);
  await expect(open(bytes, { format: 'csv' })).rejects.toThrow(
    'The file is a workbook (.xlsx). Omit --format csv.',
  );
  await expect(open('lead_id\n', { format: 'xlsx' })).rejects.toThrow(
    'The file is not a workbook. Omit --format',
  );
});

test.for<[string, () => Promise<Uint8Array<ArrayBuffer>>, string]>([
  [
    'a workbook with a password',
    async () => compoundFile('EncryptedPackage'),
    'The workbook is protected by a password. Open it, remove the password',
  ],
  [
    'an old workbook',
    async () => compoundFile('Workbook'),
    'The file is a workbook of Excel 97 to 2003 (.xls). Open it in the spreadsheet and save it as a workbook (.xlsx).',
  ],
  ['an old document', async () => compoundFile('WordDocument'), 'The file is a document of Word (.doc).'],
  [
    'another compound file',
    async () => compoundFile('x'),
    'The file is of an old program of Microsoft Office.',
  ],
  [
    'half a header',
    async () => compoundFile('x').slice(0, 100),
    'The workbook is damaged: it ends within its header.',
  ],
  [
    'a binary workbook',
    () => zipOf({ '[Content_Types].xml': '', '_rels/.rels': '', 'xl/workbook.bin': '' }),
    'The file is a binary workbook of Excel (.xlsb).',
  ],
  [
    'a document',
    () => zipOf({ '[Content_Types].xml': '', '_rels/.rels': '', 'word/document.xml': '' }),
    'The file is a document of Word (.docx). Copy its table into a spreadsheet',
  ],
  [
    'a presentation',
    () => zipOf({ '[Content_Types].xml': '', '_rels/.rels': '', 'ppt/presentation.xml': '' }),
    'The file is a presentation of PowerPoint (.pptx).',
  ],
  [
    'a spreadsheet of OpenDocument',
    () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '' }),
    'The file is a spreadsheet of OpenDocument (.ods). Open it in the spreadsheet and save it as a workbook (.xlsx).',
  ],
  [
    'a text of OpenDocument',
    () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '' }),
    'The file is a document of OpenDocument.',
  ],
  [
    'a document of Numbers',
    () => zipOf({ 'Index/Document.iwa': '', 'Metadata/Properties.plist': '' }),
    'The file is a document of Numbers. Export it to Excel (.xlsx): File, Export To.',
  ],
  [
    'an archive',
    () => zipOf({ 'leads.csv': 'lead_id,city\n' }),
    'The file is a ZIP file. Unpack it and send the file in it.',
  ],
  ['an empty archive', () => zipOf({}), 'The file is a ZIP file. Unpack it'],
])('%s is told by what it is', async ([, bytesOf, message]) => {
  const bytes = await bytesOf();
  await expect(openPackage(blobOf(bytes))).rejects.toThrow(message);
  await expect(open(bytes, {}, 'a.csv')).rejects.toThrow(message);
});

test('a workbook that is cut anywhere is damaged, and none is read in part', async () => {
  const bytes = await workbookWith();
  for (let length = 512; length < bytes.length; length += 97) {
    await expect(open(bytes.slice(0, length), {}, 'a.xlsx')).rejects.toThrow(
      'The workbook is damaged: it cannot be unpacked',
    );
  }
});

test('a bit that has changed is noticed', async () => {
  const bytes = await workbookWith({ sheets: { Leads: textRow(1, 'lead_id', 'city').repeat(1) } });
  let noticed = 0;
  for (let at = 60; at < bytes.length; at += 41) {
    const spoilt = bytes.slice();
    spoilt[at] = (spoilt[at] ?? 0) ^ 0x10;
    const opened = await open(spoilt, {}, 'a.xlsx').catch((error: Error) => error);
    if (opened instanceof Error) {
      expect(opened.name, opened.stack).toBe('FileError');
      noticed += 1;
    }
  }
  expect(noticed).toBeGreaterThan(10);
});

// https://github.com/extend-hq/react-xlsx/pull/21
test('names of parts with backslashes or in capitals are found', async () => {
  const parts = {
    'xl\\worksheets\\sheet9.xml': `<worksheet><sheetData>${textRow(1, 'lead_id', 'city')}${textRow(2, 'A', 'Goa')}</sheetData></worksheet>`,
  };
  const relations = (target: string) => ({
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="s0" Type="x/worksheet" Target="${target}"/></Relationships>`,
  });
  for (const target of [
    'worksheets/sheet9.xml',
    '/xl/worksheets/Sheet9.xml',
    '../xl/./worksheets/sheet9.xml',
    'worksheets\\sheet9.xml',
  ]) {
    const bytes = await workbookWith({ parts: { ...parts, ...relations(target) } });
    expect(await items(bytes, {}, 'a.xlsx')).toHaveLength(1);
  }
});

// https://github.com/bobmatnyc/trusty-tools/issues/4894 and https://github.com/simstudioai/sim/pull/5239
test('a workbook that unpacks to gigabytes is refused within bounds', async () => {
  const row = textRow(2, 'A', 'Goa').repeat(1);
  const filler = ' '.repeat(1024 * 1024);
  const bombs = {
    'spaces between elements': Array(17).fill(filler).join(''),
    'a text in a cell': `<row r="3"><c t="inlineStr"><is><t>${'x'.repeat(17 * 1024 * 1024)}</t></is></c></row>`,
    'a comment': `<!--${'x'.repeat(17 * 1024 * 1024)}-->`,
  };
  for (const [what, content] of Object.entries(bombs)) {
    const bytes = await workbookWith({
      sheets: { Leads: `${textRow(1, 'lead_id', 'city')}${row}${content}` },
    });
    expect(bytes.length).toBeLessThan(200_000);
    await expect(open(bytes, {}, 'a.xlsx'), what).rejects.toThrow('a text that is longer than any cell');
  }
  const texts = await workbookWith({ texts: `<si><t>${'x'.repeat(65 * 1024 * 1024)}</t></si>` });
  await expect(open(texts, {}, 'a.xlsx')).rejects.toThrow('a text that is longer than any cell');
});

test('a part whose size is stated too large is refused without unpacking it', async () => {
  const bytes = await workbookWith({
    parts: { 'xl/styles.xml': `<styleSheet>${' '.repeat(65 * 1024 ** 2)}</styleSheet>` },
  });
  const workbook = await openWorkbook(blobOf(bytes));
  const [sheet] = workbook.sheets;
  const read = sheet && Array.fromAsync(workbook.rows(sheet));
  await expect(read).rejects.toThrow('The workbook is too large: xl/styles.xml has more than 64 MB of text.');
});
