import { describe, expect, test } from 'vitest';
import type { AttributeType } from '../../../../lambdas/contract/procedure.ts';
import { kindOf, readingOfLocale } from '../../../../lambdas/rows/cell-kind.ts';
import { readerOf } from '../../../../lambdas/rows/cell-reader.ts';
import type { SentColumn } from '../../../../lambdas/rows/column.ts';
import type { Reading } from '../../../../lambdas/rows/reading.ts';

function attribute(type: AttributeType, reading: Reading, options: string[] = []): SentColumn {
  return { is: 'attribute', name: 'it', type, reading, options };
}
const read = (column: SentColumn, cell: string, isExact = false) => readerOf(column)(cell, isExact);

test('a column without a reading reads nothing', () => {
  expect(read({ is: 'attribute', name: 'it', type: 'boolean' }, 'TRUE')).toBeUndefined();
});

test('a number keeps its digits as text; a value of a workbook is none that a locale writes', () => {
  const column = attribute('decimal', { number: '1.234,50' });
  expect(read(column, '1.234')).toBe('"1234"');
  expect(read(column, '1.234', true)).toBeUndefined();
  expect(read(column, '1.234')).toBe('"1234"');
});

describe('a date', () => {
  const column = attribute('date', { date: 'dmy', locale: 'de' });
  test.for([
    ['24.11.2026', '"2026-11-24"'],
    ['24.11.2026 00:00:00', '"2026-11-24"'],
    ['2026-11-24', '"2026-11-24"'],
    ['1795474800000', '"1795474800000"'],
    ['24.11.2026 14:30', undefined],
    ['2026-11-24T00:00Z', undefined],
    ['31.02.2026', undefined],
  ] as const)('%s is %s', ([cell, value]) => {
    expect(read(column, cell)).toBe(value);
  });
});

describe('a moment', () => {
  const reading: Reading = { date: 'dmy', locale: 'de', timeZone: 'Europe/Berlin' };
  const epoch: SentColumn = { is: 'field', name: 'nextActionAt', reading };
  const iso = attribute('datetimeISO8601', reading);

  test.for([
    ['24.11.2026 14:30', String(Date.UTC(2026, 10, 24, 13, 30))],
    ['24.11.2026', String(Date.UTC(2026, 10, 23, 23))],
    ['24.07.2026', String(Date.UTC(2026, 6, 23, 22))],
    ['2026-11-24 14:30', String(Date.UTC(2026, 10, 24, 13, 30))],
    ['2026-11-24T14:30:00Z', String(Date.UTC(2026, 10, 24, 14, 30))],
    ['2026-11-24T14:30+05', String(Date.UTC(2026, 10, 24, 9, 30))],
    ['1795474800000', '1795474800000'],
  ] as const)('%s is %s in epoch milliseconds', ([cell, value]) => {
    expect(read(epoch, cell)).toBe(JSON.stringify(value));
  });

  test.for(['29.03.2026 02:30', '25.10.2026 02:30'])(
    '%s, which clocks skip or show twice, is not read',
    (cell) => {
      expect(read(epoch, cell)).toBeUndefined();
      expect(read(iso, cell)).toBeUndefined();
    },
  );

  test('is written with its offset where the API keeps text', () => {
    expect(read(iso, '24.11.2026 14:30')).toBe('"2026-11-24T14:30+01:00"');
    expect(read(iso, '24.07.2026 14:30:15.5')).toBe('"2026-07-24T14:30:15.5+02:00"');
    expect(read(iso, '2026-11-24T14:30Z')).toBe('"2026-11-24T14:30Z"');
    expect(read(iso, '2026-11-24 14:30Z')).toBeUndefined();
  });

  test('is not read without a time zone, unless it says its offset', () => {
    const column: SentColumn = { ...epoch, reading: { date: 'dmy', locale: 'de' } };
    expect(read(column, '24.11.2026 14:30')).toBeUndefined();
    expect(read(column, '2026-11-24T14:30Z')).toBe(JSON.stringify(String(Date.UTC(2026, 10, 24, 14, 30))));
  });

  test.for(['2026-11-24T14:30:00.1234Z', '0100-01-01T00:00Z'])(
    '%s would be changed, and is not read',
    (cell) => {
      expect(read(epoch, cell)).toBeUndefined();
    },
  );

  test('of a time zone with seconds has no ISO 8601', () => {
    expect(read(iso, '24.11.1850 14:30')).toBeUndefined();
  });
});

