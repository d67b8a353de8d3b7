import { encodingOf } from './encoding.ts';
import { assertNoMarkup, isGzip, maybeWorkbook } from './file-kind.ts';
import { FileError } from './row.ts';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Number of bytes that show what a file is. */
export const BEGINNING_BYTES = 4_096;

export function hasByteOrderMark(beginning: Uint8Array): boolean {
  return BYTE_ORDER_MARK.every((byte, position) => beginning[position] === byte);
}

/** Returns what a file is instead of text in UTF-8, and what to do, or undefined for text. */
export function faultOfBeginning(beginning: Uint8Array): string | undefined {
  if (isGzip(beginning)) {
    return 'The file is compressed with gzip. Send it with "compression": "gzip".';
  }
  if (maybeWorkbook(beginning)) {
    return 'The file is a workbook or an archive. Open it in the spreadsheet and save it as "CSV UTF-8".';
  }
  try {
    const { name } = encodingOf(beginning, '-');
    if (name !== 'utf-8') {
      return `The file is in ${name.toUpperCase()}. Save it as "CSV UTF-8", or convert it: iconv -f ${name.toUpperCase()} -t UTF-8`;
    }
    assertNoMarkup(new TextDecoder().decode(beginning));
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  return undefined;
}
