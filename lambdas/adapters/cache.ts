import { LRUCache } from 'lru-cache';

/** How long a function trusts what it read of procedures and keys. */
export const CONFIGURATION_CACHE_MS = 10_000;

/** Maximum number of things that are remembered at a time. */
const CAPACITY = 1_000;

/**
 * Remembers what `load` found, for some milliseconds; what it did not find is looked up again at once, so that
 * something new serves immediately. Those who ask while it is being loaded share the result.
 */
export function cached<Value extends object>(
  load: (key: string) => Promise<Value | undefined>,
  ttl: number,
  now: () => number,
): (key: string) => Promise<Value | undefined> {
  const cache = new LRUCache<string, Value>({
    // Each weighs one: room for a count of them (`max`) would be set aside at the start of every function.
    maxSize: CAPACITY,
    sizeCalculation: () => 1,
    ttl,
    // A clock that goes on while the function is frozen between invocations, and is asked each time.
    perf: { now },
    ttlResolution: 0,
    fetchMethod: (key) => load(key),
  });
  return (key) => cache.fetch(key);
}
