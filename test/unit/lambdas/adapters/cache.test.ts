import { expect, test } from 'vitest';
import { cached } from '../../../../lambdas/adapters/cache.ts';

/** A cache of 10 ms, its clock, and what was loaded. */
function aCache(find: (key: string) => object | undefined = (key) => ({ key })) {
  const clock = { now: 1_000 };
  const loaded: string[] = [];
  const load = async (key: string) => {
    loaded.push(key);
    return find(key);
  };
  return { clock, loaded, read: cached(load, 10, () => clock.now) };
}

test('what was found is remembered until its time is over', async () => {
  const { clock, loaded, read } = aCache();
  await read('a');
  clock.now += 10;
  await read('a');
  expect(loaded).toEqual(['a']);
  clock.now += 1;
  await read('a');
  expect(loaded).toEqual(['a', 'a']);
});

test('what was not found is looked up again at once', async () => {
  let exists = false;
  const { loaded, read } = aCache(() => (exists ? {} : undefined));
  expect(await read('a')).toBeUndefined();
  exists = true;
  expect(await read('a')).toEqual({});
  expect(loaded).toEqual(['a', 'a']);
});

test('those who ask while it is loaded share the answer', async () => {
  const { loaded, read } = aCache();
  const [one, other] = await Promise.all([read('a'), read('a')]);
  expect(one).toBe(other);
  expect(loaded).toEqual(['a']);
});

test('a failure is not remembered', async () => {
  let fails = true;
  const { read } = aCache(() => {
    if (fails) throw new Error('Throttled');
    return {};
  });
  await expect(read('a')).rejects.toThrow('Throttled');
  fails = false;
  expect(await read('a')).toEqual({});
});
