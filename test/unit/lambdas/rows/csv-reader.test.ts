import { describe, expect, test } from 'vitest';
import { goa, pune, rowFiles } from '../../../support/row-files.ts';

const { open, items } = rowFiles();

describe('line ends', () => {
  test('within the name of a column count as lines too', async () => {
    const map = new Map([['a\r\nb', '']]);
    expect(await items('lead_id,city,"a\r\nb"\r\nA,Goa,x\r\nB,Pune,y', { map })).toEqual([
      [3, goa],
      [4, pune],
    ]);
  });

  test('are where a row is said to be no CSV', async () => {
    await expect(open('lead_id,city\r\nA,"x\r\ny"\r\nB,"Pu"ne\r\n')).rejects.toThrow(
      'Line 4: text follows the closing quotation mark of a cell.',
    );
  });

  test('of empty lines count before a quotation mark that is never closed', async () => {
    await expect(open('lead_id,city\n\nA,Goa\n\n\nB,"Pune\nC,Köln\n')).rejects.toThrow(
      'Line 6: a quotation mark is never closed.',
    );
  });
});
