import { expect, test } from 'vitest';
import {
  kindOf,
  noUndoCounts,
  tallyUndo,
  type UndoCounts,
  undoTable,
} from '../../../../lib/cli/undo-counts.ts';
import type { Entry } from '../../../../lib/client/index.ts';

const entry = (changes: Partial<Entry>): Entry => ({
  ...{ index: 0, identifier: {}, processId: null, completionStatus: 'SUCCESS', outcome: null },
  ...{ errors: [], line: null, attempts: 1, completedAt: 1 },
  ...changes,
});
const failed = (code: string) =>
  entry({ completionStatus: 'ERROR', errors: [{ code, message: '' } as Entry['errors'][number]] });

test.for<[keyof UndoCounts, Entry]>([
  ['reverted', entry({ outcome: 'REVERTED' })],
  ['partlyReverted', entry({ outcome: 'REVERTED', kept: ['data.city'] })],
  ['kept', entry({ outcome: 'KEPT' })],
  ['unchanged', entry({ outcome: 'UNCHANGED' })],
  ['notReversible', failed('NOT_REVERSIBLE')],
  ['failed', failed('PROCESS_EXISTS')],
  ['cancelled', entry({ completionStatus: 'CANCELLED' })],
  ['notUndoneYet', entry({ completionStatus: 'NOT_STARTED' })],
])('%s is what it says', ([kind, one]) => {
  expect(kindOf(one)).toBe(kind);
});

test('entries are counted, and the table shows what there is', async () => {
  const entries = async function* () {
    yield entry({ outcome: 'REVERTED' });
    yield entry({ outcome: 'KEPT' });
    yield failed('NOT_REVERSIBLE');
  };
  const counts = await tallyUndo(entries());
  expect(counts).toEqual({ ...noUndoCounts(), reverted: 1, kept: 1, notReversible: 1 });
  expect(undoTable(counts)).toBe('as before       1\nkept            1\nnot reversible  1');
  expect(undoTable(counts, { isDryRun: true })).toBe(
    'would be as before  1\nwould be kept       1\nnot reversible      1',
  );
});

test('nothing to tell is told as nothing given back', () => {
  expect(undoTable(noUndoCounts())).toBe('as before  0');
});
