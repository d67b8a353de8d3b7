import { expect, test } from 'vitest';
import { cellsOf } from '../../../../lambdas/rows/csv-cells.ts';
import { bytesOf, textOf } from '../../../support/file-parts.ts';

test.each([
  ['a,b', ',', ['a', 'b']],
  ['', ',', ['']],
  [',', ',', ['', '']],
  ['"a,""b"",",c', ',', ['"a,""b"","', 'c']],
  ['a¦"b¦c"¦', '¦', ['a', '"b¦c"', '']],
])('the cells of %j are found between %j', (row, delimiter, cells) => {
  const bytes = bytesOf(row);
  const found = cellsOf(bytes, bytesOf(delimiter));
  expect(found.map(({ start, end }) => textOf(bytes.subarray(start, end)))).toEqual(cells);
});
