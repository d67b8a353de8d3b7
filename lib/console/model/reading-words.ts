import { kindOf } from '../../../lambdas/rows/cell-kind.ts';
import type { SentColumn } from '../../../lambdas/rows/column.ts';
import { LIST_SEPARATORS, NUMBER_STYLES, type Reading } from '../../../lambdas/rows/reading.ts';

/** A way to read the cells of a column, as a person chooses it. */
export interface ReadingChoice {
  label: string;
  reading: Reading;
}

export const AS_IT_IS: ReadingChoice = { label: 'As it is', reading: {} };

const ORDERS = [
  { date: 'dmy', label: 'Day first: 24.11.2026' },
  { date: 'mdy', label: 'Month first: 11/24/2026' },
  { date: 'ymd', label: 'Year first: 2026-11-24' },
] as const;

const SEPARATORS: Record<(typeof LIST_SEPARATORS)[number], string> = {
  ';': 'semicolons',
  ',': 'commas',
  '|': 'bars',
  '\n': 'line ends',
};

/** Returns how the cells of a column can be read. @param locale - whose names of months are read */
export function readingChoices(column: SentColumn, locale: string): ReadingChoice[] {
  switch (kindOf(column)) {
    case 'number':
      return [AS_IT_IS, ...NUMBER_STYLES.map((number) => ({ label: `Like ${number}`, reading: { number } }))];
    case 'date':
    case 'moment':
      return [AS_IT_IS, ...ORDERS.map(({ date, label }) => ({ label, reading: { date, locale } }))];
    case 'list':
      return [
        AS_IT_IS,
        ...LIST_SEPARATORS.map((separator) => ({
          label: `A list with ${SEPARATORS[separator]}`,
          reading: { separator, ignoreCase: true },
        })),
      ];
    case 'option':
      return [AS_IT_IS, { label: 'In any case, with or without spaces', reading: { ignoreCase: true } }];
    case 'boolean':
      return [AS_IT_IS, { label: 'As words for true and false', reading: { ignoreCase: true } }];
    default:
      return [AS_IT_IS];
  }
}

/** Returns the place of the choice that a reading has made, or -1. */
export function placeOfChoice(choices: readonly ReadingChoice[], reading: Reading | undefined): number {
  if (reading === undefined) return -1;
  const { number, date, separator, ignoreCase, values } = reading;
  const isListed = ignoreCase === true || values !== undefined;
  return choices.findIndex(({ reading: choice }) =>
    number === undefined && date === undefined && separator === undefined
      ? isListed === (choice.ignoreCase === true) &&
        choice.separator === undefined &&
        choice.number === undefined &&
        choice.date === undefined
      : choice.number === number && choice.date === date && choice.separator === separator,
  );
}
