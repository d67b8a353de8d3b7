import { expect, test } from 'vitest';
import { FILE_FORMATS } from '../../../../lambdas/rows/file-format.ts';
import { rowNoun } from '../../../../lambdas/rows/row-noun.ts';

test('a sheet has rows, an array has elements, and any other file has lines', () => {
  expect(FILE_FORMATS.map((format) => `${format}: ${rowNoun(format)}`)).toEqual([
    ...['csv: Line', 'xlsx: Row', 'ndjson: Line', 'json: Item'],
  ]);
});
