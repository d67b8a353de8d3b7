import { expect, test } from 'vitest';
import { imagesOf, isWithoutChange, markOfValue } from '../../../../lambdas/domain/image.ts';

const before = { data: { city: 'Paris' }, clocks: { 'data.city': 5 }, state: 'NEW' };

test('an image tells what a field had, and of which update that was', () => {
  const images = imagesOf(before, [
    { field: 'data.city', value: 'Rome', order: 9 },
    { field: 'data.score', value: 1, order: 9 },
  ]);
  expect(images.get(9)?.get('data.city')).toEqual({ before: 'Paris', of: 5, written: markOfValue('Rome') });
  expect(images.get(9)?.get('data.score')).toMatchObject({ before: undefined, of: -1 });
});

test('of a value that an undo gave back it tells both', () => {
  const origins = { 'data.city': { at: 5, of: 2, by: 7 } };
  const image = imagesOf({ ...before, origins }, [{ field: 'data.city', value: 'Rome', order: 9 }]).get(9);
  expect(image?.get('data.city')).toMatchObject({ of: 2, by: 7 });
});

test('of several updates in one write the later one finds what the one before has brought', () => {
  const images = imagesOf(before, [
    { field: 'data.city', value: 'Rome', order: 9 },
    { field: 'data.city', value: null, order: 11 },
    { field: 'data.city', value: 'Lima', order: 12 },
  ]);
  expect([9, 11, 12].map((order) => images.get(order)?.get('data.city'))).toMatchObject([
    { before: 'Paris', of: 5 },
    { before: 'Rome', of: 9 },
    { before: undefined, of: 11 },
  ]);
});

test('an entry that wrote what was there has changed nothing', () => {
  const image = (value: string) =>
    imagesOf(before, [{ field: 'data.city', value, order: 9 }]).get(9) ?? new Map();
  expect([isWithoutChange(image('Paris')), isWithoutChange(image('Rome'))]).toEqual([true, false]);
  expect(isWithoutChange(new Map())).toBe(true);
});

test('values are told apart', () => {
  const values = ['a', 'b', '', null, 0, false, '0', ['a'], { a: 1 }, new Set(['a'])];
  expect(new Set(values.map(markOfValue)).size).toBe(values.length);
  expect(markOfValue(undefined)).toBe(markOfValue(null));
});
