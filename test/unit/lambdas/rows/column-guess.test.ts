import { describe, expect, test } from 'vitest';
import { guessColumns } from '../../../../lambdas/rows/column-guess.ts';
import { aProcedure } from '../../../support/builders.ts';

const procedure = aProcedure({
  attributes: {
    lead_id: { type: 'string' },
    first_name: { type: 'string' },
    phone_number: { type: 'phone' },
    email: { type: 'string' },
    city: { type: 'string' },
    size: { type: 'integer' },
    start_date: { type: 'date' },
    source: { type: 'stringEnum', options: ['Web', 'Fair', 'Referral'] },
    state: { type: 'string' },
  },
});

/** Guesses the columns of a file, a row a line. */
function guessed(headers: string, ...rows: string[]) {
  const cells = (line: string) => line.split(',');
  return guessColumns(cells(headers), procedure, rows.map(cells)).map(({ name }) => name);
}

describe('by its name', () => {
  test('a column is guessed, however it is written', () => {
    expect(guessColumns(['lead_id', 'First Name', 'CITY', 'data.size', 'Assigned-To'], procedure)).toEqual(
      ['lead_id', 'first_name', 'city', 'size', 'assignedTo'].map((name) => ({
        ...{ name, from: 'name', because: 'name' },
      })),
    );
  });

  test.for([
    ['Phone', 'phone_number'],
    ['Phone 1', ''],
    ['citty', 'city'],
    ['Ctiy', 'city'],
    ['lead', 'lead_id'],
    ['E-Mail', 'email'],
    ['Email address', 'email'],
    ['startDate', 'start_date'],
    // Three letters of another word show nothing.
    ['Art', ''],
    ['comment', ''],
    ['x', ''],
    ['', ''],
    ['*', ''],
    ['_error_code', ''],
    ['constructor', ''],
    ['c'.repeat(100_000), ''],
  ])('%s is "%s"', ([header = '', name]) => {
    expect(guessed(header)).toEqual([name]);
  });

  test('nothing is taken twice, and the better match comes first', () => {
    expect(guessed('citty,city,City')).toEqual(['', 'city', '']);
  });
});

describe('by its values', () => {
  test('Status with states is the state, and with statuses the status', () => {
    expect(guessed('Status', 'NEW', 'CONVERTED', 'NEW')).toEqual(['state']);
    expect(guessed('Status', 'OPEN', 'COMPLETED')).toEqual(['status']);
    expect(guessed('State,Status', 'OPEN,NEW', 'OPEN,CONVERTED')).toEqual(['status', 'state']);
  });

  test('options and email addresses show a meaning without a name, in any case', () => {
    expect(
      guessColumns(['Kanal', 'Kontakt'], procedure, [
        ['web', 'a@b.de'],
        ['FAIR', 'c@d.org'],
      ]),
    ).toEqual([
      ...[{ name: 'source', from: 'guess', because: 'values' }],
      { name: 'email', from: 'guess', because: 'values' },
    ]);
  });

  test('numbers, days and text do not', () => {
    expect(guessed('Kennzahl,Tag,Ort', '5,2026-11-24,Goa', '7,2026-11-25,Pune')).toEqual(['', '', '']);
  });

  test('a column keeps its own name, whatever its values are', () => {
    expect(guessed('size,source', 'many,TV', 'few,Radio')).toEqual(['size', 'source']);
  });

  test('a similar name that the values refute is none', () => {
    expect(guessed('Sauce', 'hot', 'mild')).toEqual(['']);
    expect(guessed('Sauce', 'Web', 'Fair')).toEqual(['source']);
  });
});

test('of ten thousand columns, those with the same letters are found at once', () => {
  const headers = Array.from({ length: 10_000 }, (_, number) => `${'Unknown'.repeat(10)} ${number}`);
  const attributes = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, n) => [`attribute_${n}`, { type: 'string' as const }]),
  );
  const startedAt = performance.now();
  const guesses = guessColumns([...headers, 'Attribute 7'], aProcedure({ attributes }));
  expect(guesses.at(-1)?.name).toBe('attribute_7');
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
