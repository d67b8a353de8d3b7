import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOrderOf } from '../../../../lambdas/rows/locale.ts';
import { readDate } from '../../../../lambdas/rows/read-date.ts';

const LOCALES = [
  ...[
    'de',
    'de-AT',
    'de-CH',
    'en-US',
    'en-GB',
    'en-IN',
    'fr',
    'es',
    'es-MX',
    'it',
    'pt-BR',
    'pt-PT',
    'nl',
    'pl',
    'cs',
  ],
  ...['sv', 'nb', 'da', 'fi', 'hu', 'ru', 'tr', 'ja', 'zh', 'ko', 'hr', 'ro', 'lt', 'el', 'uk'],
];

const STYLES: readonly Intl.DateTimeFormatOptions[] = [
  { day: '2-digit', month: '2-digit', year: 'numeric' },
  { day: 'numeric', month: 'numeric', year: 'numeric' },
  { day: 'numeric', month: 'long', year: 'numeric' },
  { day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  { day: 'numeric', month: 'numeric', year: 'numeric', hour: 'numeric', minute: '2-digit', hour12: true },
  { dateStyle: 'medium' },
  { dateStyle: 'long' },
  { dateStyle: 'medium', timeStyle: 'medium' },
  { dateStyle: 'long', timeStyle: 'short' },
];

const formats = LOCALES.flatMap((locale) =>
  STYLES.map((style) => ({
    locale,
    style,
    format: new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }),
  })),
);

test('a date as the platform writes it in a locale is read as that day and time', () => {
  const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...formats), date, ({ locale, style, format }, written) => {
      const order = dateOrderOf(locale);
      const read = order && readDate(format.format(written), order, locale);
      const iso = written.toISOString();
      const hasTime = style.hour !== undefined || style.timeStyle !== undefined;
      const length = style.timeStyle === 'medium' ? 8 : 5;
      const time = hasTime ? iso.slice(11, 11 + length) : undefined;
      expect({ text: format.format(written), ...read }).toEqual({
        ...{ text: format.format(written), day: iso.slice(0, 10), time, offset: undefined },
      });
    }),
    { numRuns: 1_000 },
  );
});
