import type { FileFormat } from './file-format.ts';

/** Returns what the number of a row counts. */
export function rowNoun(format: FileFormat): 'Line' | 'Item' {
  return format === 'json' ? 'Item' : 'Line';
}
