import * as v from 'valibot';
import { isErrorColumn } from '../../../lambdas/rows/column-names.ts';
import { type Reading, readingSchema } from '../../../lambdas/rows/reading.ts';
import type { ProcedureView } from '../../client/index.ts';
import type { ChosenSource } from './source.ts';

/** The mapping of a file. */
export interface RememberedMapping {
  names: string[];
  readings: ReadonlyMap<number, Reading>;
}

/** Which files have a mapping in common. */
export interface MappingKey {
  team: string;
  /** Id. */
  procedure: string;
  headers: readonly string[];
}

/** Returns the key of a mapping. Undefined for items of JSON, and while the team is not known. */
export function mappingKeyOf(
  team: string | undefined,
  source: ChosenSource,
  { id }: ProcedureView,
): MappingKey | undefined {
  if (team === undefined || source.format !== 'csv') return undefined;
  return { team, procedure: id, headers: source.head.headers };
}

const KEY = 'bulk-update.mappings.v1';
const MAX_MAPPINGS = 20;

const mappingSchema = v.object({
  team: v.string(),
  procedure: v.string(),
  headers: v.array(v.string()),
  names: v.array(v.string()),
  readings: v.array(v.tuple([v.number(), readingSchema])),
});
type Stored = v.InferOutput<typeof mappingSchema>;

/** Returns the mapping of the last file with the same columns. A file of failed rows has those of its file. */
export function rememberedMapping(storage: Storage, key: MappingKey): RememberedMapping | undefined {
  const found = storedIn(storage).find((mapping) => isOf(mapping, key));
  const places = placesOf(key.headers);
  if (found === undefined || found.names.length !== places.length) return undefined;
  const names = key.headers.map((_, position) => found.names[places.indexOf(position)] ?? '');
  const readings = found.readings.flatMap(([place, reading]) => {
    const position = places[place];
    return position === undefined ? [] : [[position, reading] as const];
  });
  return { names, readings: new Map(readings) };
}

/** Returns the positions of columns that are not errors of an earlier run, which are never sent. */
function placesOf(headers: readonly string[]): number[] {
  return [...headers.keys()].filter((position) => !isErrorColumn(headers[position]));
}

/** Remembers a mapping for the next file with the same columns. It holds names of columns, and no key. */
export function rememberMapping(storage: Storage, key: MappingKey, mapping: RememberedMapping): void {
  const { team, procedure, headers } = key;
  const { names, readings } = mapping;
  const places = placesOf(headers);
  const stored: Stored = {
    team,
    procedure,
    headers: headersAt(places, headers),
    names: places.map((position) => names[position] ?? ''),
    readings: places.flatMap((position, place) => {
      const reading = readings.get(position);
      return reading === undefined ? [] : [[place, reading]];
    }),
  };
  write(storage, [stored, ...othersIn(storage, key)].slice(0, MAX_MAPPINGS));
}

/** Forgets the mapping of files with these columns. */
export function forgetMapping(storage: Storage, key: MappingKey): void {
  write(storage, othersIn(storage, key));
}

function headersAt(places: readonly number[], headers: readonly string[]): string[] {
  return places.map((position) => headers[position] ?? '');
}

function othersIn(storage: Storage, key: MappingKey): Stored[] {
  return storedIn(storage).filter((mapping) => !isOf(mapping, key));
}

function isOf(mapping: Stored, { team, procedure, headers }: MappingKey): boolean {
  const isSame = mapping.team === team && mapping.procedure === procedure;
  return isSame && JSON.stringify(mapping.headers) === JSON.stringify(headersAt(placesOf(headers), headers));
}

/** Reads what is stored. A mapping that is broken, or of another version, is not there. */
function storedIn(storage: Storage): Stored[] {
  try {
    const content: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(content)) return [];
    return content.flatMap((mapping) => {
      const { success, output } = v.safeParse(mappingSchema, mapping);
      return success ? [output] : [];
    });
  } catch {
    return [];
  }
}

/** A browser may have no room left, or refuse to store anything. The next file is then mapped anew. */
function write(storage: Storage, mappings: readonly Stored[]): void {
  try {
    if (mappings.length === 0) storage.removeItem(KEY);
    else storage.setItem(KEY, JSON.stringify(mappings));
  } catch {}
}