describe('true and false', () => {
  const german = readingOfLocale('boolean', 'de') ?? {};
  test.for(['boolean', 'isDeleted'])('of %s are read in the words of a language', (where) => {
    const column: SentColumn =
      where === 'boolean'
        ? attribute('boolean', german)
        : { is: 'field', name: 'isDeleted', reading: german };
    const cells = ['Ja', 'NEIN', ' wahr ', 'Falsch', 'yes', 'no', '1', '0', 'TRUE'];
    expect(cells.map((cell) => read(column, cell))).toEqual([
      ...['true', 'false', 'true', 'false', 'true', 'false', 'true', 'false', 'true'],
    ]);
    // A text that is not false would be false elsewhere: https://github.com/pimcore/data-hub/issues/754
    expect(['x', 'vielleicht', 'oui', '2', ''].map((cell) => read(column, cell))).toEqual(
      Array.from({ length: 5 }),
    );
  });

  test('are what the user says of any cell', () => {
    const column = attribute('boolean', { values: { x: true, '-': 'false', '?': null } });
    expect(['x', '-', '?', 'X'].map((cell) => read(column, cell))).toEqual([
      ...['true', 'false', 'null', undefined],
    ]);
  });
});

describe('an option', () => {
  const options = ['NEW', 'Straße', 'Case', 'case'];
  test('is found regardless of case and spaces around it, unless several are', () => {
    const column = attribute('stringEnum', { ignoreCase: true }, options);
    const cells = ['NEW', 'new ', 'STRASSE', 'straße', 'Case', 'case', 'CASE', 'gone'];
    expect(cells.map((cell) => read(column, cell))).toEqual([
      ...['"NEW"', '"NEW"', undefined, '"Straße"', '"Case"', '"case"', undefined, undefined],
    ]);
  });

  test('is what the user says of a cell first', () => {
    const column: SentColumn = {
      ...{ is: 'field', name: 'state', options },
      reading: { ignoreCase: true, values: { Kunde: 'NEW', new: 'case' } },
    };
    expect(['kunde', 'new', 'NEW'].map((cell) => read(column, cell))).toEqual(['"NEW"', '"case"', '"case"']);
  });

  test('named like a member of every object is only that', () => {
    const column = attribute('stringEnum', { ignoreCase: true, values: { a: 'NEW' } }, options);
    expect(['constructor', '__proto__', 'toString'].map((cell) => read(column, cell))).toEqual(
      Array.from({ length: 3 }),
    );
  });
});

describe('a list', () => {
  test('is cut at its separator, and each of its values is read', () => {
    const reading: Reading = { separator: ';', ignoreCase: true, values: { rot: 'red' } };
    const column = attribute('multiStringEnum', reading, ['red', 'green', 'a;b']);
    expect(read(column, 'Rot; GREEN;;other ')).toBe('["red","green","other"]');
    expect(read(column, 'red')).toBe('["red"]');
    expect(read(column, 'a;b')).toBe('["a;b"]');
    expect(read(column, '["red"]')).toBeUndefined();
    expect(read(column, ' ; ')).toBeUndefined();
  });

  test('of numbers has numbers as their text, with the digits that they have', () => {
    const column = attribute('multiFloatEnum', { separator: '|', number: '1.234,50' });
    expect(read(column, '1,5|2')).toBe('["1.5","2"]');
  });

  test('may have a value a line', () => {
    expect(read(attribute('multiPhotos', { separator: '\n' }), 'a\r\nb\nc')).toBe('["a","b","c"]');
  });
});

test('text is only read by its values', () => {
  const column = attribute('string', { values: { Deutschland: 'DE' } });
  expect([read(column, 'Deutschland'), read(column, 'Frankreich')]).toEqual(['"DE"', undefined]);
});

test('thousands of cells are read as the first of them', () => {
  const column = attribute('integer', readingOfLocale(kindOf(attribute('integer', {})), 'de') ?? {});
  for (let number = 0; number < 5_000; number += 1) {
    expect(read(column, number.toLocaleString('de'))).toBe(JSON.stringify(String(number)));
  }
});
