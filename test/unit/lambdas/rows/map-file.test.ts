import { expect, test } from 'vitest';
import { mapFileOf, readMapFile } from '../../../../lambdas/rows/map-file.ts';
import type { Reading } from '../../../../lambdas/rows/reading.ts';

test('a mapping that is written is read again', () => {
  const columns = new Map<string, { name: string; reading: Reading }>([
    ['Lead', { name: 'lead_id', reading: {} }],
    ['Bemerkung', { name: '', reading: {} }],
    ['Umsatz €', { name: 'budget', reading: { number: '1.234,50' } }],
    ['Termin', { name: 'nextActionAt', reading: { date: 'dmy', locale: 'de', timeZone: 'Europe/Berlin' } }],
    ['Status', { name: 'state', reading: { ignoreCase: true, values: { Kunde: 'CONVERTED', '-': null } } }],
    ['Farben', { name: 'colours', reading: { separator: '\n' } }],
  ]);
  const text = mapFileOf(columns);
  expect(readMapFile(text)).toEqual(columns);
  expect(JSON.parse(text).columns.Lead).toBe('lead_id');
});

test.for<[string, string[]]>([
  ['{', ["It is not valid JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)."]],
  ['null', ['The file must be an object.']],
  ['{}', ['/columns is missing. Add it.']],
  [
    '{"columns":{},"colums":{},"x":1}',
    ['/colums is unknown. Did you mean "columns"?', '/x is unknown. Remove it, or write one of columns.'],
  ],
  ['{"columns":[]}', ['/columns must be an object of columns, such as { "Umsatz": "budget" }.']],
  [
    '{"columns":{"a":5,"b":null,"c":[]}}',
    ['a', 'b', 'c'].map(
      (name) =>
        `/columns/${name} must be what the API calls the column, or "" to omit it, or an object with its "name".`,
    ),
  ],
  [
    '{"columns":{"a/b~":{"nmae":"x","number":"1,5","date":"german","locale":"de_DE","timeZone":"Mars"}}}',
    [
      '/columns/a~1b~0/name is missing. Add it.',
      `/columns/a~1b~0/number must show how 1234.5 is written: one of "1.234,50", "1 234,50", "1,234.50", "1'234.50".`,
      '/columns/a~1b~0/date must be the order of day, month and year: "dmy", "mdy" or "ymd".',
      '/columns/a~1b~0/locale is unknown: write a locale such as "de" or "en-US".',
      '/columns/a~1b~0/timeZone is unknown: write a time zone such as "Europe/Berlin" or "UTC".',
      '/columns/a~1b~0/nmae is unknown. Did you mean "name"?',
    ],
  ],
  [
    '{"columns":{"a":{"name":"x","separator":"+","ignoreCase":1,"values":{"b":2}}}}',
    [
      '/columns/a/separator must be ";", ",", "|" or "\\n", the character between the values of a list.',
      '/columns/a/ignoreCase must be true or false.',
      '/columns/a/values/b must be a string, true, false, or null to clear. Write a number as a string.',
    ],
  ],
  [
    '{"columns":{"__proto__":"city"}}',
    [
      '/columns must not name __proto__, prototype, constructor, which JavaScript reserves: rename it in the file.',
    ],
  ],
])('%s is refused with all of its faults', ([text, faults]) => {
  expect(readMapFile(text)).toEqual(faults);
});
