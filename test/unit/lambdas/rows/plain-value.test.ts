import { expect, test } from 'vitest';
import type { AttributeType } from '../../../../lambdas/contract/procedure.ts';
import { isNull, plainValue } from '../../../../lambdas/rows/plain-value.ts';

const value = (type: AttributeType, cell: string) => plainValue(cell, { is: 'attribute', name: 'it', type });

test('a cell stays text, unless only JSON is what the API takes', () => {
  expect(value('integer', '007')).toBe('"007"');
  expect(value('boolean', 'TRUE')).toBe('true');
  expect(value('boolean', 'yes')).toBe('"yes"');
  expect(value('multiStringEnum', '["a"]')).toBe('["a"]');
  expect(value('multiStringEnum', 'a')).toBe('"a"');
  expect(value('string', '["a"]')).toBe('"[\\"a\\"]"');
});

test('null in a cell of JSON would clear it, and nowhere else', () => {
  expect(isNull(' null ', { is: 'attribute', name: 'it', type: 'json' })).toBe(true);
  expect(isNull('null', { is: 'attribute', name: 'it', type: 'string' })).toBe(false);
});
