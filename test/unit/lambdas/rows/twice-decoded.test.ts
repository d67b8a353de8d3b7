import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodedOnce } from '../../../../lambdas/rows/twice-decoded.ts';
import { rowFiles } from '../../../support/row-files.ts';

const { open } = rowFiles();

/** Takes UTF-8 for Windows-1252, as spreadsheets do with a CSV without a byte order mark. */
const decodedTwice = (text: string) =>
  new TextDecoder('windows-1252').decode(Buffer.from(text), { stream: true });

test.for([
  ['MÃ¼ller', 'Müller'],
  ['GroÃŸ', 'Groß'],
  ['â‚¬ 5', '€ 5'],
  ['donâ€™t', 'don’t'],
  ['5\u00a0Â°C', undefined],
  ['SÃO PAULO', undefined],
  ['Müller', undefined],
  ['Ãœ and 🚀', undefined],
  ['Â', undefined],
  ['', undefined],
] as const)('%j was %j', ([text, before]) => {
  expect(decodedOnce(text)).toBe(before);
});

test('every text that is not ASCII is known again after it was decoded twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const before = text.toWellFormed();
      // Texts of few letters may be what they seem.
      fc.pre(/[\u0080-\u{10FFFF}]/u.test(before) && decodedOnce(before) === undefined);
      expect(decodedOnce(decodedTwice(before))).toBe(before);
    }),
  );
});

test('a file with such text is warned of, and sent as it is', async () => {
  const { warnings } = await open('lead_id,city,phone_number\nA,MÃ¼nchen,1\nB,KÃ¶ln,2\nC,München,3\n');
  expect(warnings).toEqual([
    'Warning: text was probably decoded twice: "MÃ¼nchen" may have been "München" (lines 2, 3). It is sent unchanged. If it is wrong, export the file again as "CSV UTF-8".',
  ]);
});
