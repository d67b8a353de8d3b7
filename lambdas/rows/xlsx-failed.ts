import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { columnName } from './xlsx-cells.ts';
import { serialOf } from './xlsx-dates.ts';

/** A row of a workbook that is written. */
export interface WrittenRow {
  cells: readonly string[];
  /** Positions of cells that are numbers, dates, times and booleans. */
  exact?: ReadonlySet<number> | undefined;
}

/** Maximum number of characters of a cell. https://support.microsoft.com/office/excel-specifications-and-limits */
const MAX_CELL_LENGTH = 32_767;

/**
 * Writes a workbook of one sheet. Its cells are read again as they were: texts, numbers, dates, times and booleans.
 * @param rows - the first of them names the columns
 */
export async function* workbookOf(
  sheet: string,
  rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>,
): AsyncGenerator<Uint8Array, void, void> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = write(
    new ZipWriter(writable, { useWebWorkers: false, zip64: false, extendedTimestamp: false }),
    [...PARTS, ['xl/workbook.xml', [workbook(sheet)]], ['xl/worksheets/sheet1.xml', sheetXml(rows)]],
  );
  written.catch(() => undefined);
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), written.then(() => reader.read())]);
    if (done) break;
    yield value;
  }
  await written;
}

type Content = AsyncIterable<string> | Iterable<string>;

async function write(zip: ZipWriter<unknown>, parts: readonly (readonly [string, Content])[]): Promise<void> {
  for (const [path, content] of parts) await zip.add(path, streamOf(content));
  await zip.close();
}

/** Not every browser has `ReadableStream.from`. */
function streamOf(content: Content): ReadableStream<Uint8Array> {
  const iterator = (async function* () {
    yield* content;
  })();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Styles of cells, by their place in `cellXfs`: number formats that every spreadsheet shows in its own language. */
const STYLES = { general: 0, text: 49, date: 14, 'date-time': 22, time: 21, duration: 46 } as const;
type Style = keyof typeof STYLES;
const STYLE_NAMES = Object.keys(STYLES) as Style[];

const PARTS: readonly (readonly [string, string[]])[] = [
  [
    '[Content_Types].xml',
    [
      `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`,
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
      '<Default Extension="xml" ContentType="application/xml"/>',
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>`,
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/>`,
      `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
    ],
  ],
  [
    '_rels/.rels',
    [
      `${HEAD}<Relationships xmlns="${RELATIONS}">`,
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
  ],
  [
    'xl/_rels/workbook.xml.rels',
    [
      `${HEAD}<Relationships xmlns="${RELATIONS}">`,
      `<Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>`,
      `<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
  ],
  [
    'xl/styles.xml',
    [
      `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>`,
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${STYLE_NAMES.length}">`,
      ...Object.values(STYLES).map(
        (format) =>
          `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
      ),
      '</cellXfs></styleSheet>',
    ],
  ],
];

function workbook(sheet: string): string {
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${attributeOf(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
}

async function* sheetXml(rows: AsyncIterable<WrittenRow> | Iterable<WrittenRow>): AsyncGenerator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`;
  let number = 0;
  for await (const { cells, exact } of rows) {
    number += 1;
    const written = cells.map((cell, column) => {
      const place = `${columnName(column)}${number}`;
      return exact?.has(column) === true ? valueXml(place, cell) : textXml(place, cell);
    });
    yield `<row r="${number}">${written.join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function textXml(place: string, text: string): string {
  if (text === '') return '';
  // Else a spreadsheet would make a number of it as soon as somebody edits the cell.
  const style = /^[\d+.,-]+$/.test(text) ? ` s="${STYLE_NAMES.indexOf('text')}"` : '';
  return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${xmlOf(text.slice(0, MAX_CELL_LENGTH))}</t></is></c>`;
}

/** Writes a value by the form of its text, which tells what it is. */
function valueXml(place: string, text: string): string {
  const number = (value: number, style: Style) =>
    `<c r="${place}" s="${STYLE_NAMES.indexOf(style)}"><v>${value}</v></c>`;
  if (text === 'true' || text === 'false')
    return `<c r="${place}" t="b"><v>${Number(text === 'true')}</v></c>`;
  const moment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{3})?)?$/.test(text)
    ? Date.parse(text.includes('T') ? `${text}Z` : text)
    : Number.NaN;
  if (!Number.isNaN(moment)) return number(serialOf(moment), text.includes('T') ? 'date-time' : 'date');
  const [, hours, minutes, seconds] = /^(\d{2,}):(\d\d):(\d\d(?:\.\d{3})?)$/.exec(text) ?? [];
  if (hours !== undefined)
    return number(
      (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) / 86_400,
      Number(hours) < 24 ? 'time' : 'duration',
    );
  // Leading zeros are no part of a number.
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)
    ? `<c r="${place}"><v>${text}</v></c>`
    : textXml(place, text);
}

/** Writes the value of an attribute, in which XML makes a space of a line end. */
function attributeOf(text: string): string {
  return xmlOf(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** Writes text in XML, and what XML cannot hold as `_x000D_`. */
function xmlOf(text: string): string {
  return text
    .replace(/_(?=x[0-9A-F]{4})/g, '_x005F_')
    .replace(
      /[^\t\n\P{Cc}]|\p{Cs}|[\uFFFE\uFFFF]/gu,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
