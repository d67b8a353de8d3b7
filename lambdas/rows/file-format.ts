import { createScanner } from 'jsonc-parser';
import { assertNoMarkup } from './file-kind.ts';

export const FILE_FORMATS = ['csv', 'xlsx', 'ndjson', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
/** Formats of text. */
export type TextFormat = Exclude<FileFormat, 'xlsx'>;

const FORMATS: Readonly<Record<string, TextFormat>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
};

/**
 * Detects the format of a text by its content. The name decides only between CSV and JSON: exports of lines are called
 * `.json`, and arrays `.jsonl`.
 * @param beginning - some KB of the file, or all
 * @throws FileError for markup, which programs save under the names of other formats
 */
export function formatOf(name: string, beginning: string): TextFormat {
  assertNoMarkup(beginning);
  const named = formatOfName(name);
  const text = beginning.trimStart();
  // The name of a column may begin with a bracket, but a CSV is invalid with a quote after it.
  const isCsv =
    named === 'csv' ? !/^(?:\[\s*)?\{\s*"/.test(text) : named === undefined && !/^[[{]/.test(text);
  if (isCsv) return 'csv';
  if (text.startsWith('[')) return 'json';
  return text.startsWith('{') ? formatOfObject(text) : (named ?? 'ndjson');
}

function formatOfName(name: string): TextFormat | undefined {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}

/** Detects the format of an object. One on a line of its own is an item, unless it contains the items. */
function formatOfObject(text: string): TextFormat {
  const { members, end } = firstObject(text);
  const [behind = ''] = text.slice(end).split('\n', 1);
  const hasLine = !text.slice(0, end).trimEnd().includes('\n') && behind.trim() === '';
  return hasLine && !members.includes('processes') ? 'ndjson' : 'json';
}

/** Whether a text is objects one after the other, as `jq '.[]'` writes them, and not a request with its items. */
export function holdsObjects(beginning: string): boolean {
  const text = beginning.trimStart();
  if (!text.startsWith('{')) return false;
  const { members, isComplete } = firstObject(text);
  return isComplete && !members.includes('processes');
}

/** Returns the names of the members of the first object, as far as the text has them, and where the object ends. */
function firstObject(text: string): { members: string[]; end: number; isComplete: boolean } {
  const scanner = createScanner(text, true);
  const members: string[] = [];
  let depth = 0;
  let isName = false;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const token = text[scanner.getTokenOffset()];
    if (depth === 1 && isName && token === '"') members.push(scanner.getTokenValue());
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    isName = depth === 1 && (token === '{' || token === ',');
    if (depth === 0) return { members, end: scanner.getPosition(), isComplete: true };
  }
  return { members, end: text.length, isComplete: false };
}
