/** So long a function trusts what it read of procedures and keys. */
export const CACHE_MS = 10_000;

/**
 * Remembers what `load` found, for a time; what it did not find is looked up again at once, so that a new
 * procedure serves immediately.
 */
export function cached<Value>(
  load: (key: string) => Promise<Value | undefined>,
  now: () => number,
): (key: string) => Promise<Value | undefined> {
  const known = new Map<string, { value: Value; until: number }>();
  return async (key) => {
    const hit = known.get(key);
    if (hit !== undefined && hit.until > now()) return hit.value;
    const value = await load(key);
    if (value === undefined) known.delete(key);
    else known.set(key, { value, until: now() + CACHE_MS });
    return value;
  };
}
