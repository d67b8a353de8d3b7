import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { type WrittenRow, workbookOf } from '../../lambdas/rows/xlsx-failed.ts';
import { openTable } from '../../lambdas/rows/xlsx-table.ts';
import { openWorkbook } from '../../lambdas/rows/xlsx-workbook.ts';

/** What a workbook of a test has; the rest is as in the smallest one. */
export interface WorkbookParts {
  /** The content of `sheetData`, by the names of the sheets. */
  sheets?: Readonly<Record<string, string>>;
  /** What stands before and behind `sheetData`, in the first sheet. */
  before?: string;
  behind?: string;
  /** Attributes of the sheets, such as `state="hidden"`. */
  attributes?: Readonly<Record<string, string>>;
  /** Items of the table of texts: `<si><t>…</t></si>`. */
  texts?: string;
  /** Codes of number formats, by the style that a cell names: `s="1"` is the first. */
  formats?: readonly (string | number)[];
  is1904?: boolean;
  /** Further parts, or others in the place of these. */
  parts?: Readonly<Record<string, string | Uint8Array>>;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Makes a workbook of XML, as no library writes it. */
export async function workbookWith(workbook: WorkbookParts = {}): Promise<Uint8Array<ArrayBuffer>> {
  const {
    sheets = { Leads: LEADS },
    before = '',
    behind = '',
    attributes = {},
    texts,
    formats = [],
  } = workbook;
  const names = Object.keys(sheets);
  const relations = [
    ...names.map((_, at) => relation(`s${at}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
    relation('styles', 'styles', 'styles.xml'),
    ...(texts === undefined ? [] : [relation('texts', 'sharedStrings', '/xl/sharedStrings.xml')]),
  ];
  const parts: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships>${relation('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${workbook.is1904 ? ' date1904="1"' : ''}/><sheets>${names
      .map(
        (name, at) => `<sheet name="${name}" sheetId="${at + 1}" ${attributes[name] ?? ''} r:id="s${at}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
    'xl/styles.xml': stylesXml(formats),
    ...(texts === undefined ? {} : { 'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${texts}</sst>` }),
    ...Object.fromEntries(
      names.map((name, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet xmlns="${MAIN}">${at === 0 ? before : ''}<sheetData>${sheets[name]}</sheetData>${at === 0 ? behind : ''}</worksheet>`,
      ]),
    ),
    ...workbook.parts,
  };
  return zipOf(parts);
}

/** A row of cells with text. */
export function textRow(number: number, ...cells: string[]): string {
  const written = cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`);
  return `<row r="${number}">${written.join('')}</row>`;
}

const LEADS = `${textRow(1, 'lead_id', 'city')}${textRow(2, 'A', 'Goa')}`;

const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;

function stylesXml(formats: readonly (string | number)[]): string {
  const codes = formats.map((code, at) =>
    typeof code === 'number' ? '' : `<numFmt numFmtId="${164 + at}" formatCode="${escaped(code)}"/>`,
  );
  const styles = formats.map((code, at) => `<xf numFmtId="${typeof code === 'number' ? code : 164 + at}"/>`);
  return `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs></styleSheet>`;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Makes a ZIP file. */
export async function zipOf(
  parts: Readonly<Record<string, string | Uint8Array>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const bytes = new Response(readable).bytes();
  const zip = new ZipWriter(writable, { useWebWorkers: false });
  for (const [path, content] of Object.entries(parts))
    await zip.add(path, new Blob([content as string]).stream());
  await zip.close();
  return bytes;
}

/** Writes a workbook and reads it again. */
export async function writtenAndRead(sheet: string, rows: readonly WrittenRow[]) {
  const bytes = await Array.fromAsync(workbookOf(sheet, rows));
  const workbook = await openWorkbook(new Blob(bytes as Uint8Array<ArrayBuffer>[]));
  const table = await openTable(workbook, { headerRow: 1 });
  return {
    sheet: workbook.sheets[0]?.name,
    headers: table.head.headers,
    records: await Array.fromAsync(table.records()),
  };
}
