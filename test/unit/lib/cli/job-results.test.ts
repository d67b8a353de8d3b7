import { expect, test } from 'vitest';
import { failuresOfJob } from '../../../../lib/cli/job-results.ts';
import type { BulkUpdateClient, ResultFiles } from '../../../../lib/client/index.ts';

/** A file of results at an address. */
const file = (...rows: object[]) =>
  `data:application/x-ndjson,${encodeURIComponent(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))}`;
const failed = (_row: number, code: string) => ({
  ...{
    lead_id: 'A',
    _row,
    _line: _row,
    _status: 'ERROR',
    _error_code: code,
    _error_message: `It is ${code}.`,
  },
});
const left = (_row: number) => ({ lead_id: 'A', _row, _line: _row });

function failures(pages: Partial<ResultFiles>[], total = 100) {
  async function* results() {
    for (const page of pages) yield { succeeded: [], failed: [], unprocessed: [], ...page };
  }
  return Array.fromAsync(failuresOfJob({ results } as unknown as BulkUpdateClient, 'file-1', total));
}

test('rows that failed and rows that were not processed are in the order of the file', async () => {
  const found = await failures([
    {
      failed: [file(failed(2, 'A'), failed(5, 'B C')), file(failed(8, 'A'))],
      unprocessed: [file(left(6), left(7))],
    },
    {},
    { unprocessed: [file(left(11))], succeeded: [file(left(10))] },
  ]);
  expect(found.map(({ position }) => position)).toEqual([1, 4, 5, 6, 7, 10]);
  expect(found[1]?.errors).toEqual([{ code: 'B C', message: 'It is B C.' }]);
  expect(found[2]?.errors[0]?.code).toBe('CANCELLED');
});

test.each([
  ['a row beyond the file', [failed(101, 'A')]],
  ['a row that is no number', [{ _row: 'x' }]],
  ['a row twice', [failed(2, 'A'), failed(2, 'A')]],
])('%s is a contradiction', async (_, rows) => {
  await expect(failures([{ failed: [file(...rows)] }])).rejects.toThrow('that the file does not have');
});

test('results that cannot be read are told with what to do', async () => {
  const gone = 'http://127.0.0.1:1/results?secret';
  await expect(failures([{ failed: [gone] }])).rejects.toThrow(
    'The results of the job cannot be read. No response from http://127.0.0.1:1. Run the same command again; nothing is sent twice.',
  );
  await expect(failures([{ failed: ['data:,no'] }])).rejects.toThrow('not JSON');
});
