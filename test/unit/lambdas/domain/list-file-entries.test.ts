import { beforeEach, describe, expect, test } from 'vitest';
import type { FileJob } from '../../../../lambdas/domain/file-header.ts';
import { NO_COUNTS, nothingRead, partId, type StoredChunk } from '../../../../lambdas/domain/file-job.ts';
import { type EntriesQuery, listEntries } from '../../../../lambdas/domain/list-entries.ts';
import { fileEntriesWith, listFileEntries } from '../../../../lambdas/domain/list-file-entries.ts';
import type { FileJobs } from '../../../../lambdas/domain/ports.ts';
import { accepting } from '../../../support/accepting.ts';
import { aJob, aPage } from '../../../support/builders.ts';

const FILE = 'file-1';
const fileJob: FileJob = {
  ...{ format: 'csv', compression: null, size: 100, options: {}, uploadId: 'upload-1' },
  accepted: { at: 1_000, sequence: 1, etag: 'etag' },
};
const job = aJob({ id: FILE, total: 0, invalid: 0, fileJob });

const world = accepting();
let chunks: StoredChunk[];

/** Adds a chunk of the file, whose job has these items, if it has one. */
async function aChunk(items: unknown[] | number, counts?: Partial<StoredChunk['counts']>): Promise<void> {
  const row = chunks.reduce((sum, { rows }) => sum + rows, 0);
  const rows = typeof items === 'number' ? items : items.length;
  if (typeof items !== 'number') await world.accept(items, partId(FILE, row));
  const from = { byte: 0, row, line: row };
  const reported = counts && { counts: { ...NO_COUNTS, ...counts } };
  chunks.push({ row, rows, number: chunks.length, from, ...reported });
}

const valid = (id: string) => ({ id, state: 'NEW' });
const invalid = (id: string) => ({ id, state: 'GONE', data: { score: 'many' } });

let chunksRead: number;
const fileJobs: Pick<FileJobs, 'chunksFrom'> = {
  async chunksFrom(_id, row, limit) {
    const found = chunks.filter((chunk) => chunk.row + chunk.rows > row).slice(0, limit);
    chunksRead += found.length;
    return found;
  },
};

beforeEach(() => {
  chunks = [];
  chunksRead = 0;
});

const list = (query: Partial<EntriesQuery> = {}) =>
  listFileEntries({ job, log: [] }, aPage(query), { ...world.ports, fileJobs: fileJobs as FileJobs });

/** The rows of a page, and where the next begins. */
async function page(query: Partial<EntriesQuery> = {}): Promise<[number[], number | undefined]> {
  const { listed, next } = await list(query);
  return [listed.map(({ entry }) => entry.index), next];
}

describe('a page', () => {
  beforeEach(async () => {
    await aChunk([valid('a'), valid('b')]);
    await aChunk([valid('c'), valid('d'), valid('e')]);
    await aChunk([valid('f')]);
  });

  test('goes on over chunks, in the order of the rows', async () => {
    expect(await page()).toEqual([[0, 1, 2, 3, 4, 5], undefined]);
    const { listed } = await list();
    expect(listed.map(({ item }) => item)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map(valid));
  });

  test.for<[number, number[][]]>([
    [1, [[0], [1], [2], [3], [4], [5]]],
    [
      2,
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      3,
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    [
      4,
      [
        [0, 1, 2, 3],
        [4, 5],
      ],
    ],
    [6, [[0, 1, 2, 3, 4, 5]]],
  ])('of at most %i entries is followed by the rest', async ([limit, pages]) => {
    const found: number[][] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const [indexes, next]: [number[], number | undefined] = await page({ limit, from });
      found.push(indexes);
      from = next;
    }
    expect(found).toEqual(pages);
  });

  test.for<[number, number[], number | undefined]>([
    [60, [0, 1, 2, 3, 4, 5], undefined],
    [59, [0, 1, 2, 3, 4], 5],
    // The first entry of the next chunk has more than is left.
    [25, [0, 1], 2],
    [20, [0, 1], 2],
    [19, [0], 1],
    // Alone, an entry may have more.
    [9, [0], 1],
  ])('has no more than %i bytes', async ([maxBytes, indexes, next]) => {
    expect(await page({ maxBytes, bytesOf: () => 10 })).toEqual([indexes, next]);
  });

  test('beyond the last row is empty', async () => {
    expect(await page({ from: 6 })).toEqual([[], undefined]);
  });
});

