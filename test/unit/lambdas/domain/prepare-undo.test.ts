import { expect, test } from 'vitest';
import { prepareUndo } from '../../../../lambdas/domain/prepare-undo.ts';
import type { EntryResult } from '../../../../lambdas/domain/results.ts';
import { orderOf } from '../../../../lambdas/domain/update-message.ts';
import { accepting, FIRST_ORDER } from '../../../support/accepting.ts';

const world = accepting();
const PLACE = 'result#1';

type End = Partial<EntryResult> & Pick<EntryResult, 'result'>;
const applied = (more: Partial<End> = {}): End => ({
  result: { outcome: 'APPLIED' },
  imageAt: PLACE,
  ...more,
});

/** Prepares the undo of a job, of which each item ended in one way. */
async function prepared(ends: [item: object, end: End][], options: object = {}) {
  await world.accept(
    ends.map(([item]) => item),
    'job-1',
    options,
  );
  const job = world.ports.jobs.headers.get('job-1');
  if (job === undefined) throw new Error('No job');
  const results = ends.map(([, end], index) => ({ index, attempts: 1, ...end }));
  const log = [{ startedAt: 1, completedAt: 1, results }];
  return prepareUndo({ job, log }, 777, world.ports.submissions);
}

test('each entry that succeeded has one, named as it was, and each process one update', async () => {
  const { entries, updates } = await prepared([
    [{ lead_id: 'L-1', state: 'NEW' }, applied({ processId: 'p1' })],
    [{ id: 'p2', state: 'NEW' }, { result: { error: 'PROCESS_DELETED' } }],
    [{ id: 'p3', data: { score: 1 } }, applied()],
    [{ id: 'p1', state: 'NEW' }, applied()],
  ]);
  expect(entries).toEqual([
    { item: { lead_id: 'L-1' } },
    { item: { id: 'p3' } },
    { item: { id: 'p1' }, order: orderOf(777, 0) },
  ]);
  const undo = { jobId: 'job-1', places: [PLACE], lost: [] };
  expect(updates).toEqual([
    {
      ...{ index: 0, target: { id: 'p1' }, update: {} },
      undo: {
        ...undo,
        entries: [
          [0, 0, FIRST_ORDER, 0],
          [2, 3, FIRST_ORDER + 3, 0],
        ],
      },
    },
    {
      ...{ index: 1, target: { id: 'p3' }, update: {} },
      undo: { ...undo, entries: [[1, 2, FIRST_ORDER + 2, 0]] },
    },
  ]);
});

test('what wrote nothing ends as unchanged, what has no image as not reversible', async () => {
  const { updates } = await prepared([
    [{ id: 'p1', state: 'NEW' }, { result: { outcome: 'SUPERSEDED' } }],
    [{ id: 'p2', state: 'NEW' }, { result: { outcome: 'UNCHANGED' } }],
    [{ id: 'p3', state: 'NEW' }, { result: { outcome: 'APPLIED' } }],
  ]);
  expect(updates.map(({ refused }) => refused?.result)).toEqual([
    { outcome: 'UNCHANGED' },
    { outcome: 'UNCHANGED' },
    { error: 'NOT_REVERSIBLE' },
  ]);
});

test('an update knows which others of its process have no image', async () => {
  const { updates } = await prepared([
    [{ id: 'p1', state: 'NEW' }, { result: { outcome: 'APPLIED' } }],
    [{ id: 'p1', state: 'NEW' }, { result: { outcome: 'SUPERSEDED' } }],
    [{ id: 'p1', state: 'NEW' }, applied({ imageAt: 'header#late#2' })],
  ]);
  expect(updates.at(-1)?.undo).toMatchObject({ places: ['header#late#2'], lost: [FIRST_ORDER] });
});

test('entries keep their lines', async () => {
  const items: [object, End][] = [
    [{ id: 'p1', state: 'NEW' }, { result: { cancelled: true } }],
    [{ id: 'p2', state: 'NEW' }, applied()],
  ];
  const { entries } = await prepared(items, { source: { lines: [4, 9] } });
  expect(entries).toEqual([{ item: { id: 'p2' }, line: 9 }]);
});
