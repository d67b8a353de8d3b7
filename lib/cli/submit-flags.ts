import { CLEAR_MARKER } from '../../lambdas/rows/csv-item.ts';
import { shellWord } from '../../lambdas/rows/shell-word.ts';

/** What the cells of a CSV mean. */
export interface CsvFlags {
  key?: string;
  map?: ReadonlyMap<string, string>;
  clearMarker: string;
  delimiter?: string;
  padShortRows?: true;
  ignoreUnknownColumns?: true;
}

export type Flag = readonly [name: string, value?: string];

/** Those that were given, to be given again. */
export function csvFlags({ key, map, clearMarker, delimiter, ...switches }: CsvFlags): Flag[] {
  return [
    ...(key === undefined ? [] : [['key', key] as const]),
    ...[...(map ?? [])].map(([column, name]) => ['map', `${column}=${name}`] as const),
    ...(clearMarker === CLEAR_MARKER ? [] : [['clear-marker', clearMarker] as const]),
    ...(delimiter === undefined ? [] : [['delimiter', delimiter === '\t' ? 'tab' : delimiter] as const]),
    ...(switches.padShortRows === true ? [['pad-short-rows'] as const] : []),
    ...(switches.ignoreUnknownColumns === true ? [['ignore-unknown-columns'] as const] : []),
  ];
}

/** Flags as a shell takes them. */
export function flagsOf(flags: readonly Flag[]): string {
  return flags
    .map(([name, value]) => (value === undefined ? `--${name}` : `--${name} ${shellWord(value)}`))
    .join(' ');
}
