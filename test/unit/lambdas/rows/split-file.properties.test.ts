import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CsvRecord } from '../../../../lambdas/rows/csv-format.ts';
import { CsvReader } from '../../../../lambdas/rows/csv-reader.ts';
import { bytesOf, split, textOf } from '../../../support/file-parts.ts';

/** What decides where rows end, and what `trim()` removes. */
const PARTS = [
  'a',
  'é',
  '中',
  '😀',
  ',',
  ';',
  '"',
  '""',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\t',
  '\0',
  '\u00a0',
  '\u3000',
  '\ufeff',
];
const anyText = fc.array(fc.constantFrom(...PARTS), { maxLength: 30 }).map((parts) => parts.join(''));
const delimiters = fc.constantFrom(',', ';', '\t', '¦', '||', ' ');
const sizes = fc.integer({ min: 1, max: 8 });
const rows = fc.integer({ min: 1, max: 4 });

/** Reads a whole CSV as the command line does, as far as it is valid. */
function wholeOf(text: string, delimiter: string): { records: string[][]; isBroken: boolean } {
  const { on_record: keep, ...options } = new CsvReader(delimiter, text).options();
  const records: string[][] = [];
  const keepAll = ((record: string[], info: never) => {
    records.push((keep as unknown as (record: string[], info: never) => CsvRecord)(record, info).record);
    return null;
  }) as never;
  try {
    parse(bytesOf(text), { ...options, on_record: keepAll });
    return { records, isBroken: false };
  } catch {
    return { records, isBroken: true };
  }
}

function recordsOf(bytes: Uint8Array, delimiter: string): string[][] {
  const read = parse(bytes, new CsvReader(delimiter, '').options()) as unknown as CsvRecord[];
  return read.map(({ record }) => record);
}

describe('any text', () => {
  test('is cut where csv-parse ends its rows, whatever the chunks and the parts of the source', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, delimiters, sizes, rows, async (body, delimiter, size, limit) => {
        // Fewer zeros than UTF-16 has.
        const text = `id${delimiter}${'b'.repeat(400)}\n${body}`;
        const whole = wholeOf(text, delimiter);
        const { chunks, fault, broken } = await split(text, { delimiter, size, limits: { rows: limit } });
        const read = chunks.map(({ bytes }) => recordsOf(bytes, delimiter));
        expect(read.flat()).toEqual(whole.records.slice(1));
        for (const [index, { from, to }] of chunks.entries()) {
          expect(read[index]).toHaveLength(to.row - from.row);
          expect(to.row - from.row).toBeLessThanOrEqual(limit);
        }
        expect(fault !== undefined).toBe(whole.isBroken);
        expect(broken.length > 0).toBe(whole.isBroken);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has all of its bytes in chunks, at their positions', async () => {
    const bytesLimit = fc.integer({ min: 12, max: 40 });
    await fc.assert(
      fc.asyncProperty(anyText, sizes, rows, bytesLimit, async (body, size, limit, bytes) => {
        // Zeros would make it UTF-16.
        const text = `id,b\n${body.replaceAll('\0', '')}\nlast`;
        const all = bytesOf(text);
        const { head, chunks, broken } = await split(text, { size, limits: { rows: limit, bytes } });
        let end = head?.end;
        for (const chunk of [...chunks, ...broken]) {
          const between = textOf(all.subarray(end?.byte, chunk.from.byte));
          expect(between.replaceAll(/[",\s]/g, '')).toBe('');
          expect(chunk.bytes).toEqual(all.slice(chunk.from.byte, chunk.to.byte));
          expect(chunk.bytes.length).toBeLessThanOrEqual(bytes);
          const isCut = chunk.from.broken === 'lines';
          if (!isCut)
            expect(chunk.from.line).toBe(
              textOf(all.subarray(0, chunk.from.byte)).split(/\r\n|\r|\n/).length - 1,
            );
          end = chunk.to;
        }
        expect(end?.byte).toBe(all.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('continues identically from the end of each chunk', async () => {
    const broken = fc.constantFrom('', '"x"y', '"', '\xff');
    const format = fc.constantFrom('csv' as const, 'ndjson' as const);
    await fc.assert(
      fc.asyncProperty(
        format,
        anyText,
        broken,
        anyText,
        sizes,
        rows,
        fc.integer({ min: 12, max: 40 }),
        async (kind, one, fault, two, size, limit, bytes) => {
          const text = `id,b\n${one}\n${fault}${two}`;
          const file =
            fault === '\xff' ? Uint8Array.from(bytesOf(text), (byte) => (byte === 0xc3 ? 0xff : byte)) : text;
          const options = { format: kind, limits: { rows: limit, bytes } };
          const whole = await split(file, { ...options, size });
          const all = [...whole.chunks, ...whole.broken];
          const ends = [...(whole.head === undefined ? [] : [whole.head.end]), ...all.map(({ to }) => to)];
          for (const from of ends) {
            const rest = await split(file, { ...options, from });
            const isLeft = ({ to }: { to: { byte: number } }) => to.byte > from.byte;
            expect([...rest.chunks, ...rest.broken]).toEqual(all.filter(isLeft));
            if (from.broken === undefined) expect(rest.fault).toEqual(whole.fault);
            else expect(rest.fault).toBeUndefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
