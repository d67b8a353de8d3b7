import { describe, expect, test } from 'vitest';
import { separatorOf } from '../../../../lambdas/rows/csv-delimiter.ts';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { failedText, goa, pune, rowFiles } from '../../../support/row-files.ts';

const { open, items } = rowFiles();

describe('the line that names the delimiter', () => {
  test.for([
    ['sep=;', ';'],
    ['SEP=,', ','],
    ['"sep=;"', ';'],
    ['"sep=\t"', '\t'],
    ['sep=\t', '\t'],
    ['sep=\\t', '\t'],
    ['sep=|', '|'],
    ['sep=~', '~'],
    ['sep=;;;', ';'],
    ['"sep=;";;', ';'],
    ['\uFEFFsep=;', ';'],
  ] as const)('%j is no row, and %j separates', async ([line, delimiter]) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const rows = ['lead_id,city', 'A,Goa', 'B,Pune'].map((row) => row.replace(',', delimiter));
      const text = [line, ...rows].join(end);
      expect(await items(text)).toEqual([
        [3, goa],
        [4, pune],
      ]);
      expect(await readSource(new File([text], 'a.csv'))).toMatchObject({
        ...{ head: { headers: ['lead_id', 'city'], delimiter }, records: [{ line: 3 }, { line: 4 }] },
      });
    }
  });

  test.for(['sep=', 'sep=ab', 'sep=a', 'sep=;x', 'separator=;', ' sep=;', 'sep=";"'])(
    '%j is none',
    (line) => {
      expect(separatorOf(`${line}\n`)).toBeUndefined();
    },
  );

  test('stands in the file of failed rows as well', async () => {
    const input = await open('sep=;\r\nlead_id;city\r\nA;Goa\r\n');
    expect(await failedText(input)).toMatch(/^sep=;\nlead_id;city;_error_code;_error_message\n/);
  });
});

describe('the delimiter', () => {
  test.for([
    ['lead_id|city\nA|Goa\nB|Pune\n', new Map()],
    ['lead_id;Stadt, Land, Region\nA;Goa\nB;Pune\n', new Map([['Stadt, Land, Region', 'city']])],
    ['lead_id;Stadt, Land\nA;Goa\nB;Pune\n', new Map([['Stadt, Land', 'city']])],
    ['"Stadt, Land";lead_id\nGoa;A\nPune;B\n', new Map([['Stadt, Land', 'city']])],
    ['lead_id,"a;b;c;d",city\nA,,Goa\nB,,Pune\n', new Map([['a;b;c;d', '']])],
    ['lead_id\ta, b; c | d\nA\tGoa\nB\tPune\n', new Map([['a, b; c | d', 'city']])],
  ] as const)('of %j is the one that the rows confirm', async ([text, map]) => {
    expect((await items(text, { map })).map(([, item]) => item)).toEqual([goa, pune]);
  });

  test('of a row that is wrong is found by the others', async () => {
    await expect(
      open('lead_id;a, b, c\nA;Goa\nB\nC;Pune\n', { map: new Map([['a, b, c', 'city']]) }),
    ).rejects.toThrow('Line 3 has 1 cell; the header has 2.');
  });

  test('that is none of those is to be named', async () => {
    await expect(open('lead_id:city\nA:Goa\n')).rejects.toThrow(
      'If the file has several columns, give its delimiter with --delimiter. If its first line is a title, remove it.',
    );
    expect(await items('lead_id:city\nA:Goa\nB:Pune\n', { delimiter: ':' })).toHaveLength(2);
    expect(
      await items('[lead_id],[city]\nA,Goa\n', {
        map: new Map([
          ['[lead_id]', 'lead_id'],
          ['[city]', 'city'],
        ]),
      }),
    ).toEqual([[2, goa]]);
  });

  test.for([',', ';', '\t', '|', '~', '^', ':'])('%j separates when it is said to', async (delimiter) => {
    const text = `lead_id,city\nA,Goa\nB,Pune\n`.replaceAll(',', delimiter);
    expect(await items(text, { delimiter })).toHaveLength(2);
  });
});
