import * as v from 'valibot';
import { expect, test } from 'vitest';
import { NUMBER_STYLES, readingSchema, signsOf } from '../../../../lambdas/rows/reading.ts';

test.for([...NUMBER_STYLES, '1234,50', '1234.50'])('%s shows how numbers are written', (style) => {
  expect(signsOf(style)).toBeDefined();
});

test.for(['1,234,50', '1234', '1234,5', '1x234,50', '2.345,60', ''])('%s does not', (style) => {
  expect(signsOf(style)).toBeUndefined();
});

test.for([{ timeZone: 'Mars/Base' }, { locale: 'de_DE' }, { values: { constructor: 'a' } }, { values: [] }])(
  '%j is not a reading',
  (reading) => {
    expect(v.is(readingSchema, reading)).toBe(false);
  },
);
