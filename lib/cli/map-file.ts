import { readFile, stat } from 'node:fs/promises';
import type { ColumnOptions } from '../../lambdas/rows/csv-columns.ts';
import { readMapFile } from '../../lambdas/rows/map-file.ts';
import { FileError } from '../../lambdas/rows/row.ts';

/** Mappings are small; another file may have been meant. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Returns how the columns are mapped and read, by the flags and a map file. A flag overrides the file.
 * @throws FileError with everything that is wrong with the map file
 */
export async function columnOptionsOf<Flags extends Pick<ColumnOptions, 'map'> & { mapFile?: string }>(
  flags: Flags,
): Promise<Flags & ColumnOptions> {
  if (flags.mapFile === undefined) return flags;
  const columns = readMapFile(await textOf(flags.mapFile));
  if (Array.isArray(columns)) {
    throw new FileError([`The map file ${flags.mapFile} is not valid.`, ...columns]);
  }
  const names = Array.from(columns, ([header, { name }]): [string, string] => [header, name]);
  const readings = Array.from(columns, ([header, { reading }]) => [header, reading] as const);
  return { ...flags, map: new Map([...names, ...(flags.map ?? [])]), readings: new Map(readings) };
}

async function textOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new Error('it is larger than 10 MB');
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new FileError([`The map file cannot be read: ${(error as Error).message}. Check its name.`]);
  }
}
