import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type ChunkReading, rowsOfChunk } from '../../../../lambdas/rows/chunk-rows.ts';
import { type ResultShape, type RowResult, resultFiles } from '../../../../lambdas/rows/result-file.ts';
import { type SplitOptions, split } from '../../../support/file-parts.ts';

const NAMES = '_row,_line,_status,_outcome,_error_code,_error_message,_process_id';

const applied: RowResult = { status: 'SUCCESS', outcome: 'APPLIED', errors: [], processId: 'p1' };
const invalid: RowResult = {
  status: 'INVALID',
  outcome: null,
  errors: [
    { code: 'INVALID_VALUE', message: 'It is "many".' },
    { code: 'INVALID_VALUE', message: '=1+1 is not, either.' },
    { code: 'UNKNOWN_FIELD', message: 'No.' },
  ],
  processId: null,
};
const failed: RowResult = { ...invalid, status: 'ERROR', errors: [{ code: 'X', message: 'Y.' }] };
const cancelled: RowResult = { ...applied, status: 'CANCELLED' };

/** Writes the results of a file; what is broken has none. */
async function results(file: string | Uint8Array, all: readonly RowResult[], options: SplitOptions = {}) {
  const { head, chunks, broken } = await split(file, options);
  const columns = head?.cells.map(() => ({ is: 'left out' }) as const) ?? [];
  const isCsv = head !== undefined;
  const reading: ChunkReading = isCsv
    ? { format: 'csv', head, columns, clearMarker: '' }
    : { format: 'ndjson' };
  const shape: ResultShape = isCsv ? { format: 'csv', head } : { format: 'ndjson' };
  const rows = [...chunks, ...broken].flatMap((chunk) => rowsOfChunk(chunk, reading));
  const written = resultFiles(rows, ({ row }) => all[row - 1], shape);
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1');
  const utf8 = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
  return {
    succeeded: utf8(written.succeeded),
    failed: utf8(written.failed),
    unprocessed: utf8(written.unprocessed),
    latin1: text(written.unprocessed),
  };
}

describe('results of a CSV', () => {
  test('have the rows as written, and what became of each', async () => {
    const text = 'Lead,City,Score\nA,"Köln",1\nB,Goa,many\n\nC,"Bad ""H""",3\nD,Pune,4\n';
    expect(await results(text, [applied, invalid, failed, cancelled])).toMatchObject({
      succeeded: `Lead,City,Score,${NAMES}\nA,"Köln",1,1,2,SUCCESS,APPLIED,,,p1\n`,
      failed: `Lead,City,Score,${NAMES}
B,Goa,many,2,3,INVALID,,INVALID_VALUE UNKNOWN_FIELD,"It is ""many"". =1+1 is not, either. No.",
C,"Bad ""H""",3,3,5,ERROR,,X,Y.,
`,
      unprocessed: 'Lead,City,Score,_row,_line\nD,Pune,4,4,6\n',
    });
  });

  test('guard messages against formulas, but not cells', async () => {
    const errors = [{ code: 'X', message: '=1+1' }];
    const { failed: text } = await results('a,b\n=2+2,c\n', [{ ...invalid, errors }]);
    expect(text).toContain("=2+2,c,1,2,INVALID,,X,'=1+1,\n");
  });

  test('are undefined without rows', async () => {
    expect(await results('a,b\nA,1\n', [applied])).toMatchObject({
      failed: undefined,
      unprocessed: undefined,
    });
  });

  test('keep byte order mark, separator line, delimiter and line end', async () => {
    const text = '\uFEFFsep=;\r\na;b\r\nA;1\nB;2';
    expect((await results(text, [])).unprocessed).toBe(
      '\uFEFFsep=;\r\na;b;_row;_line\r\nA;1;1;3\r\nB;2;2;4\r\n',
    );
  });

  test('stay in their columns beside rows with more or fewer cells', async () => {
    const { succeeded = '' } = await results('a,b\nA\nB,2,x,"y,z"\nC,3,,\n', [applied, applied, applied]);
    expect(succeeded).toBe(
      `a,b,${NAMES}\nA,,1,2,SUCCESS,APPLIED,,,p1\nB,2,2,3,SUCCESS,APPLIED,,,p1,x,"y,z"\nC,3,3,4,SUCCESS,APPLIED,,,p1,,\n`,
    );
    const rows = parse(succeeded, { columns: true, relax_column_count: true }) as { _row: string }[];
    expect(rows.map(({ _row }) => _row)).toEqual(['1', '2', '3']);
  });

  test('of an earlier run are replaced', async () => {
    const text =
      'a,_row,_line,_status,_outcome,_error_code,_error_message,_process_id,b\nA,7,8,ERROR,,X,"Y, z",,"1,5",s\n';
    expect((await results(text, [applied])).succeeded).toBe(
      `a,b,${NAMES}\nA,"1,5",1,2,SUCCESS,APPLIED,,,p1,s\n`,
    );
  });

  test('have one cell for a line that is not a row', async () => {
    const { unprocessed } = await results('a,b\nA,"x"y\nB,"2\nC,3\n', []);
    expect(unprocessed).toBe('a,b,_row,_line\n"A,""x""y",,1,2\n"B,""2",,2,3\nC,3,3,4\n');
  });

  test('keep bytes that are not UTF-8', async () => {
    const { latin1 } = await results(Buffer.from('a,b\nK\xf6ln,1\n', 'latin1'), []);
    expect(latin1).toBe('a,b,_row,_line\nK\xf6ln,1,1,2\n');
  });

  test('have the errors in columns that a delimiter in them does not break', async () => {
    const { failed: text } = await results(
      'a;b\nA;1\n',
      [{ ...failed, errors: [{ code: 'X', message: 'a; b' }] }],
      {
        delimiter: ';',
      },
    );
    expect(text?.split('\n')[1]).toBe('A;1;1;2;ERROR;;X;"a; b";');
  });
});

