import { FileError } from './row.ts';
import { shellWord } from './shell-word.ts';

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 and 4.3.16 (of an empty one) */
const ZIP = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];

/** https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb, 2.2 */
const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0];

const EXPORT = 'Export the data as CSV or .xlsx from its source.';

/** First bytes of files that are mistaken for text by their name. */
const NO_TEXT = [
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document', remedy: EXPORT },
  // https://www.w3.org/TR/png-3/, 5.2
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a picture (PNG)', remedy: EXPORT },
  { bytes: [0xff, 0xd8, 0xff], what: 'a picture (JPEG)', remedy: EXPORT },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: 'a picture (GIF)', remedy: EXPORT },
  { bytes: [0x7b, 0x5c, 0x72, 0x74, 0x66], what: 'a text document (RTF)', remedy: EXPORT },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-Zip archive', remedy: 'Unpack it and send the file in it.' },
  { bytes: [0x52, 0x61, 0x72, 0x21], what: 'a RAR archive', remedy: 'Unpack it and send the file in it.' },
] as const;

/** RFC 1952, 2.3.1 */
const GZIP = [0x1f, 0x8b];

const begins = (beginning: Uint8Array, bytes: readonly number[]) =>
  bytes.every((byte, position) => beginning[position] === byte);

/** Whether a file is what workbooks are: a ZIP file, or a compound file if it is old or has a password. */
export function maybeWorkbook(beginning: Uint8Array): boolean {
  return isCompoundFile(beginning) || ZIP.some((bytes) => begins(beginning, bytes));
}

export function isGzip(beginning: Uint8Array): boolean {
  return begins(beginning, GZIP);
}

export function isCompoundFile(beginning: Uint8Array): boolean {
  return begins(beginning, COMPOUND_FILE);
}

/**
 * Refuses a file that is no text by its first bytes.
 * @param file - as the user calls it; `-` for standard input
 * @throws FileError that says what the file is instead, with the remedy
 */
export function assertText(beginning: Uint8Array, file: string): void {
  const other = NO_TEXT.find(({ bytes }) => begins(beginning, bytes));
  if (other !== undefined) throw new FileError([`The file is ${other.what}. ${other.remedy}`]);
  if (isGzip(beginning))
    throw new FileError([
      `The file is compressed with gzip. Decompress it: ${piped('gzip -dc', file, 'plain')}`,
    ]);
}

/** https://learn.microsoft.com/previous-versions/office/developer/office-xp/aa140066(v=office.10) */
const XML_SPREADSHEET = 'urn:schemas-microsoft-com:office:spreadsheet';

const SAVE_AGAIN = 'Open it in the spreadsheet and save it as a workbook (.xlsx).';

/**
 * Refuses markup, which programs save as `.xls` or `.csv`, and which would be a CSV of one column.
 * @param beginning - the first characters of the file
 * @throws FileError that says what the file is, with the remedy
 */
export function assertNoMarkup(beginning: string): void {
  const text = beginning.trimStart();
  if (/^mime-version:/i.test(text)) throw new FileError([`The file is a web archive (MHTML). ${SAVE_AGAIN}`]);
  const isHtml = /^<(?:!doctype html|html|head|body|table|meta)/i.test(text);
  if (!isHtml && !text.startsWith('<?xml')) return;
  const xml = text.includes(XML_SPREADSHEET) ? 'an XML spreadsheet of Excel 2003' : 'an XML document';
  throw new FileError([`The file is ${isHtml ? 'an HTML page' : xml}. ${SAVE_AGAIN}`]);
}

/** Returns a command with redirections, which work for a name that begins with a dash too. */
export function piped(command: string, file: string, suffix: string): string {
  if (file === '-') return `… | ${command} | …`;
  const to = file.replace(/\.gz$/i, '').replace(/(?:\.\w{1,8})?$/, (extension) => `-${suffix}${extension}`);
  return `${command} < ${shellWord(file)} > ${shellWord(to)}`;
}