test('the errors of an entry point to its row in the file', async () => {
  await aChunk([valid('a'), invalid('b')]);
  await aChunk([valid('c'), invalid('d')]);
  const { listed } = await list();
  const pointers = listed.map(({ entry }) => entry.errors.map(({ pointer }) => pointer));
  expect(pointers).toEqual([
    [],
    expect.arrayContaining(['/processes/1/state', '/processes/1/data/score']),
    [],
    expect.arrayContaining(['/processes/3/state', '/processes/3/data/score']),
  ]);
  // Those of the job of the chunk stay as they are.
  const part = await world.ports.jobs.readByChunk(partId(FILE, 2));
  const own = part && (await listEntries(part, aPage({}), world.ports));
  expect(own?.listed[1]?.entry.errors.map(({ pointer }) => pointer)).toContain('/processes/1/state');
});

test('rows without a job have nothing yet, and are cancelled where they get none', async () => {
  await aChunk([valid('a')]);
  await aChunk(2, { CANCELLED: 2 });
  await aChunk(2);
  const { listed } = await list();
  expect(listed.map(({ entry }) => [entry.index, entry.completionStatus, entry.line])).toEqual([
    [0, 'NOT_STARTED', null],
    [1, 'CANCELLED', null],
    [2, 'CANCELLED', null],
    [3, 'NOT_STARTED', null],
    [4, 'NOT_STARTED', null],
  ]);
  expect(await page({ limit: 2 })).toEqual([[0, 1], 2]);
  expect(await page({ limit: 2, from: 2 })).toEqual([[2, 3], 4]);
  expect(await page({ filter: { completionStatus: 'CANCELLED' } })).toEqual([[1, 2], undefined]);
  expect(await page({ filter: { completionStatus: 'NOT_STARTED' } })).toEqual([[0, 3, 4], undefined]);
  expect(await page({ filter: { outcome: 'APPLIED' } })).toEqual([[], undefined]);
});

test('a filter skips chunks that are known to have nothing of it', async () => {
  await aChunk([invalid('a'), valid('b')], { INVALID: 1, SUCCESS: 1, APPLIED: 1 });
  await aChunk(2, { SUCCESS: 2, UNCHANGED: 2 });
  await aChunk([valid('c'), invalid('d')]);
  // The second chunk has no job, so that looking into it would list it as cancelled.
  expect(await page({ filter: { completionStatus: 'INVALID' } })).toEqual([[0, 5], undefined]);
  expect(await page({ filter: { completionStatus: 'CANCELLED' } })).toEqual([[], undefined]);
  expect(await page({ filter: { completionStatus: 'NOT_STARTED' } })).toEqual([[4], undefined]);
});

test('a page looks at twenty chunks, and goes on after them', async () => {
  for (let i = 0; i < 21; i++) await aChunk(1, { SUCCESS: 1 });
  await aChunk([invalid('a')], { INVALID: 1 });
  const filter = { completionStatus: 'INVALID' } as const;
  expect(await page({ filter })).toEqual([[], 20]);
  expect(chunksRead).toBe(20);
  expect(await page({ filter, from: 20 })).toEqual([[21], undefined]);
});

test('entries are counted by what is reported of all chunks', () => {
  const counts = { ...NO_COUNTS, SUCCESS: 5, ERROR: 2, APPLIED: 4, UNCHANGED: 1 };
  const position = { byte: 100, row: 10, line: 11 };
  const progress = { ...nothingRead(), position, counts, surplus: 1 };
  const state = { job, log: [], file: { progress, open: [] } };
  expect(fileEntriesWith(state, {})).toBe(11);
  expect(fileEntriesWith(state, { completionStatus: 'ERROR' })).toBe(2);
  expect(fileEntriesWith(state, { completionStatus: 'NOT_STARTED' })).toBe(4);
  expect(fileEntriesWith(state, { outcome: 'APPLIED' })).toBe(4);
  expect(fileEntriesWith(state, { outcome: 'UNCHANGED', completionStatus: 'SUCCESS' })).toBe(1);
  expect(fileEntriesWith(state, { outcome: 'APPLIED', completionStatus: 'ERROR' })).toBe(0);
});
