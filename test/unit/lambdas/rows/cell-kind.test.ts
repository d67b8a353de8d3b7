import { expect, test } from 'vitest';
import { kindOf, readingOfLocale, unfitMembers } from '../../../../lambdas/rows/cell-kind.ts';
import type { SentColumn } from '../../../../lambdas/rows/column.ts';

test('what a locale confirms is numbers, dates, true and false, and options, and nothing of text', () => {
  const columns: SentColumn[] = [
    ...(
      ['decimal', 'date', 'boolean', 'stringEnum', 'string', 'multiStringEnum', 'json', 'time'] as const
    ).map((type): SentColumn => ({ is: 'attribute', name: 'it', type })),
    ...(['state', 'nextActionAt', 'isDeleted', 'assignedTo'] as const).map(
      (name): SentColumn => ({ is: 'field', name }),
    ),
  ];
  const readings = columns.map((column) => Object.keys(readingOfLocale(kindOf(column), 'de') ?? {}));
  expect(readings).toEqual([
    ...[['number'], ['date', 'locale'], ['values', 'ignoreCase'], ['ignoreCase'], [], [], [], []],
    ...[['ignoreCase'], ['date', 'locale'], ['values', 'ignoreCase'], []],
  ]);
  expect(readingOfLocale('date', 'th')).toBeUndefined();
});

test('a member that means nothing for a kind of cells is named', () => {
  expect(unfitMembers({ number: '1.234,50', values: {} }, 'text')).toEqual(['number']);
  expect(unfitMembers({ date: 'dmy', locale: 'de', timeZone: 'UTC' }, 'date')).toEqual(['timeZone']);
});
