import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  readCompactResults,
  writeCompactResults,
} from '../../../../lambdas/adapters/compact-results-text.ts';
import { type FoldedResult, foldResults, type Result } from '../../../../lambdas/domain/results.ts';

const readBack = (pieces: readonly Uint8Array[]) =>
  [...foldResults(pieces.flatMap(readCompactResults)).values()].toSorted((a, b) => a.index - b.index);

const usual = (index: number): FoldedResult => {
  const batch = Math.floor(index / 10);
  const result = { outcome: 'APPLIED' as const };
  return { index, result, attempts: 1, startedAt: 1_795_485_666_568, completedAt: 1_795_485_666_900 + batch };
};

test('results come back as they were, from however many pieces', () => {
  const result = fc.constantFrom<Result>(
    { outcome: 'APPLIED' },
    { outcome: 'REVERTED', kept: ['state', 'data.city'] },
    { error: 'PROCESS_NOT_FOUND' },
    { error: 'PRECONDITION_FAILED', faults: [{ of: 'expect', name: 'data.city', stored: '"Goa"' }] },
    { cancelled: true },
  );
  const processId = fc.oneof(
    fc.uuid(),
    fc.string(),
    fc.string().map((text) => `.${text}`),
  );
  const imageAt = fc.constantFrom('result#1', 'result#2');
  const entry = fc.record(
    {
      index: fc.nat(10_000),
      result,
      attempts: fc.nat(9),
      startedAt: fc.nat(3),
      completedAt: fc.nat(3),
      processId,
      imageAt,
    },
    { requiredKeys: ['index', 'result', 'attempts', 'startedAt', 'completedAt'] },
  );
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ index }) => index }), (entries) => {
      const results = entries.toSorted((a, b) => a.index - b.index) as FoldedResult[];
      expect(readBack(writeCompactResults(results))).toEqual(results);
    }),
  );
});

test('no piece is larger than DynamoDB stores, whatever the results are', () => {
  const faults = Array.from({ length: 20 }, () => ({
    ...{ of: 'expect' as const, name: 'data.city' as const },
    stored: randomBytes(75).toString('base64'),
  }));
  const results = Array.from({ length: 1_000 }, (_, index): FoldedResult => {
    const result = { error: 'PRECONDITION_FAILED' as const, faults };
    return { ...usual(index), result, processId: randomBytes(1_500).toString('base64') };
  });
  const pieces = writeCompactResults(results);
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(piece.length).toBeLessThan(390 * 1024);
  expect(readBack(pieces)).toEqual(results);
});

test('a thousand usual results take two write units, six with images, 23 with random ids of processes', () => {
  const bytesOf = (more: (index: number) => Partial<FoldedResult>) => {
    const results = Array.from({ length: 1_000 }, (_, index) => ({ ...usual(index), ...more(index) }));
    return writeCompactResults(results).reduce((sum, { length }) => sum + length, 0);
  };
  const places = Array.from({ length: 100 }, () => `result#${randomUUID()}`);
  const imageOf = (index: number) => ({ imageAt: places[Math.floor(index / 10)] ?? '' });
  expect(bytesOf(() => ({}))).toBeLessThan(2_048);
  expect(bytesOf(imageOf)).toBeLessThan(6 * 1024);
  expect(bytesOf((index) => ({ ...imageOf(index), processId: randomUUID() }))).toBeLessThan(23 * 1024);
});

test('nothing is written of no results', () => {
  expect(writeCompactResults([])).toEqual([]);
});
