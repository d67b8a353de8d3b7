import { setImmediate } from 'node:timers/promises';

/**
 * Returns a function that reads one item. Items that are asked for in the same turn of the event loop are read with one
 * request, since a request costs the processor more than an item does.
 *
 * @param readAll - reads items by their ids, at most as many as its callers ask for at a time
 */
export function readTogether<Item>(
  readAll: (ids: readonly string[]) => Promise<ReadonlyMap<string, Item>>,
): (id: string) => Promise<Item | undefined> {
  let next: { ids: Set<string>; items: Promise<ReadonlyMap<string, Item>> } | undefined;
  const begin = () => {
    const ids = new Set<string>();
    const items = setImmediate().then(() => {
      next = undefined;
      return readAll([...ids]);
    });
    return { ids, items };
  };
  return async (id) => {
    next ??= begin();
    next.ids.add(id);
    return (await next.items).get(id);
  };
}
