import { describe, expect, test } from 'vitest';
import { readSource } from '../../../../../lib/console/model/read-source.ts';
import { rowsOf } from '../../../../../lib/console/model/source.ts';
import { resultOf } from '../../../../support/sliced.ts';

const file = (text: string | Uint8Array<ArrayBuffer>, name: string) => readSource(new File([text], name));

describe('a source', () => {
  test('is CSV with its own delimiter, whose lines are those of the file', async () => {
    const source = await file('\uFEFFlead_id;city\n\nLEAD-1;"a\nb"\nLEAD-2;c\n', 'a.CSV');
    if (source.format !== 'csv') throw new Error('CSV was expected');
    expect(source.head).toEqual({ headers: ['lead_id', 'city'], delimiter: ';' });
    const columns = [
      { is: 'identifier', name: 'lead_id' },
      { is: 'attribute', name: 'city', type: 'string' },
    ] as const;
    expect(resultOf(rowsOf(source, columns, '\\N')).map(({ line }) => line)).toEqual([3, 5]);
  });

  test.for([
    ['"Lead ID","City"\nLEAD-1,"Goa; Panjim"\n', ','],
    ['Lead ID;"City"\nLEAD-1;"Goa, Panjim"\n', ';'],
  ] as const)('has quotes in its first line: %j', async ([text, delimiter]) => {
    expect(await file(text, 'a.csv')).toMatchObject({
      ...{ head: { headers: ['Lead ID', 'City'], delimiter }, records: [{}] },
    });
  });

  test('is known by how it begins, and its numbers stay as they are written', async () => {
    const items = '{"lead_id":"LEAD-1","data":{"score":9007199254740993.10}}';
    expect(await file(`[${items}]`, 'pasted text')).toMatchObject({
      format: 'json',
      rows: [{ text: items }],
    });
    expect(await file(`${items}\n${items}\n`, 'pasted text')).toMatchObject({
      ...{ format: 'ndjson', rows: [{ line: 1, text: items }, { line: 2 }] },
    });
  });

  test.for([
    ['', 'a.csv', 'The file is empty'],
    ['lead_id"x",city\n', 'a.csv', 'Line 1: a cell has a quotation mark'],
    ['lead_id,city\n', 'a.csv', 'The file has no items'],
    ['lead_id,city\nLEAD-1,"Goa', 'a.csv', 'Line 2: a quotation mark is never closed'],
    ['\n', 'a.ndjson', 'The file has no items'],
    ['{"lead_id":\n', 'a.ndjson', 'Line 1 is not valid JSON'],
    ['[{"lead_id"}]', 'a.json', 'Line 1 is not valid JSON'],
  ] as const)('%j as %s is refused: %s', async ([text, name, fault]) => {
    await expect(file(text, name)).rejects.toThrow(fault);
  });

  test('that is not in UTF-8 is refused', async () => {
    await expect(file(new Uint8Array([0x4c, 0xfc, 0x0a]), 'a.csv')).rejects.toThrow('line 1, byte 2 (0xFC)');
  });
});
