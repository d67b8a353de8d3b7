import { expect, test } from 'vitest';
import type { UndoneResult } from '../../../../lambdas/domain/undo.ts';
import { readUndone, writeUndone } from '../../../../lambdas/domain/undone-text.ts';

const RESULTS: UndoneResult[] = [
  { outcome: 'REVERTED' },
  { outcome: 'REVERTED', kept: ['data.city', 'state'] },
  { outcome: 'KEPT' },
  { outcome: 'UNCHANGED' },
  { error: 'NOT_REVERSIBLE' },
  { error: 'PROCESS_EXISTS' },
];
const written = (results: UndoneResult[]) =>
  writeUndone(results.map((result, index) => ({ index: index + 7, result, writings: [] })));

test('what became of each entry is read as it was written', () => {
  const read = readUndone(written(RESULTS));
  expect(RESULTS.map((_, index) => read?.(index + 7))).toEqual(RESULTS);
});

test('the usual case is one letter', () => {
  expect(written([{ outcome: 'REVERTED' }, { outcome: 'REVERTED' }])).toBe('V');
});

test('a text that would be too long tells the decision alone', () => {
  expect(written(Array(200).fill({ outcome: 'KEPT' }))).toBe('V');
});

test.each(['A', 'R', ''])('%j is not about an undo', (text) => {
  expect(readUndone(text)).toBeUndefined();
});

test.each(['V{', 'V[]', 'V1'])('%j, which another system wrote, tells the decision alone', (text) => {
  expect(readUndone(text)?.(0)).toEqual({ outcome: 'REVERTED' });
});
