import { describe, expect, test } from 'vitest';
import { type ChunkReading, rowsOfChunk } from '../../../../lambdas/rows/chunk-rows.ts';
import { columnsOfUpload, hasFaults, type UploadMapping } from '../../../../lambdas/rows/upload-columns.ts';
import { type SplitOptions, split, textOf } from '../../../support/file-parts.ts';
import { procedure } from '../../../support/row-files.ts';

const mapping: UploadMapping = { columns: { lead_id: 'lead_id', city: 'city' } };

/** Reads all rows of a file, as its chunks are accepted. */
async function read(
  file: string | Uint8Array,
  { columns, expect }: UploadMapping = mapping,
  options: SplitOptions = {},
) {
  const { head, chunks, broken } = await split(file, options);
  let reading: ChunkReading = { format: 'ndjson' };
  if (head !== undefined) {
    const found = columnsOfUpload(head.cells, { columns, expect }, procedure);
    if (hasFaults(found)) throw new Error(found[0]?.message);
    reading = { format: 'csv', head, columns: found, clearMarker: '\\N' };
  }
  return [...chunks, ...broken].flatMap((chunk) => rowsOfChunk(chunk, reading));
}

describe('rows of a CSV', () => {
  test('have their numbers, lines, bytes and items, whichever chunk they are in', async () => {
    const text = 'lead_id,city,note\r\n"A",Köln,x\n\n,,\nB,"Bad\r\nHomburg",\rC,\\N,y\nD,,z';
    const rows = await read(text, mapping, { limits: { rows: 2 } });
    expect(
      rows.map(({ row, line, bytes, item, faults }) => [row, line, textOf(bytes), item, faults]),
    ).toEqual([
      [1, 2, '"A",Köln,x', '{"lead_id":"A","data":{"city":"Köln"}}', []],
      [2, 5, 'B,"Bad\r\nHomburg",', '{"lead_id":"B","data":{"city":"Bad\\r\\nHomburg"}}', []],
      [3, 7, 'C,\\N,y', '{"lead_id":"C","data":{"city":null}}', []],
      [4, 8, 'D,,z', '{"lead_id":"D"}', []],
    ]);
  });

  test('with another number of cells have faults', async () => {
    const rows = await read('lead_id,city\nA\nB,Goa,x\nC,Goa,,\n');
    expect(rows.map(({ row, item, faults }) => [row, item, faults])).toEqual([
      [
        1,
        undefined,
        [
          {
            code: 'INVALID_ITEM',
            message: expect.stringMatching(/^The row has 1 cell; the header has 2\. Quote cells/),
          },
        ],
      ],
      [
        2,
        undefined,
        [
          {
            code: 'INVALID_ITEM',
            message:
              'The row has 3 cells; the header has 2. Quote cells that contain the delimiter or a line end.',
          },
        ],
      ],
      [3, '{"lead_id":"C","data":{"city":"Goa"}}', []],
    ]);
  });

  test('expect what the mapping says', async () => {
    const [row] = await read('lead_id,city,Was\nA,Goa,NEW\n', { ...mapping, expect: { Was: 'state' } });
    expect(row?.item).toBe('{"lead_id":"A","data":{"city":"Goa"},"expect":{"state":"NEW"}}');
  });

  test('of a results file are sent without the results', async () => {
    const [row] = await read('lead_id,city,_row,_line,_status\nA,Goa,7,8,INVALID\n');
    expect(row?.item).toBe('{"lead_id":"A","data":{"city":"Goa"}}');
  });

  test('of which nothing is processed have no items, and are lines where rows cannot be told', async () => {
    const rows = await read('lead_id,city\nA,Goa\nB,"Pu"ne\n"C\n",x\n');
    expect(
      rows.map(({ row, line, bytes, item, isLine }) => [
        row,
        line,
        textOf(bytes),
        item === undefined,
        isLine,
      ]),
    ).toEqual([
      [1, 2, 'A,Goa', false, undefined],
      [2, 3, 'B,"Pu"ne', true, true],
      [3, 4, '"C', true, true],
      [4, 5, '",x', true, true],
    ]);
  });

  test('that are not UTF-8 keep their bytes', async () => {
    const rows = await read(Buffer.from('lead_id,city\nA,K\xf6ln\n"B\n",x\n', 'latin1'));
    expect(rows.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).toEqual(['A,K\xf6ln', '"B\n",x']);
    expect(rows[0]).toMatchObject({ item: undefined, faults: [] });
  });
});

describe('rows of an NDJSON', () => {
  const ndjson = { format: 'ndjson' } as const;

  test('are their lines as written, without results and errors of an earlier run', async () => {
    const text =
      '{"lead_id": "A", "n": 1.00}\r\n\n{"_row":1,"lead_id":"B","_errors":[],"_process_id":null}\n';
    const rows = await read(text, mapping, ndjson);
    expect(rows.map(({ row, line, item }) => [row, line, item])).toEqual([
      [1, 1, '{"lead_id": "A", "n": 1.00}'],
      [2, 3, '{"lead_id":"B"}'],
    ]);
  });

  test.each([
    ['[1]', 'The row is not a JSON object. Write one object a line.'],
    ['{"a":}', "The row is not valid JSON: Unexpected token '}'."],
  ])('that are not an object have a fault: %s', async (line, message) => {
    const rows = await read(`${line}\n{"a":1}\n`, mapping, ndjson);
    expect(rows).toMatchObject([
      { item: undefined, faults: [{ code: 'INVALID_ITEM', message }] },
      { item: '{"a":1}', faults: [] },
    ]);
  });
});

test('a chunk that is not whole rows is refused', () => {
  const chunk = { from: { byte: 5, row: 0, line: 1 }, bytes: Buffer.from('A,"') };
  const head = { cells: ['a'], delimiter: ',' };
  const reading: ChunkReading = { format: 'csv', head, columns: [], clearMarker: '' };
  expect(() => rowsOfChunk(chunk, reading)).toThrow(/byte 5|Quote Not Closed/);
});

test('a line of JSON that is nested very deeply is a row with a fault', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const rows = await read(`{"lead_id":"A"}\n${deep}\n{"lead_id":"B"}\n`, mapping, { format: 'ndjson' });
  expect(rows.map(({ item }) => item)).toEqual(['{"lead_id":"A"}', undefined, '{"lead_id":"B"}']);
  expect(rows[1]?.faults).toMatchObject([
    { code: 'INVALID_ITEM', message: expect.stringContaining('levels deep') },
  ]);
});
