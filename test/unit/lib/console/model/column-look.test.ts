import { expect, test } from 'vitest';
import type { SentColumn } from '../../../../../lambdas/rows/column.ts';
import type { Reading } from '../../../../../lambdas/rows/reading.ts';
import { type ColumnLook, inZone, isMoment, lookAt } from '../../../../../lib/console/model/column-look.ts';

const next: SentColumn = { is: 'field', name: 'nextActionAt' };
const amount: SentColumn = { is: 'attribute', name: 'budget', type: 'decimal' };
const options = {
  ...{ header: 'Col', position: 1, clearMarker: '-', locales: ['de'], timeZone: 'Europe/Berlin' },
  noun: 'row',
} as const;

function look(
  column: SentColumn,
  cells: readonly string[],
  decided?: Reading,
): ColumnLook & { pauses: number } {
  const work = lookAt(
    cells.map((cell, position) => ({ record: ['A', cell], line: position + 2 })),
    column,
    decided,
    options,
  );
  for (let pauses = 0; ; pauses += 1) {
    const { done, value } = work.next();
    if (done) return { ...value, pauses };
  }
}

test('a column is proposed a reading, and shown what it would do', () => {
  const { proposal, report } = look(amount, ['1.234,50', '', '-', '3,5', 'viele']);
  expect(proposal.reading).toEqual({ number: '1.234,50' });
  expect(report?.changes).toEqual([
    { before: '1.234,50', after: '1234.50' },
    { before: '3,5', after: '3.5' },
  ]);
  expect([report?.changed, report?.kept, report?.keptCell]).toEqual([2, 1, 'viele']);
});

test('what the user has decided is shown instead, also that cells stay as they are', () => {
  expect(look(amount, ['1.234'], { number: '1.234,50' }).report?.changes).toEqual([
    { before: '1.234', after: '1234' },
  ]);
  expect(look(amount, ['1.234,50'], {}).report).toBeUndefined();
});

test('rows of a sheet are called rows', () => {
  const { report } = look(amount, ['1,234.50'], { number: '1.234,50' });
  expect(report?.faults()).toEqual([expect.stringContaining('(row 2)')]);
});

test('a moment is proposed with the time zone of the browser', () => {
  const { report } = look(next, ['24.11.2026 14:30']);
  expect(report?.changes[0]?.after).toContain('2026-11-24T14:30+01:00');
  expect(inZone({ date: 'dmy' }, next, 'UTC')).toEqual({ date: 'dmy', timeZone: 'UTC' });
  expect(inZone({ number: '1.234,50' }, amount, 'UTC')).toEqual({ number: '1.234,50' });
  expect([next, amount, { is: 'attribute', name: 'd', type: 'date' } as const].map(isMoment)).toEqual([
    ...[true, false, false],
  ]);
});

test('looking at ten thousand cells pauses often', () => {
  const cells = Array.from({ length: 10_000 }, (_, number) => `${number},5`);
  expect(look(amount, cells).pauses).toBe(400);
});
