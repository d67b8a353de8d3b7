import { expect, test } from 'vitest';
import {
  clockOf,
  clockOfValue,
  isAppliedTo,
  isOfSameJob,
  isOlder,
  isOvertaken,
  originOf,
  undeletedFrom,
} from '../../../../lambdas/domain/clocks.ts';

const FIELD = 'data.city';
const known = (clock: number, origin?: object) => ({
  clocks: { [FIELD]: clock },
  origins: { ...(origin && { [FIELD]: origin }) } as never,
});

test('without an origin a field’s value is of its clock', () => {
  expect([clockOf({}, FIELD), clockOfValue(known(5), FIELD)]).toEqual([-1, 5]);
  expect([4, 5, 6].map((order) => isOvertaken(known(5), FIELD, order))).toEqual([true, false, false]);
  expect(isAppliedTo(known(5), FIELD, 5)).toBe(true);
});

test('with one it is of another update, and what is newer than that wins', () => {
  const undone = known(50_000, { at: 50_000, of: 20_000, by: 60_000 });
  expect(clockOfValue(undone, FIELD)).toBe(20_000);
  const orders = [10_000, 20_000, 30_000, 49_999, 60_000];
  expect(orders.map((order) => isOvertaken(undone, FIELD, order))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect([20_000, 50_000, 60_000].map((order) => isAppliedTo(undone, FIELD, order))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isOlder(undone, FIELD, 30_000)).toBe(true);
});

test('the updates of the undone jobs do not', () => {
  const undone = known(50_003, { at: 50_003, of: 20_000, by: 60_000, void: [4] });
  const orders = [50_000, 50_003, 50_004, 40_000, 30_000];
  expect(orders.map((order) => isOvertaken(undone, FIELD, order))).toEqual([true, false, false, true, false]);
});

test('an origin of an older clock, or that is none, tells nothing', () => {
  expect(originOf(known(9, { at: 5, of: 2, by: 6 }), FIELD)).toBeUndefined();
  for (const origin of ['web', null, { at: 5 }, [5]])
    expect(originOf(known(5, origin as object), FIELD)).toBeUndefined();
});

test('a deletion that was undone is known for good', () => {
  const isDeleted = { at: 5, of: -1, by: 6 };
  expect(undeletedFrom({ clocks: { isDeleted: 9 }, origins: { isDeleted } })).toBe(5);
  expect(undeletedFrom({ origins: { isDeleted: { ...isDeleted, from: 3 } } })).toBe(3);
  expect(undeletedFrom({})).toBeUndefined();
});

test('ten thousand order numbers are of one job', () => {
  expect([isOfSameJob(10_000, 19_999), isOfSameJob(19_999, 20_000)]).toEqual([true, false]);
});
