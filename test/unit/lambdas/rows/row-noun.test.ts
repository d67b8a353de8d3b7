import { expect, test } from 'vitest';
import { FILE_FORMATS } from '../../../../lambdas/rows/file-format.ts';
import { rowNoun } from '../../../../lambdas/rows/row-noun.ts';

test('the elements of an array are counted, and any other row is at a line', () => {
  expect(FILE_FORMATS.map((format) => `${format}: ${rowNoun(format)}`)).toEqual([
    ...['csv: Line', 'xlsx: Row', 'ndjson: Line', 'json: Item'],
  ]);
});
