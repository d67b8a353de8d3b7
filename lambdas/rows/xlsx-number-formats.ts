import type { XlsxPackage } from './xlsx-package.ts';
import { readXml } from './xlsx-xml.ts';

/** What a number format makes of a number. */
export type NumberFormat =
  | { is: 'number' | 'percent' | 'date' | 'date-time' | 'time' | 'duration' }
  /** Written with this number of digits or more: `00000`. */
  | { is: 'padded'; digits: number };

const NUMBER: NumberFormat = { is: 'number' };

/**
 * Formats that have no code in the workbook, by their numbers (ECMA-376, part 1, 18.8.30). Those from 27 to 36 and from
 * 50 on are of Chinese, Japanese and Korean.
 */
const BUILT_IN = [
  { is: 'percent', numbers: [9, 10] },
  { is: 'date', numbers: [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58] },
  { is: 'time', numbers: [18, 19, 20, 21, 32, 33, 34, 35, 45, 47] },
  { is: 'date-time', numbers: [22] },
  { is: 'duration', numbers: [46] },
] as const;

/** Returns what a format code means, such as `dd.mm.yyyy` or `[h]:mm`. */
export function formatOfCode(code: string): NumberFormat {
  // The first section is for positive numbers. Texts, escapes, colours, currencies and languages say nothing.
  const [section = ''] = code.replace(/"[^"]*"|\\.|_.|\*./gs, '').split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return { is: 'duration' };
  const rest = withoutBrackets(section).toLowerCase();
  const letters = rest
    .replace(/general|standard/g, '')
    .replace(/am\/pm|a\/p/g, 'h')
    .replace(/[^ymdhs]/g, '');
  const hasTime = /[hs]/.test(letters);
  // The letter m behind hours or before seconds is of minutes.
  const units = letters
    .replace(/(.)\1+/g, '$1')
    .replaceAll('hm', 'h')
    .replaceAll('ms', 's');
  if (/[ymd]/.test(units)) return { is: hasTime ? 'date-time' : 'date' };
  if (hasTime) return { is: 'time' };
  if (rest.includes('%')) return { is: 'percent' };
  return /^0{2,}$/.test(rest) ? { is: 'padded', digits: rest.length } : NUMBER;
}

/** Leaves out colours, currencies, languages and conditions. */
function withoutBrackets(section: string): string {
  const [first, ...others] = section.split('[');
  return [first, ...others.map((part) => part.slice(part.indexOf(']') + 1))].join('');
}

/** Reads the formats of a workbook, by the number by which a cell names its style. */
export async function readNumberFormats(parts: XlsxPackage, path: string): Promise<NumberFormat[]> {
  const codes = new Map<string, NumberFormat>();
  const formats: NumberFormat[] = [];
  const open: string[] = [];
  await readXml(parts.read(path, MAX_STYLES_BYTES), {
    open(name, { numFmtId = '0', formatCode = '' }) {
      // Those of conditional formatting are not of cells.
      if (name === 'numFmt' && open.at(-1) === 'numFmts') codes.set(numFmtId, formatOfCode(formatCode));
      if (name === 'xf' && open.at(-1) === 'cellXfs') formats.push(codes.get(numFmtId) ?? builtIn(numFmtId));
      open.push(name);
    },
    close: () => open.pop(),
  });
  return formats;
}

/** Styles of real workbooks have some MB at most. */
const MAX_STYLES_BYTES = 64 * 1024 ** 2;

function builtIn(numFmtId: string): NumberFormat {
  const found = BUILT_IN.find(({ numbers }) => numbers.some((number) => String(number) === numFmtId));
  return found === undefined ? NUMBER : { is: found.is };
}
