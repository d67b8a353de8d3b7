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

  test('that have lost characters, or hold an error of a spreadsheet, are told', async () => {
    const { warnings } = await open(
      'lead_id,city,phone_number\nA,K\uFFFDln,#N/A\nB,#hash,#BEZUG!\nC,Goa,########\nD,#1!,#\n',
    );
    expect(warnings).toEqual([
      'Warning: text with \uFFFD has lost characters (line 2). It is sent unchanged. Export the file again as "CSV UTF-8".',
      'Warning: what spreadsheets show for an error or a narrow column, such as #N/A, is sent unchanged (lines 2, 3, 4). Correct the cells.',
    ]);
  });
});

describe('numbers whose point may group digits', () => {
  const file = (...cells: string[]) => `lead_id;score\n${cells.map((cell) => `A;${cell}\n`).join('')}`;
  const warning =
    'Warning: "score": 1.000 is sent as 1 (lines 2, 3). If it means 1000, say how numbers are written: --locale, e.g. de, or "number" in the mapping.';

  test.for([
    [['1.000', '-2.500', '7'], [warning]],
    [['1.000', '12.345', '1.234,50', '1.234.567'], [warning]],
    // Decimals show that the point is one.
    [['1.000', '2.5'], []],
    [['0.500', '1234.567', '5'], []],
  ] as const)('%j', async ([cells, expected]) => {
    expect((await open(file(...cells))).warnings).toEqual(expected);
  });

  test('are not told once the user says how numbers are written', async () => {
    const { warnings } = await open(file('1.000'), { locale: 'en' });
    expect(warnings.filter((message) => message.includes('is sent as'))).toEqual([]);
  });
});
