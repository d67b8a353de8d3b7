import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkReading, rowsOfChunk } from '../../../../lambdas/rows/chunk-rows.ts';
import type { Column } from '../../../../lambdas/rows/column.ts';
import { csvRows } from '../../../../lambdas/rows/csv-rows.ts';
import { ndjsonRows } from '../../../../lambdas/rows/json-rows.ts';
import { split, textOf } from '../../../support/file-parts.ts';

const columns: Column[] = [
  { is: 'identifier', name: 'lead_id' },
  { is: 'attribute', name: 'city', type: 'string' },
];
const clearMarker = '\\N';
const head = { headers: ['lead_id', 'city'], cells: ['lead_id', 'city'], delimiter: ',' };

describe('the rows of chunks', () => {
  const cell = fc
    .array(fc.constantFrom('a', 'é', '中', ',', '"', '\n', '\r', '\r\n', ' ', '\\N'), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const row = fc.record({
    city: cell,
    isQuoted: fc.boolean(),
    surplus: fc.constantFrom('', ',', ',x'),
    end: fc.constantFrom('\n', '\r', '\r\n'),
    blank: fc.constantFrom('', '\n', ',\n', '" ",\u00a0\n'),
  });
  const sizes = fc.integer({ min: 1, max: 9 });

  test('are those that the command line reads, with their lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), sizes, sizes, async (rows, size, limit) => {
        const lines = rows.map(({ city, isQuoted, surplus, end, blank }, index) => {
          const written = isQuoted || /[,"\r\n]/.test(city) ? `"${city.replaceAll('"', '""')}"` : city;
          // A line feed after a carriage return would be one end with it.
          return `L${index},${written}${surplus}${end}${end === '\r' ? '' : blank}`;
        });
        const text = `lead_id,city\n${lines.join('')}`;
        const csv = {
          beginning: text,
          read: async function* () {
            yield text;
          },
        };
        const whole = await Array.fromAsync(csvRows(csv, head, columns, { clearMarker }));
        const { chunks } = await split(text, { size, limits: { rows: limit } });
        const reading: ChunkReading = { format: 'csv', head, columns, clearMarker };
        const found = chunks.flatMap((chunk) => rowsOfChunk(chunk, reading));
        expect(found.map(({ line, item }) => [line, item])).toEqual(
          whole.map((each) => [each.line, 'fault' in each ? undefined : each.text]),
        );
        expect(found.map((each) => each.row)).toEqual(found.map((_, index) => index + 1));
        expect(found.every(({ bytes }, index) => lines[index]?.startsWith(textOf(bytes)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('of an NDJSON are those that the command line reads, with their lines', async () => {
    const line = fc.constantFrom(
      '{"a":1}',
      ' {"a":"\u2028\r"} ',
      '{"a":1',
      '[]',
      '',
      ' ',
      '\u00a0',
      '\ufeff{}',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, sizes, async (lines, size, limit) => {
        const text = `{}\n${lines.join('\n')}\n`;
        const whole = await Array.fromAsync(ndjsonRows([text]));
        const { chunks } = await split(text, { format: 'ndjson', size, limits: { rows: limit } });
        const found = chunks.flatMap((chunk) => rowsOfChunk(chunk, { format: 'ndjson' }));
        expect(found.map(({ line, item }) => [line, item])).toEqual(
          whole.map((each) => [each.line, 'fault' in each || each.text === '[]' ? undefined : each.text]),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('are as many as the splitter counts, also in what is broken', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', '{}'), { maxLength: 30 });
    const format = fc.constantFrom('csv' as const, 'ndjson' as const);
    await fc.assert(
      fc.asyncProperty(
        format,
        text,
        sizes,
        fc.integer({ min: 13, max: 30 }),
        async (kind, parts, limit, bytes) => {
          const file = `lead_id,city\n${parts.join('')}`;
          const { chunks, broken } = await split(file, { format: kind, limits: { rows: limit, bytes } });
          const reading: ChunkReading =
            kind === 'csv' ? { format: kind, head, columns, clearMarker } : { format: kind };
          for (const chunk of [...chunks, ...broken]) {
            const numbers = rowsOfChunk(chunk, reading).map((each) => each.row);
            const count = chunk.to.row - chunk.from.row;
            expect(numbers).toEqual(Array.from({ length: count }, (_, index) => chunk.from.row + index + 1));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
