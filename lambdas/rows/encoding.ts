import { assertText, piped } from './file-kind.ts';
import { FileError } from './row.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type EncodingName = (typeof ENCODINGS)[number];

/** The character encoding of a file. */
export interface Encoding {
  name: EncodingName;
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

/**
 * Detects the encoding of a file by its first bytes: by its byte order mark, UTF-16 also by its zeros. Any other file is
 * read as UTF-8, and checked while it is read.
 * @param file - as the user calls it; `-` for standard input
 * @param chosen - the encoding that the user names
 * @throws FileError that names what the file is instead, with the remedy
 */
export function encodingOf(beginning: Uint8Array, file: string, chosen?: EncodingName): Encoding {
  assertText(beginning, file);
  const marked = MARKS.find(({ bytes }) =>
    bytes.every((byte, position) => beginning[position] === byte),
  )?.name;
  if (marked === 'UTF-32LE' || marked === 'UTF-32BE') throw notRead(marked, file);
  if (marked !== undefined && chosen !== undefined && marked !== chosen)
    throw new FileError([
      `The file begins with the byte order mark of ${marked.toUpperCase()}. Omit --encoding ${chosen}.`,
    ]);
  if (marked !== undefined) return { name: marked, hasMark: true };
  return { name: chosen ?? utf16By(beginning) ?? 'utf-8', hasMark: false };
}

/**
 * Detects UTF-16 by its zeros: letters of Europe, digits and delimiters have one as their upper byte. Text in UTF-8 has
 * none, and UTF-16 hardly one as the lower byte.
 */
function utf16By(beginning: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let [even, odd] = [0, 0];
  for (const [position, byte] of beginning.entries()) {
    if (byte !== 0) continue;
    if (position % 2 === 0) even += 1;
    else odd += 1;
  }
  const units = beginning.length / 2;
  if (odd > units / 10 && even < odd / 10) return 'utf-16le';
  return even > units / 10 && odd < even / 10 ? 'utf-16be' : undefined;
}

function notRead(name: string, file: string): FileError {
  const command = piped(`iconv -f ${name} -t UTF-8`, file, 'utf8');
  return new FileError([`The file is in ${name}. Convert it: ${command}`]);
}
