import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChunkReading, rowsOfChunk } from '../../../../lambdas/rows/chunk-rows.ts';
import { type RowResult, resultFiles } from '../../../../lambdas/rows/result-file.ts';
import { columnsOfUpload, hasFaults } from '../../../../lambdas/rows/upload-columns.ts';
import { aProcedure } from '../../../support/builders.ts';
import { split, textOf } from '../../../support/file-parts.ts';

const mapping = { columns: { lead_id: 'lead_id', city: 'city', phone: 'phone_number' } };

async function itemsAndResults(file: string | Uint8Array, delimiter: string, result: RowResult) {
  const { head, chunks } = await split(file, { delimiter });
  if (head === undefined) throw new Error('The file has no head');
  const columns = columnsOfUpload(head.cells, mapping, aProcedure());
  if (hasFaults(columns)) throw new Error(columns[0]?.message);
  const reading: ChunkReading = { format: 'csv', head, columns, clearMarker: '\\N' };
  const rows = chunks.flatMap((chunk) => rowsOfChunk(chunk, reading));
  const { failed } = resultFiles(rows, () => result, { format: 'csv', head });
  return { items: rows.map(({ item }) => item), failed: failed ?? new Uint8Array() };
}

test('failed rows mean the same when they are sent again, with one set of results', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ',', ';', '"', '\n', '\r', '\t', '=', ' ', '|') });
  // Line ends in it would move the lines of the rows.
  const messages = fc.string({ unit: fc.constantFrom('a', 'ü', ',', ';', '"', '\t', '=', '|', '¦') });
  const delimiter = fc.constantFrom(',', ';', '\t', '|', '¦');
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
  const end = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(rows, delimiter, end, messages, async (cells, between, lineEnd, message) => {
      const records = cells.map(([note, city, phone], index) => [note, `L${index}`, city, phone]);
      const head = ['note', 'lead_id', 'city', 'phone'];
      const text = stringify([head, ...records], {
        delimiter: between,
        record_delimiter: lineEnd,
        quoted: true,
      });
      const result: RowResult = {
        status: 'ERROR',
        outcome: null,
        errors: [{ code: 'X', message }],
        processId: null,
      };
      const first = await itemsAndResults(text, between, result);
      const again = await itemsAndResults(first.failed, between, result);
      expect(again.items).toEqual(first.items);
      expect(textOf(again.failed)).toBe(textOf(first.failed));
      const read = parse(textOf(again.failed), {
        delimiter: between,
        record_delimiter: lineEnd,
        columns: true,
      });
      expect(read).toMatchObject(
        records.map(([note, id, city, phone], index) => ({
          note,
          lead_id: id,
          city,
          phone,
          _row: String(index + 1),
          _status: 'ERROR',
          _error_code: 'X',
        })),
      );
    }),
    { numRuns: 300 },
  );
});
