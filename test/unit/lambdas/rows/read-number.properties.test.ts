import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberStyleOf } from '../../../../lambdas/rows/locale.ts';
import { readNumber } from '../../../../lambdas/rows/read-number.ts';
import { signsOf } from '../../../../lambdas/rows/reading.ts';

const LOCALES = [
  ...[
    'de',
    'de-AT',
    'de-CH',
    'en-US',
    'en-GB',
    'en-IN',
    'en-ZA',
    'fr',
    'fr-CA',
    'es',
    'es-MX',
    'it',
    'pt-BR',
    'pt-PT',
  ],
  ...[
    'nl',
    'pl',
    'cs',
    'sv',
    'nb',
    'da',
    'fi',
    'hu',
    'ru',
    'tr',
    'ja',
    'zh',
    'ko',
    'hi',
    'vi',
    'he',
    'bg',
    'ro',
  ],
];

test('a number as the platform writes it in a locale is read with all of its digits', () => {
  const digits = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.stringMatching(/^\d{1,9}$/));
  fc.assert(
    fc.property(
      fc.constantFrom(...LOCALES),
      digits,
      fc.boolean(),
      (locale, [whole, fraction], useGrouping) => {
        const text = `${whole}.${fraction}`;
        const format = new Intl.NumberFormat(locale, {
          useGrouping,
          minimumFractionDigits: fraction.length,
          maximumFractionDigits: fraction.length,
        });
        // A string is formatted exactly, a number would be rounded.
        const written = format.format(text as unknown as number);
        const signs = signsOf(numberStyleOf(locale));
        expect(signs && readNumber(written, signs)?.text).toBe(text);
      },
    ),
  );
});

test('no text is read as a number with other digits', () => {
  const texts = fc.string({ unit: fc.constantFrom(..."0123456789.,' -+€%eE"), maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.constantFrom('1.234,50', '1 234,50', '1,234.50', "1'234.50"), (cell, style) => {
      const signs = signsOf(style);
      const read = signs && readNumber(cell, signs)?.text;
      if (read !== undefined) expect(read.replace(/\D/g, '')).toBe(cell.replace(/\D/g, ''));
    }),
    { numRuns: 5_000 },
  );
});
