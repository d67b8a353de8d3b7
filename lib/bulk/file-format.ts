export const FILE_FORMATS = ['csv', 'ndjson', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

const FORMATS: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
};

/** What the number of a row counts. */
export function rowNoun(format: FileFormat): 'Line' | 'Item' {
  return format === 'json' ? 'Item' : 'Line';
}

/** The format that the name of a file tells. */
export function formatOfName(name: string): FileFormat | undefined {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}

/** The format that a text looks like by its beginning. */
export function formatOfText(beginning: string): FileFormat {
  const text = beginning.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('[') || /^\{\s*("processes"|$)/.test(text)) return 'json';
  return text.startsWith('{') ? 'ndjson' : 'csv';
}
