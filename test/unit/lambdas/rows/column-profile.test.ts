import { describe, expect, test } from 'vitest';
import type { AttributeType } from '../../../../lambdas/contract/procedure.ts';
import type { SentColumn } from '../../../../lambdas/rows/column.ts';
import { ColumnProfile, type Proposal } from '../../../../lambdas/rows/column-profile.ts';

function proposed(
  type: AttributeType | 'state' | 'nextActionAt',
  cells: readonly string[],
  options: string[] = [],
): Proposal {
  const column: SentColumn =
    type === 'state' || type === 'nextActionAt'
      ? { is: 'field', name: type, options }
      : { is: 'attribute', name: 'it', type, options };
  const profile = new ColumnProfile(column, ['en', 'de']);
  for (const cell of cells) profile.take(cell, false);
  return profile.propose();
}

describe('numbers', () => {
  test.for<[AttributeType, string[], string | undefined]>([
    ['decimal', ['1.5', '3', '-2'], undefined],
    ['decimal', ['1.234,50', '3'], '1.234,50'],
    ['decimal', ['14,5', '1.234'], '1.234,50'],
    ['decimal', ['1 234,5'], '1 234,50'],
    ['decimal', ['1,234.50', '7'], '1,234.50'],
    ['decimal', ["1'234.50"], "1'234.50"],
    ['decimal', ['€ 5,00'], '1.234,50'],
    // The others of the column show that the point is decimal.
    ['decimal', ['1.234', '0.5'], undefined],
    // A whole number has no decimals.
    ['integer', ['1.234', '5'], '1.234,50'],
    ['decimal', ['viele', '?'], undefined],
    ['decimal', ['viele', '1,5'], '1.234,50'],
  ])('of %s, %j are written like %s', ([type, cells, number]) => {
    expect(proposed(type, cells)).toEqual({
      ...{ reading: number === undefined ? undefined : { number }, choices: [], unknown: [] },
      ambiguousCell: undefined,
    });
  });

  test('that have two values are to be chosen', () => {
    expect(proposed('decimal', ['1.234', '2.500', '7'])).toMatchObject({
      ...{ reading: undefined, ambiguousCell: '1.234', choices: [{}, { number: '1.234,50' }] },
    });
    expect(proposed('decimal', ['1,234'])).toMatchObject({
      choices: [{ number: '1.234,50' }, { number: '1,234.50' }],
    });
  });
});

describe('dates', () => {
  test.for<[string[], object | undefined]>([
    [['2026-11-24', '1795474800000'], undefined],
    [['24.11.2026', '03.04.2026'], { date: 'dmy', locale: 'en' }],
    [['11/24/2026', '03/04/2026'], { date: 'mdy', locale: 'en' }],
    [['24. März 2026'], { date: 'dmy', locale: 'de' }],
    [['01/01/2026'], { date: 'dmy', locale: 'en' }],
    [['gestern'], undefined],
  ])('%j have the order %j', ([cells, reading]) => {
    expect(proposed('date', cells)).toMatchObject({ reading, choices: [] });
  });

  // https://github.com/wealthfolio/wealthfolio/pull/1601
  test('are ambiguous only if no cell of the column decides their order', () => {
    const ambiguous = Array.from({ length: 500 }, (_, number) => `0${(number % 9) + 1}/08/2026`);
    expect(proposed('date', ambiguous)).toMatchObject({
      ...{ reading: undefined, ambiguousCell: '01/08/2026' },
      choices: [{ date: 'dmy' }, { date: 'mdy' }],
    });
    expect(proposed('date', [...ambiguous, '26/06/2026'])).toMatchObject({
      reading: { date: 'dmy' },
      choices: [],
    });
  });

  test('with a time are moments', () => {
    expect(proposed('nextActionAt', ['24.11.2026 14:30', '24.12.2026'])).toMatchObject({
      reading: { date: 'dmy' },
    });
    expect(proposed('nextActionAt', ['1795474800000'])).toMatchObject({ reading: undefined });
    expect(proposed('datetimeISO8601', ['2026-11-24T14:30Z'])).toMatchObject({ reading: undefined });
    expect(proposed('date', ['24.11.2026 14:30'])).toMatchObject({ reading: undefined, choices: [] });
  });
});

describe('known values', () => {
  test('are told where they are not written as the API takes them', () => {
    expect(proposed('state', ['NEW', 'new', 'new ', 'Kunde', 'Kunde'], ['NEW', 'CONVERTED'])).toMatchObject({
      reading: { ignoreCase: true },
      unknown: [
        { cell: 'new', count: 1 },
        { cell: 'new ', count: 1 },
        { cell: 'Kunde', count: 2 },
      ],
    });
    expect(proposed('state', ['NEW'], ['NEW'])).toMatchObject({ reading: undefined, unknown: [] });
    expect(proposed('state', ['Kunde'], ['NEW'])).toMatchObject({
      reading: undefined,
      unknown: [{ cell: 'Kunde' }],
    });
  });

  test('of booleans are the words of any language', () => {
    expect(proposed('boolean', ['Ja', 'Nein', 'TRUE', 'vielleicht'])).toMatchObject({
      reading: { ignoreCase: true, values: { ja: true, nein: false } },
      unknown: [{ cell: 'Ja' }, { cell: 'Nein' }, { cell: 'vielleicht' }],
    });
  });

  test('are told one by one only as far as people read them', () => {
    const cells = Array.from({ length: 100 }, (_, number) => `v${number}`);
    expect(proposed('state', cells, ['NEW']).unknown).toHaveLength(30);
  });
});

test('lists are cut where all of their values are known', () => {
  expect(proposed('multiStringEnum', ['red;green', 'red'], ['red', 'green'])).toMatchObject({
    reading: { separator: ';' },
  });
  expect(proposed('multiStringEnum', ['["red"]'], ['red'])).toMatchObject({ reading: undefined });
});

test('numbers of a workbook suggest nothing', () => {
  const profile = new ColumnProfile({ is: 'attribute', name: 'it', type: 'decimal' }, ['en']);
  profile.take('1.234', true);
  expect(profile.propose()).toMatchObject({ reading: undefined, choices: [] });
});
