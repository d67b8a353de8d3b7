import { isMap } from '../domain/process.ts';

/**
 * A stored value as the document client writes it back whatever its members are called: of a plain object it asks the
 * member `constructor` for its type, of a Map it does not.
 */
export function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storable);
  if (!isMap(value)) return value;
  return new Map(Object.entries(value).map(([name, member]) => [name, storable(member)]));
}
