import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayAndTimeText, dayText, timeText } from '../../../../lambdas/rows/xlsx-dates.ts';
import { writtenAndRead } from '../../../support/workbooks.ts';

const HEADER = { cells: ['a', 'b'] };

test('every text and every name of a sheet is itself again', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  const special = fc.constantFrom(
    '_x000D_',
    '_x0041_x0042_',
    'SKU_x0041\r',
    '\r\n',
    '<&">',
    '\u0000',
    '\uFFFF',
    '_',
    ' a ',
    '\uD800',
  );
  // A row of white space alone is an empty row.
  const row = fc
    .array(fc.oneof(text, special), { minLength: 2, maxLength: 2 })
    .filter((cells) => cells.join('').trim() !== '');
  await fc.assert(
    fc.asyncProperty(row, async (cells) => {
      const { sheet, records } = await writtenAndRead(cells.join(''), [HEADER, { cells }]);
      expect(records).toEqual([{ record: cells, line: 2 }]);
      expect(sheet).toBe(cells.join(''));
    }),
    { numRuns: 40 },
  );
});

test('every value is itself again', async () => {
  const moment = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31) });
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => String(number + 0)),
    fc.integer().map(String),
    moment.map(dayText),
    moment.map(dayAndTimeText),
    fc.integer({ min: 0, max: 10 ** 9 }).map(timeText),
    fc.boolean().map(String),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 9 }), async (cells) => {
      const exact = new Set(cells.keys());
      const names = cells.map((_, at) => `c${at}`);
      expect((await writtenAndRead('Leads', [{ cells: names }, { cells, exact }])).records).toEqual([
        { record: cells, line: 2, exact },
      ]);
    }),
    { numRuns: 40 },
  );
});
