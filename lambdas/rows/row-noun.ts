import type { FileFormat } from './file-format.ts';

/** Returns what the number of a row counts. */
export function rowNoun(format: FileFormat): 'Line' | 'Row' | 'Item' {
  if (format === 'xlsx') return 'Row';
  return format === 'json' ? 'Item' : 'Line';
}
