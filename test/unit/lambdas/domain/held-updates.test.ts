import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { holdUpdates, type IndexedItem, readHeldUpdates } from '../../../../lambdas/domain/held-updates.ts';

const updateOf = (index: number, city = 'São Paulo'): IndexedItem => ({
  index,
  target: { primaryKey: `KEY-${index}` },
  update: { data: { city, score: 0.1, phone_number: null }, state: 'NEW', stateFrom: ['NEW'] },
});

test('updates come back as they were checked, those of the first step left out, and no chunk has two steps', () => {
  const valid = Array.from({ length: 30 }, (_, index) => updateOf(3 * index));
  const steps = [
    { to: 16, valid: 6 },
    { to: 50, valid: 17 },
    { to: 88, valid: 30 },
  ];
  const { starts, chunks } = holdUpdates(valid, steps);
  expect(starts).toEqual([18, 51]);
  expect(chunks.map(readHeldUpdates)).toEqual([valid.slice(6, 17), valid.slice(17)]);
});

test('a chunk fits the table, however badly its updates compress', () => {
  const large = () => randomBytes(100_000).toString('base64');
  const valid = Array.from({ length: 8 }, (_, index) => updateOf(index, large()));
  const { starts, chunks } = holdUpdates(valid, [
    { to: 1, valid: 1 },
    { to: 8, valid: 8 },
  ]);
  expect(starts).toEqual([1, 3, 5, 7]);
  expect(Math.max(...chunks.map(({ byteLength }) => byteLength))).toBeLessThan(400_000);
  expect(chunks.flatMap(readHeldUpdates)).toEqual(valid.slice(1));
});
