import { CLEAR_MARKER } from '../../lambdas/rows/csv-item.ts';
import type { EncodingName } from '../../lambdas/rows/encoding.ts';
import type { FileFormat } from '../../lambdas/rows/file-format.ts';
import { shellWord } from '../../lambdas/rows/shell-word.ts';
import type { ApiFlags } from './api-command.ts';

/** Flags that say what the cells of a CSV mean. */
export interface CsvFlags {
  key?: string;
  map?: ReadonlyMap<string, string>;
  mapFile?: string;
  /** Members of `expect`, by the column that holds what the process must have. */
  expect?: ReadonlyMap<string, string>;
  locale?: string;
  timeZone?: string;
  clearMarker: string;
  delimiter?: string;
  padShortRows?: true;
  ignoreUnknownColumns?: true;
}

/** Flags that say where the rows of a workbook are. */
export interface SheetFlags {
  sheet?: string;
  headerRow?: number;
}

/** Flags of the command `submit`. */
export interface SubmitFlags extends ApiFlags, CsvFlags, SheetFlags {
  procedure: string;
  /** What to call the jobs. Default: as the file. */
  name?: string;
  format?: FileFormat;
  encoding?: EncodingName;
  batchSize: number;
  /** Sends a file of any size in requests, not as one job. */
  requests?: true;
  dryRun?: true;
  canary?: number;
  abortOnErrorPercent?: number;
  rejectInvalid?: true;
  create?: true;
  upsert?: true;
  plan?: true;
  watch?: true;
  resend?: true;
  /** A run of `--resend`. */
  continue?: string;
  failed?: string;
}

/** A flag by its name without dashes. One without a value is a switch. */
export type Flag = readonly [name: string, value?: string];

/** Returns the flags that have a value, or are set. */
export function given(flags: Readonly<Record<string, string | true | undefined>>): Flag[] {
  return Object.entries(flags).flatMap(([name, value]): Flag[] => {
    if (value === undefined) return [];
    return [value === true ? [name] : [name, value]];
  });
}

/** Returns the flags of a CSV that differ from their defaults, to be given again. */
export function csvFlags(flags: CsvFlags): Flag[] {
  const {
    key,
    map = new Map(),
    expect = new Map(),
    mapFile,
    locale,
    timeZone,
    clearMarker,
    delimiter,
    ...switches
  } = flags;
  return [
    ...given({ key }),
    ...Array.from(map, ([column, name]): Flag => ['map', `${column}=${name}`]),
    ...given({
      'map-file': mapFile,
    }),
    ...Array.from(expect, ([column, member]): Flag => ['expect', `${column}=${member}`]),
    ...given({
      locale,
      'time-zone': timeZone,
      'clear-marker': clearMarker === CLEAR_MARKER ? undefined : clearMarker,
      delimiter: delimiter === '\t' ? 'tab' : delimiter,
      'pad-short-rows': switches.padShortRows,
      'ignore-unknown-columns': switches.ignoreUnknownColumns,
    }),
  ];
}

/** Returns the flags that keep the rest of a file from being applied, to be given again. */
export function safeguardFlags({ canary, abortOnErrorPercent }: SubmitFlags): Flag[] {
  const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
  return given({ canary: text(canary), 'abort-on-error-percent': text(abortOnErrorPercent) });
}

/** Returns the flags by which items may create their process, to be given again. */
export function createFlags({ create, upsert }: SubmitFlags): Flag[] {
  return given({ create, upsert });
}

/** Returns the flags of a workbook, to be given again. */
export function sheetFlags({ sheet, headerRow }: SheetFlags): Flag[] {
  return given({ sheet, 'header-row': headerRow === undefined ? undefined : String(headerRow) });
}

/** Flags of a CSV that no workbook has. */
const TEXT_FLAGS = ['delimiter', 'pad-short-rows'];

/** Returns the first flag that would have no effect on a file, and what it is for. */
export function strayFlag(
  format: FileFormat,
  flags: SubmitFlags,
): { name: string; isFor: string } | undefined {
  const ofText = [
    ...csvFlags(flags).filter(([name]) => TEXT_FLAGS.includes(name)),
    ...given({ encoding: flags.encoding }),
  ];
  const isFor = (what: string, [name]: Flag) => ({ name, isFor: what });
  const stray = {
    csv: sheetFlags(flags).map((flag) => isFor('workbooks', flag)),
    xlsx: ofText.map((flag) => isFor('text', flag)),
    json: [
      ...csvFlags(flags).map((flag) => isFor('CSV', flag)),
      ...sheetFlags(flags).map((flag) => isFor('workbooks', flag)),
    ],
  };
  return stray[format === 'ndjson' ? 'json' : format][0];
}

/** Writes flags as a shell takes them. */
export function flagsOf(flags: readonly Flag[]): string {
  return flags
    .map(([name, value]) => (value === undefined ? `--${name}` : `--${name} ${shellWord(value)}`))
    .join(' ');
}
