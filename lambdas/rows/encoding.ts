import { FileError } from './row.ts';
import { shellWord } from './shell-word.ts';

/** The character encoding of a file. */
export interface Encoding {
  name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Whether the file begins with a byte order mark. */
  hasMark: boolean;
}

/** Byte order marks (Unicode Standard, 23.8); the one of UTF-32 LE begins with that of UTF-16 LE. */
const MARKS = [
  { bytes: [0xff, 0xfe, 0, 0], name: 'UTF-32LE' },
  { bytes: [0, 0, 0xfe, 0xff], name: 'UTF-32BE' },
  { bytes: [0xef, 0xbb, 0xbf], name: 'utf-8' },
  { bytes: [0xff, 0xfe], name: 'utf-16le' },
  { bytes: [0xfe, 0xff], name: 'utf-16be' },
] as const;

/** First bytes of files that are mistaken for text by their name. */
const NO_TEXT = [
  {
    // https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7; .xlsx is a ZIP file (ECMA-376, part 2).
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'an Excel workbook (.xlsx) or another ZIP file',
    remedy: () => 'Open it in the spreadsheet and save it as "CSV UTF-8".',
  },
  {
    // https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb, 2.2
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    what: 'an Excel workbook (.xls) or another file of Microsoft Office',
    remedy: () => 'Open it in the spreadsheet and save it as "CSV UTF-8".',
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    what: 'a PDF document',
    remedy: () => 'Export the data as CSV from its source.',
  },
  {
    // RFC 1952, 2.3.1
    bytes: [0x1f, 0x8b],
    what: 'compressed with gzip',
    remedy: (file: string) => `Decompress it: ${piped('gzip -dc', file, 'plain')}`,
  },
] as const;

/**
 * Detects the encoding of a file by its first bytes. UTF-8 and UTF-16 with a byte order mark are supported. A file
 * without a mark is read as UTF-8, and checked while it is read.
 * @param file - as the user calls it; `-` for standard input
 * @throws FileError that names what the file is instead, with the remedy
 */
export function encodingOf(beginning: Uint8Array, file: string): Encoding {
  const begins = ({ bytes }: { bytes: readonly number[] }) =>
    bytes.every((byte, position) => beginning[position] === byte);
  const other = NO_TEXT.find(begins);
  if (other !== undefined) throw new FileError([`The file is ${other.what}. ${other.remedy(file)}`]);
  const marked = MARKS.find(begins)?.name ?? 'none';
  if (marked === 'UTF-32LE' || marked === 'UTF-32BE') throw notRead(marked, file);
  if (marked !== 'none') return { name: marked, hasMark: true };
  // No text begins with NUL, but half of every English letter is NUL in UTF-16.
  const [first, second] = beginning;
  if (second === 0 && first !== 0) throw notRead('UTF-16LE', file, ' without a byte order mark');
  if (first === 0 && second !== 0 && second !== undefined)
    throw notRead('UTF-16BE', file, ' without a byte order mark');
  return { name: 'utf-8', hasMark: false };
}

function notRead(name: string, file: string, more = ''): FileError {
  return new FileError([`The file is in ${name}${more}. Convert it: ${convertedFrom(name, file)}`]);
}

/** Returns the command that converts a file to UTF-8. */
export function convertedFrom(encoding: string, file: string): string {
  return piped(`iconv -f ${encoding} -t UTF-8`, file, 'utf8');
}

/** Returns a command with redirections, which work for a name that begins with a dash too. */
function piped(command: string, file: string, suffix: string): string {
  if (file === '-') return `… | ${command} | …`;
  const to = file.replace(/(?:\.\w{1,8})?$/, (extension) => `-${suffix}${extension}`);
  return `${command} < ${shellWord(file)} > ${shellWord(to)}`;
}
