import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../../../lib/console/model/read-source.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { items } = rowFiles();

describe('line ends', () => {
  const ends = fc.constantFrom('\n', '\r', '\r\n');
  const cell = fc
    .array(fc.constantFrom('a', 'é', ',', '"', '\n', '\r', '\r\n', ';', ' '), { maxLength: 4 })
    .map((parts) => parts.join(''));

  test('of all kinds may be mixed, are kept within quotes, and are the lines that are told', async () => {
    const row = fc.record({
      city: cell,
      isQuoted: fc.boolean(),
      end: ends,
      blank: fc.constantFrom('', '\n'),
    });
    await fc.assert(
      fc.asyncProperty(ends, fc.array(row, { minLength: 1, maxLength: 6 }), async (first, rows) => {
        let text = `city,lead_id${first}`;
        const expected: [number, unknown][] = [];
        for (const [index, { city, isQuoted, end, blank }] of rows.entries()) {
          const quoted = isQuoted || /[,"\r\n]/.test(city) ? `"${city.replaceAll('"', '""')}"` : city;
          const line = text.split(/\r\n|\r|\n/).length;
          const data = city === '' ? {} : { data: { city } };
          expected.push([line, { lead_id: `L${index}`, ...data }]);
          text += `${quoted},L${index}${end}`;
          // A line feed behind a carriage return would be one end with it.
          if (end !== '\r') text += blank;
        }
        expect(await items(text)).toEqual(expected);
        const inBrowser = await readSource(new File([text], 'a.csv'));
        if (inBrowser.format !== 'csv') throw new Error('CSV was expected');
        expect(inBrowser.records.map(({ line }) => line)).toEqual(expected.map(([line]) => line));
      }),
      { numRuns: 200 },
    );
  });
});
