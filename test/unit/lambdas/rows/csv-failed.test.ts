import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeFailed } from '../../../../lib/cli/failed-file.ts';
import type { InputOptions } from '../../../../lib/cli/input.ts';
import { goa, rowFiles } from '../../../support/row-files.ts';

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
  const MARK = Buffer.from('\uFEFF');

  test.for([
    ['the file has one', '\uFEFFlead_id,city\nA,Goa\n', true],
    ['a cell is not ASCII', 'lead_id,city\nA,Zürich\n', true],
    ['a name is not ASCII', 'lead_id,city,Straße\nA,Goa,\n', true],
    ['neither', 'lead_id,city\nA,Goa\n', false],
    ['the file is UTF-16 with one', Buffer.from('\uFEFFlead_id\tcity\nA\tGoa\n', 'utf16le'), true],
  ] as const)('begin with a byte order mark: %s', async ([, text, hasMark]) => {
    const bytes = await failed(text, { map: new Map(String(text).includes('ß') ? [['Straße', '']] : []) });
    expect(bytes.subarray(0, 3).equals(MARK)).toBe(hasMark);
    expect(bytes.indexOf(MARK, 1)).toBe(-1);
  });

  test('of JSON have none', async () => {
    const input = await open('\uFEFF{"lead_id":"Zürich"}\n', {}, 'marked.ndjson');
    expect(input.failed.mark).toBe('never');
  });

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

  test('of JSON are known in an array too, and are sent without their errors', async () => {
    const text = '[{"lead_id":"A","data":{"city":"Goa"},"_errors":[{"code":"X","message":"Y."}]}]';
    expect(await items(text, {}, 'array.json')).toEqual([[1, goa]]);
    const input = await open(text, {}, 'array-again.json');
    expect(input).toMatchObject({
      isOfFailed: true,
      warnings: ['Left out, as errors of an earlier run: "_errors".'],
    });
  });

  test('are known by their columns, and say which these are', async () => {
    const input = await open('lead_id,_error_message,city\nA,x,Goa\n');
    expect(input.isOfFailed).toBe(true);
    expect(input.warnings).toEqual(['Left out, as errors of an earlier run: "_error_message".']);
    expect((await open('{"lead_id":"A","_errors":[]}\n', {}, 'failed.ndjson')).isOfFailed).toBe(true);
    expect((await open('lead_id,city\nA,Goa\n')).isOfFailed).toBe(false);
  });
});
