import { expect, test } from 'vitest';
import type { SentColumn } from '../../../../../lambdas/rows/column.ts';
import type { Reading } from '../../../../../lambdas/rows/reading.ts';
import { placeOfChoice, readingChoices } from '../../../../../lib/console/model/reading-words.ts';

const attribute = (
  type: 'decimal' | 'date' | 'boolean' | 'stringEnum' | 'multiPhotos' | 'string',
): SentColumn => ({
  ...{ is: 'attribute', name: 'it', type },
});

function chosen(column: SentColumn, reading: Reading | undefined): string | undefined {
  const choices = readingChoices(column, 'de');
  return choices[placeOfChoice(choices, reading)]?.label;
}

test.for<[SentColumn, Reading | undefined, string | undefined]>([
  [attribute('decimal'), { number: '1.234,50' }, 'Like 1.234,50'],
  [attribute('decimal'), {}, 'As it is'],
  [attribute('decimal'), undefined, undefined],
  [attribute('decimal'), { number: '1234,50' }, undefined],
  [attribute('date'), { date: 'mdy', locale: 'en' }, 'Month first: 11/24/2026'],
  [{ is: 'field', name: 'nextActionAt' }, { date: 'dmy', timeZone: 'UTC' }, 'Day first: 24.11.2026'],
  [attribute('boolean'), { values: { Ja: true } }, 'As words for true and false'],
  [attribute('stringEnum'), { ignoreCase: true }, 'In any case, with or without spaces'],
  [attribute('stringEnum'), {}, 'As it is'],
  [attribute('multiPhotos'), { separator: '\n', ignoreCase: true }, 'A list with line ends'],
  [attribute('multiPhotos'), {}, 'As it is'],
  [attribute('string'), {}, 'As it is'],
])('of %j, %j is "%s"', ([column, reading, label]) => {
  expect(chosen(column, reading)).toBe(label);
});
