import { describe, expect, it } from 'vitest';
import type { Process } from '../../../../lambdas/contract/process.ts';
import {
  createdBy,
  createdId,
  createdProcess,
  findCreated,
  isBefore,
} from '../../../../lambdas/domain/creation.ts';

const KEY = { team: 'local', procedure: 'lead', primaryKey: 'L1' };
const update = { order: 70, update: { data: { city: 'Goa', score: null } }, create: { data: {} } };

/** The processes of that primary key, each created once the one before was deleted. */
function reading(...processes: Partial<Process>[]) {
  const stored = new Map(
    processes.map((process, n) => [
      createdId(KEY, n),
      { ...KEY, id: createdId(KEY, n), ...process } as Process,
    ]),
  );
  return async (id: string) => stored.get(id);
}
const deleted = (createdOrder: number, order: number) => ({
  createdOrder,
  isDeleted: true,
  clocks: { isDeleted: order },
});

describe('the id of a created process', () => {
  it('is the same whoever creates it, and another one of each primary key and each time', () => {
    expect(createdId({ ...KEY }, 0)).toBe(createdId(KEY, 0));
    const others = [
      createdId(KEY, 1),
      createdId({ ...KEY, primaryKey: 'L2' }, 0),
      createdId({ ...KEY, procedure: 'contact' }, 0),
      createdId({ ...KEY, team: 'other' }, 0),
    ];
    expect(new Set([createdId(KEY, 0), ...others])).toHaveProperty('size', 5);
    expect(createdId(KEY, 0)).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

describe('a created process', () => {
  it('has what its update brings with its clock, and what it has by default without', () => {
    const create = { state: 'NEW', data: { lead_id: 'L1', level: 'low', score: 3 } };
    expect(createdProcess(KEY, 0, { ...update, create }, 1_000)).toEqual({
      ...KEY,
      id: createdId(KEY, 0),
      status: 'OPEN',
      state: 'NEW',
      data: { lead_id: 'L1', level: 'low', city: 'Goa' },
      clocks: { 'data.city': 70, 'data.score': 70 },
      clock: 70,
      createdOrder: 70,
      createdAt: 1_000,
      updatedAt: 1_000,
      version: 1,
    });
  });

  it('shows that it is newer than other updates though its own one sets nothing', () => {
    expect(createdProcess(KEY, 0, { order: 70, update: {}, create: { data: {} } }, 1)).toMatchObject({
      clock: 70,
    });
  });
});

describe('which process of a primary key an update is for', () => {
  it.each<[what: string, process: Partial<Process>, order: number, isPassed: boolean]>([
    ['one that is alive', { createdOrder: 5 }, 70, false],
    ['one that was deleted before the update was accepted', deleted(5, 60), 70, true],
    ['one that was deleted after it', deleted(5, 80), 70, false],
    ['the one that it created, whenever that was deleted', deleted(70, 60), 70, false],
    ['one that shows it', { isDeleted: true, clocks: { isDeleted: 60, 'data.city': 70 } }, 70, false],
    ['one that another system deleted', { isDeleted: true }, 70, true],
    [
      'one whose creation was undone after it',
      { isDeleted: true, clocks: { isDeleted: -1 }, origins: { isDeleted: { at: -1, of: -1, by: 80 } } },
      70,
      false,
    ],
  ])('passes over %s or not', (_what, process, order, isPassed) => {
    expect(isBefore(process as Process, order)).toBe(isPassed);
  });

  it('is the first that was not deleted before it was accepted', async () => {
    const get = reading(deleted(5, 20), deleted(30, 40), { createdOrder: 50 });
    expect(await findCreated(KEY, 70, get)).toBe(createdId(KEY, 2));
    expect(await findCreated(KEY, 35, get)).toBe(createdId(KEY, 1));
    expect(await findCreated(KEY, 70, reading(deleted(5, 20)))).toBeUndefined();
    expect(await findCreated(KEY, 70, reading())).toBeUndefined();
  });

  it('is none that another system wrote under the id', async () => {
    const get = reading({ team: 'other' }, { createdOrder: 5 });
    expect(await findCreated(KEY, 70, get)).toBe(createdId(KEY, 1));
  });

  it('tells the one that an update created', async () => {
    const get = reading(deleted(5, 20), deleted(30, 40));
    expect(await createdBy(KEY, 5, get)).toBe(createdId(KEY, 0));
    expect(await createdBy(KEY, 30, get)).toBe(createdId(KEY, 1));
    expect(await createdBy(KEY, 31, get)).toBeUndefined();
  });
});
