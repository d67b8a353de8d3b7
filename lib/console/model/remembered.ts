import * as v from 'valibot';
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

/** Returns the mapping of the last file with the same columns. */
export function rememberedMapping(storage: Storage, key: MappingKey): RememberedMapping | undefined {
  const found = storedIn(storage).find((mapping) => isOf(mapping, key));
  if (found === undefined || found.names.length !== key.headers.length) return undefined;
  return { names: found.names, readings: new Map(found.readings) };
}

/** Remembers a mapping for the next file with the same columns. It holds names of columns, and no key. */
export function rememberMapping(storage: Storage, key: MappingKey, mapping: RememberedMapping): void {
  const { team, procedure, headers } = key;
  const { names, readings } = mapping;
  const stored: Stored = {
    team,
    procedure,
    headers: [...headers],
    names: [...names],
    readings: [...readings],
  };
  write(storage, [stored, ...othersIn(storage, key)].slice(0, MAX_MAPPINGS));
}

/** Forgets the mapping of files with these columns. */
export function forgetMapping(storage: Storage, key: MappingKey): void {
  write(storage, othersIn(storage, key));
}

function othersIn(storage: Storage, key: MappingKey): Stored[] {
  return storedIn(storage).filter((mapping) => !isOf(mapping, key));
}

function isOf(mapping: Stored, { team, procedure, headers }: MappingKey): boolean {
  const isSame = mapping.team === team && mapping.procedure === procedure;
  return isSame && JSON.stringify(mapping.headers) === JSON.stringify(headers);
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
