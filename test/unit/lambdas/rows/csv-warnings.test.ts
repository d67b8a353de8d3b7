import { describe, expect, test } from 'vitest';
import { rowFiles } from '../../../support/row-files.ts';

const { open } = rowFiles();

describe('cells', () => {
  test('that are likely not meant are told, and sent as they are', async () => {
    const rows = [
      'A ,1.23E+15',
      'B\u200b,5',
      '\u00a0C,1.23E+15',
      'D,5',
      ...'EFGH'.split('').map((key) => `${key} ,5`),
    ];
    const input = await open(`lead_id,phone_number\n${rows.join('\n')}\n`);
    expect(input.warnings).toEqual([
      'Warning: keys with spaces around them or invisible characters are sent unchanged (lines 2, 3, 4, 6, 7 and 2 more).',
      'Warning: numbers such as 1.23E+15, to which spreadsheets shorten longer ones, are sent unchanged (lines 2, 4).',
    ]);
    const sent = await Array.fromAsync(input.rows());
    expect(sent.slice(0, 3).map(({ text }) => JSON.parse(text).lead_id)).toEqual([
      'A ',
      'B\u200b',
      '\u00a0C',
    ]);
  });
});