describe('results of an NDJSON', () => {
  test('follow the members of each object as written', async () => {
    const text = '{"a": 1.0 }\n\n{ }\r\n{"a":2}\n';
    expect(await results(text, [applied, failed], { format: 'ndjson' })).toMatchObject({
      succeeded:
        '{"a": 1.0 ,"_row":1,"_line":1,"_status":"SUCCESS","_outcome":"APPLIED","_error_code":null,"_error_message":null,"_process_id":"p1"}\n',
      failed:
        '{ "_row":2,"_line":3,"_status":"ERROR","_outcome":null,"_error_code":"X","_error_message":"Y.","_process_id":null}\n',
      unprocessed: '{"a":2,"_row":3,"_line":4}\n',
    });
  });

  test('of an earlier run are replaced', async () => {
    const text = '{"_row":9,"a":{"_row":1},"_line":8}\n';
    expect((await results(text, [], { format: 'ndjson' })).unprocessed).toBe(
      '{"a":{"_row":1},"_row":1,"_line":1}\n',
    );
  });

  test('have the text of a line that is not an object', async () => {
    const text = '[1]\n{"a":\n';
    expect((await results(text, [], { format: 'ndjson' })).unprocessed).toBe(
      '{"_text":"[1]","_row":1,"_line":1}\n{"_text":"{\\"a\\":","_row":2,"_line":2}\n',
    );
  });
});

test('a row with very many cells is told as others are', () => {
  const cells = `A,a${',x'.repeat(200_000)}`;
  const head = {
    cells: ['Lead', 'City'],
    text: 'Lead,City',
    delimiter: ',',
    lineEnd: '\n' as const,
    hasMark: false,
    hasSeparatorLine: false,
  };
  const row = { row: 1, line: 2, bytes: Buffer.from(cells), item: undefined, faults: [] };
  const made = resultFiles([row], () => undefined, { format: 'csv', head });
  expect(Buffer.from(made.unprocessed ?? []).toString()).toMatch(/^Lead,City,_row,_line\nA,a,1,2,x,x/);
});
