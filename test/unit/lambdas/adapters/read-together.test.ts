import { expect, it } from 'vitest';
import { readTogether } from '../../../../lambdas/adapters/read-together.ts';

function recorded() {
  const requests: (readonly string[])[] = [];
  const read = readTogether(async (ids) => {
    requests.push(ids);
    if (ids.includes('unreadable')) throw new Error('Not now');
    return new Map(ids.filter((id) => id !== 'missing').map((id) => [id, { id }]));
  });
  return { requests, read };
}

it('reads with one request what is asked for together', async () => {
  const { requests, read } = recorded();

  const items = await Promise.all([read('a'), read('missing'), read('b'), read('a')]);

  expect(items).toEqual([{ id: 'a' }, undefined, { id: 'b' }, { id: 'a' }]);
  expect(requests).toEqual([['a', 'missing', 'b']]);
});

it('reads with the next request what is asked for once the first has come', async () => {
  const { requests, read } = recorded();
  const readTwo = async (first: string, second: string) => [await read(first), await read(second)];

  await Promise.all([readTwo('a', 'c'), readTwo('b', 'd')]);

  expect(requests).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('fails for all that were asked for together, and for no others', async () => {
  const { read } = recorded();

  const [unreadable, other] = await Promise.allSettled([read('unreadable'), read('a')]);

  expect([unreadable, other]).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(await read('a')).toEqual({ id: 'a' });
});
