import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeFailed } from '../../../../lib/cli/failed-file.ts';
import type { InputOptions } from '../../../../lib/cli/input.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { folder, open, items, nameOf } = rowFiles();

describe('failed rows', () => {
  const errors = [{ code: 'X', message: 'Y.' }];
  const failed = async (text: string | Uint8Array, options: Partial<InputOptions> = {}) => {
    const input = await open(text, options);
    const path = join(folder, nameOf('failed.csv'));
    async function* all() {
      for (let position = 0; position < input.total; position++) yield { position, errors };
    }
    await writeFailed(path, input, all());
    return readFileSync(path);
  };

  test('mean the same when they are sent again, and when a spreadsheet has saved them before', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ü', ',', ';', '"', '\n', '\r', '\t', '|', '=', "'", ' ', '0'),
    });
    const delimiter = fc.constantFrom(',', ';', '\t', '|');
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rows, delimiter, fc.constantFrom('\n', '\r\n'), async (cells, between, end) => {
        const records = cells.map(([city, phone], index) => [`L${index}`, city, phone]);
        const text = stringify([['lead_id', 'city', 'phone_number'], ...records], { delimiter: between });
        const first = (await items(text)).map(([, item]) => item);
        const bytes = await failed(text);
        expect((await items(bytes)).map(([, item]) => item)).toEqual(first);
        // As Excel does where the comma is the decimal mark, with the columns in another order.
        const saved = records.map(([id, city, phone]) => [phone, 'X', id, city]);
        const head = ['phone_number', '_error_code', 'lead_id', 'city'];
        const text2 = `\uFEFF${stringify([head, ...saved], { delimiter: ';', record_delimiter: end, quoted: true })}`;
        expect((await items(text2)).map(([, item]) => item)).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });
});
