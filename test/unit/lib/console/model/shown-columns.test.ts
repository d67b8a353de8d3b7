import { expect, test } from 'vitest';
import type { Column } from '../../../../../lambdas/rows/column.ts';
import type { ColumnLook } from '../../../../../lib/console/model/column-look.ts';
import {
  filterChoices,
  isShown,
  readingFaults,
  undecidedOf,
} from '../../../../../lib/console/model/shown-columns.ts';

const sent: Column[] = [
  { is: 'identifier', name: 'lead_id' },
  { is: 'attribute', name: 'budget', type: 'decimal' },
  { is: 'field', name: 'nextActionAt' },
  { is: 'left out' },
];
const none = { reading: undefined, choices: [], ambiguousCell: undefined, unknown: [] };
const looks = new Map<number, ColumnLook>([
  [1, { proposal: { ...none, reading: { number: '1.234,50' } }, report: undefined }],
  [2, { proposal: { ...none, choices: [{ date: 'dmy' }, { date: 'mdy' }] }, report: undefined }],
  [3, { proposal: { ...none, reading: { number: '1.234,50' } }, report: undefined }],
]);

test('columns with a proposal or a choice are to decide, until they are or are not sent', () => {
  expect(undecidedOf(sent, looks, new Map())).toEqual([1, 2]);
  expect(undecidedOf(sent, looks, new Map([[1, {}]]))).toEqual([2]);
  expect(undecidedOf(sent, new Map(), new Map())).toEqual([]);
});

test('columns can be listed by whether they are sent', () => {
  const columns = sent.map((_, position) => ({ position }));
  expect(filterChoices(sent, columns, [1, 2]).map(({ value, count }) => [value, count])).toEqual([
    ...[
      ['all', 4],
      ['sent', 3],
      ['to decide', 2],
      ['left out', 1],
    ],
  ]);
  expect(
    (['all', 'sent', 'left out', 'to decide'] as const).map((shown) => isShown(shown, sent[3], false)),
  ).toEqual([true, false, true, false]);
  expect(isShown('to decide', sent[1], true)).toBe(true);
});

test('only a decided reading has faults', () => {
  const report = { faults: () => ['It is wrong.'] } as unknown as NonNullable<ColumnLook['report']>;
  const wrong = new Map([[1, { proposal: none, report }]]);
  expect(readingFaults(wrong, new Map())).toEqual([]);
  expect(readingFaults(wrong, new Map([[1, {}]]))).toEqual(['It is wrong.']);
});
