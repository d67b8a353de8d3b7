import { FileError } from './row.ts';
import { type NumberFormat, readNumberFormats } from './xlsx-number-formats.ts';
import { damaged, openPackage, type XlsxPackage } from './xlsx-package.ts';
import { readSheet, type SheetFacts, type SheetRow } from './xlsx-sheet.ts';
import { isSet, readXml, unescaped, visitXml, type XmlAttributes } from './xlsx-xml.ts';

export interface WorkbookSheet {
  name: string;
  isHidden: boolean;
  /** Its part. */
  path: string;
}

/** A workbook of Excel (.xlsx, .xlsm; ECMA-376). */
export interface Workbook {
  /** With at least one. */
  sheets: readonly WorkbookSheet[];
  /** Reads the rows that have a value. The facts are complete once all were read. */
  rows: (sheet: WorkbookSheet, facts?: SheetFacts) => AsyncGenerator<SheetRow, void, void>;
}

const MAX_INDEX_BYTES = 16 * 1024 ** 2;
const MAX_TEXTS_BYTES = 256 * 1024 ** 2;

/**
 * Opens a workbook. Macros, links to other files and formulas are not looked at: a formula has the value that the
 * spreadsheet has stored.
 * @throws FileError that says what the file is instead, or what is wrong with it
 */
export async function openWorkbook(blob: Blob): Promise<Workbook> {
  const parts = await openPackage(blob);
  const root = await relationsOf(parts, '');
  const path = root.find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  const { sheets: listed, is1904 } = await readIndex(parts, path);
  const relations = await relationsOf(parts, path);
  const sheets = listed.flatMap(({ name, isHidden, relation }): WorkbookSheet[] => {
    const found = relations.find(({ id }) => id === relation);
    // Charts and macros have sheets of their own.
    return found?.type === 'worksheet' ? [{ name, isHidden, path: found.target }] : [];
  });
  if (sheets.length === 0) throw new FileError(['The workbook has no sheet with cells. Add one.']);
  const partOf = (wanted: string) => {
    const found = relations.find(({ type }) => type === wanted)?.target;
    return found !== undefined && parts.has(found) ? found : undefined;
  };
  const [textsPath, stylesPath] = [partOf('sharedStrings'), partOf('styles')];
  let texts: string[] | undefined;
  let formats: NumberFormat[] | undefined;
  return {
    sheets,
    async *rows(sheet, facts = { hiddenColumns: [], mergedTo: [], hasFilter: false }) {
      texts ??= textsPath === undefined ? [] : await readTexts(parts, textsPath);
      formats ??= stylesPath === undefined ? [] : await readNumberFormats(parts, stylesPath);
      const shared = texts;
      const sharedText = (index: string) => {
        const text = shared[Number(index)];
        if (text === undefined) throw damaged(`it has no text ${index}`);
        return text;
      };
      yield* readSheet(parts, sheet.path, formats, { sharedText, is1904 }, facts);
    },
  };
}

/** Reads the names of the sheets in the order of their tabs. */
async function readIndex(parts: XlsxPackage, path: string) {
  const sheets: { name: string; isHidden: boolean; relation: string }[] = [];
  let is1904 = false;
  await readXml(parts.read(path, MAX_INDEX_BYTES), {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = isSet(attributes.date1904);
      if (name !== 'sheet') return;
      const isHidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
      sheets.push({ name: unescaped(attributes.name ?? ''), isHidden, relation: relationOf(attributes) });
    },
  });
  return { sheets, is1904 };
}

/** Returns the attribute `r:id`, whatever its prefix is. */
function relationOf(attributes: XmlAttributes): string {
  const name = Object.keys(attributes).find((each) => each.endsWith(':id'));
  return name === undefined ? '' : (attributes[name] ?? '');
}

interface Relation {
  id: string;
  /** The last word of its URL, which is the same in both editions of the standard. */
  type: string;
  /** A path in the package. */
  target: string;
}

/** Reads what a part refers to. Links to other files are left out. */
async function relationsOf(parts: XlsxPackage, path: string): Promise<Relation[]> {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/') + 1), path.slice(path.lastIndexOf('/') + 1)];
  const relationsPath = `${folder}_rels/${name}.rels`;
  const relations: Relation[] = [];
  if (!parts.has(relationsPath)) return relations;
  await readXml(parts.read(relationsPath, MAX_INDEX_BYTES), {
    open(element, { Id: id = '', Type = '', Target = '', TargetMode }) {
      if (element !== 'Relationship' || TargetMode === 'External') return;
      const type = Type.slice(Type.lastIndexOf('/') + 1);
      relations.push({ id, type, target: pathOf(Target, folder) });
    },
  });
  return relations;
}

/** Resolves a path in the package. */
function pathOf(target: string, folder: string): string {
  const segments: string[] = [];
  for (const segment of (target.startsWith('/') ? target : `${folder}${target}`).split(/[/\\]/)) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** Reads the texts that cells share, without the formats of their letters and without phonetic text. */
async function readTexts(parts: XlsxPackage, path: string): Promise<string[]> {
  const texts: string[] = [];
  let text = '';
  let phonetic = 0;
  let isText = false;
  for await (const _ of visitXml(parts.read(path, MAX_TEXTS_BYTES), {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic += 1;
      isText = name === 't' && phonetic === 0;
    },
    text(part) {
      if (isText) text += part;
    },
    close(name) {
      if (name === 'si') texts.push(unescaped(text));
      if (name === 'rPh') phonetic -= 1;
      isText = false;
    },
  }));
  return texts;
}
