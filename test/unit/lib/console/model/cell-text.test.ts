import { expect, test } from 'vitest';
import type { Column } from '../../../../../lambdas/rows/column.ts';
import { cellText } from '../../../../../lib/console/model/cell-text.ts';

const amount = { is: 'attribute', name: 'budget', type: 'decimal' } as const;
const german: Column = { ...amount, reading: { number: '1.234,50' } };

test.for<[cell: string, column: Column, isExact: boolean, text: string]>([
  ['1.234', german, true, '1,234'],
  ['-0.5', german, true, '-0,5'],
  ['1234', german, true, '1234'],
  ['1e-7', german, true, '1e-7'],
  ['1.234', german, false, '1.234'],
  ['1.234', amount, true, '1.234'],
  ['1.234', { ...amount, reading: { number: '1,234.50' } }, true, '1.234'],
  ['1.234', { is: 'left out' }, true, '1.234'],
])('%s is shown as it would be typed: %#', ([cell, column, isExact, text]) => {
  const row = { line: 2, text: '{}', cells: [cell], ...(isExact && { exact: new Set([0]) }) };
  expect(cellText(row, 0, column)).toBe(text);
});
