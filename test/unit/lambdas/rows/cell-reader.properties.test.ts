import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTRIBUTE_TYPES } from '../../../../lambdas/contract/procedure.ts';
import { kindOf, readingOfLocale } from '../../../../lambdas/rows/cell-kind.ts';
import { readerOf } from '../../../../lambdas/rows/cell-reader.ts';
import type { SentColumn } from '../../../../lambdas/rows/column.ts';
import { itemOf } from '../../../../lambdas/rows/csv-item.ts';
import { plainValue } from '../../../../lambdas/rows/plain-value.ts';

const cells = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom(...'0123456789.,:/- €JjaAnNeiI\u00a0'), minLength: 1, maxLength: 16 }),
);
const types = fc.constantFrom(...ATTRIBUTE_TYPES);

test('a cell that nobody has confirmed a reading for is sent as it is', () => {
  fc.assert(
    fc.property(cells, types, (cell, type) => {
      const column: SentColumn = { is: 'attribute', name: 'it', type };
      fc.pre(cell !== '\\N');
      expect(itemOf([cell], [column], '\\N')).toBe(`{"data":{"it":${plainValue(cell, column)}}}`);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever a cell is, it is read as JSON or not at all', () => {
  fc.assert(
    fc.property(cells, types, fc.constantFrom('de', 'en-US', 'fr', 'ja'), (cell, type, locale) => {
      const column: SentColumn = { is: 'attribute', name: 'it', type };
      const reading = readingOfLocale(kindOf(column), locale);
      const value = readerOf({ ...column, ...(reading && { reading }) })(cell, false);
      if (value !== undefined) expect(JSON.stringify(JSON.parse(value))).toBe(value);
    }),
    { numRuns: 3_000 },
  );
});
