import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import {
  batchSize,
  clearMarker,
  delimiterOf,
  expectation,
  jobName,
  localeOf,
  mapping,
  percentage,
  positive,
  positiveInteger,
  resumableRun,
  timeZoneOf,
} from '../../../../lib/cli/arguments.ts';

test('mappings add up, and a name may hold the sign that parts them', () => {
  expect([...mapping('b=c=d', mapping('a=x'))]).toEqual([
    ['a', 'x'],
    ['b=c', 'd'],
  ]);
  expect([...mapping('=name')]).toEqual([['', 'name']]);
  expect(() => mapping('city')).toThrow(InvalidArgumentError);
});

test('expectations add up, and none takes the place of another', () => {
  const stage = expectation('Stage=state');
  expect([...expectation('a=b=data.city', stage)]).toEqual([
    ['Stage', 'state'],
    ['a=b', 'data.city'],
  ]);
  for (const text of ['Stage', 'Stage=', '=state']) {
    expect(() => expectation(text)).toThrow('Write it as "column=member"');
  }
  expect(() => expectation('Stage=status', stage)).toThrow(
    'The column "Stage" is expected already, by "Stage=state"',
  );
  expect(() => expectation('Other=state', stage)).toThrow(
    'The member "state" is expected already, by "Stage=state"',
  );
});

test.each([
  [',', ','],
  ['tab', '\t'],
  ['TAB', '\t'],
  ['\\t', '\t'],
  ['~', '~'],
])('the delimiter %j is %j', (text, delimiter) => expect(delimiterOf(text)).toBe(delimiter));

test.for([
  ['de-de', 'de-DE'],
  ['de_DE', 'It is unknown. Did you mean de-DE?'],
  ['german', 'It is unknown. Give one such as de,'],
] as const)('the locale %s is %s', ([text, locale]) => {
  expect(() => {
    const known = localeOf(text);
    throw new Error(known);
  }).toThrow(locale);
});

test.for([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Berlin', 'It is unknown. Did you mean Europe/Berlin?'],
  ['x', 'It is unknown. Give one such as Europe/Berlin'],
] as const)('the time zone %s is %s', ([text, zone]) => {
  expect(() => {
    const known = timeZoneOf(text);
    throw new Error(known);
  }).toThrow(zone);
});

test.each(['', 'a', '7', '"', ';;', '\n', 'ü'])('%j cannot be a delimiter', (text) => {
  expect(() => delimiterOf(text)).toThrow(InvalidArgumentError);
});

test('an empty clear marker would clear every empty cell, and is refused', () => {
  expect(clearMarker('-')).toBe('-');
  expect(() => clearMarker('')).toThrow(InvalidArgumentError);
});

test('a batch has at most as many items as a request takes', () => {
  expect(batchSize('10000')).toBe(10_000);
  expect(() => batchSize('10001')).toThrow(InvalidArgumentError);
});

test('a run is continued while its idempotency keys are known', () => {
  const hour = 60 * 60 * 1000;
  const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const recent = ago(23);
  expect(resumableRun(recent)).toBe(recent);
  for (const text of [ago(25), ago(-1), 'yesterday', recent.slice(0, 10), `${recent} `]) {
    expect(() => resumableRun(text), text).toThrow(InvalidArgumentError);
  }
});

test.for([
  ['1', 1],
  ['0.5', 0.5],
  ['365', 365],
  ['9999999', 9_999_999],
] as const)('%s is a number above 0', ([text, value]) => {
  expect(positive(text)).toBe(value);
});

test.for(['', '0', '0.0', '-1', '1e9', '0x10', 'Infinity', 'many', ' 1', '1,5', '10000000'])(
  '%j is no number above 0',
  (text) => {
    expect(() => positive(text)).toThrow('Give a number above 0, at most 9,999,999.');
  },
);

test('a percentage is from 0 to 100, also with decimals', () => {
  expect(['0', '2.5', '100'].map(percentage)).toEqual([0, 2.5, 100]);
  for (const text of ['', '-1', '100.1', '5%', '1e1', 'many']) {
    expect(() => percentage(text)).toThrow('Give a number from 0 to 100.');
  }
});

test('a whole number has no decimals', () => {
  expect(positiveInteger('20')).toBe(20);
  expect(() => positiveInteger('0.5')).toThrow('Give a whole number above 0.');
  expect(() => positiveInteger('0')).toThrow('Give a number above 0');
});

test('the largest number of days is still a date', () => {
  const expiresAt = Date.now() + positive('9999999') * 24 * 60 * 60 * 1000;
  expect(new Date(expiresAt).toISOString()).toMatch(/^\+\d{6}-/);
});

test('a job is called by 1 to 200 characters', () => {
  expect(jobName('😀'.repeat(200))).toBe('😀'.repeat(200));
  for (const text of ['', 'x'.repeat(201)]) expect(() => jobName(text)).toThrow('Give 1 to 200 characters.');
});
