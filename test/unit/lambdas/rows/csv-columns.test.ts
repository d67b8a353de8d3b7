import { describe, expect, test } from 'vitest';
import { type ColumnOptions, planColumns } from '../../../../lambdas/rows/csv-columns.ts';
import type { Reading } from '../../../../lambdas/rows/reading.ts';
import { aProcedure } from '../../../support/builders.ts';

const lead = aProcedure();

function plan(headers: readonly string[], options: ColumnOptions = {}) {
  return planColumns(headers, lead, options).map((column) =>
    'name' in column ? `${column.is} ${column.name}` : column.is,
  );
}

const map = (...pairs: [string, string][]) => ({ map: new Map(pairs) });

test('a column is what its name says: identifier, field of the update, or attribute', () => {
  expect(plan(['lead_id', 'id', 'state', 'isDeleted', 'city'])).toEqual([
    ...['identifier lead_id', 'identifier id', 'field state', 'field isDeleted', 'attribute city'],
  ]);
});

test('--map gives a column another name, or leaves it out', () => {
  const columns = plan(
    ['Lead', 'Phone', 'Note'],
    map(['Lead', 'lead_id'], ['Phone', 'phone_number'], ['Note', '']),
  );
  expect(columns).toEqual(['identifier lead_id', 'attribute phone_number', 'left out']);
});

test.for(['Ref', 'lead_id'])('--key makes of the column %s the only identifier', (key) => {
  expect(plan([key, 'id', 'city'], { key })).toEqual(['identifier lead_id', 'left out', 'attribute city']);
});

test('--key id takes the process by its id, and the primary key as data', () => {
  expect(plan(['id', 'lead_id'], { key: 'id' })).toEqual(['identifier id', 'attribute lead_id']);
});

test('--key may name a column by what --map makes of it', () => {
  expect(plan(['Ref', 'city'], { key: 'lead_id', ...map(['Ref', 'lead_id']) })).toEqual([
    'identifier lead_id',
    'attribute city',
  ]);
});

test('an attribute called like a field is reached with the prefix data.', () => {
  const procedure = aProcedure({ attributes: { lead_id: { type: 'string' }, state: { type: 'string' } } });
  expect(planColumns(['lead_id', 'state', 'data.state'], procedure)).toMatchObject([
    { is: 'identifier' },
    { is: 'field', name: 'state' },
    { is: 'attribute', name: 'state' },
  ]);
});

test('the columns of the errors are left out when failed rows are sent again', () => {
  expect(plan(['lead_id', 'city', '_error_code', '_error_message']).slice(2)).toEqual([
    'left out',
    'left out',
  ]);
});

test('an attribute cannot be sent from a column that is kept for errors', () => {
  const attributes = { lead_id: { type: 'string' }, _error_code: { type: 'string' } } as const;
  const procedure = aProcedure({ attributes });
  expect(() => planColumns(['lead_id', '_error_code'], procedure)).toThrow(
    'Rename it in the file, e.g. to "data._error_code".',
  );
  expect(planColumns(['lead_id', 'data._error_code'], procedure)[1]).toMatchObject({ is: 'attribute' });
});

test('a column without a name is nothing until it has text, unknown ones are left out where that is asked for', () => {
  expect(plan(['lead_id', 'city', '', ''])).toEqual([
    ...['identifier lead_id', 'attribute city', 'nameless', 'nameless'],
  ]);
  expect(plan(['lead_id', 'city', ''], map(['', '']))[2]).toBe('left out');
  expect(plan(['lead_id', '', 'town'], { ignoreUnknownColumns: true, ...map(['', 'city']) })).toEqual([
    ...['identifier lead_id', 'attribute city', 'left out'],
  ]);
});

test('the name that is proposed for an unknown column is none of the file', () => {
  expect(() => plan(['lead_id', 'city', 'citty'])).toThrow(/--map citty=(?!city)/);
});

test('every unknown column is told, with the name that is meant most likely', () => {
  expect(() => plan(['Lead', 'Phone', 'cty', 'constructor'])).toThrow(
    expect.objectContaining({
      faults: [
        'The column "Lead" is not an attribute of lead. Send it as another with --map Lead=lead_id, or omit it with --map Lead=.',
        expect.stringContaining('--map Phone=phone_number'),
        expect.stringContaining('--map cty=city'),
        expect.stringContaining('The column "constructor" is not an attribute'),
      ],
    }),
  );
});

test.for<[string[], ColumnOptions, string]>([
  [['lead_id', 'city', 'city'], {}, 'Several columns are called "city"'],
  [['lead_id', 'city', 'Town'], map(['Town', 'city']), 'Several columns are the attribute city'],
  [['lead_id', 'city', ''], map(['', 'city']), 'Several columns are the attribute city'],
  [['lead_id', 'Stadt, "Land"'], {}, `--map 'Stadt, "Land"=`],
  [['lead_id', "a\u200b'b"], {}, "--map $'a\\u200b\\'b="],
  [['lead_id', 'x'.repeat(101)], {}, 'Rename it in the first line of the file'],
  [['lead_id', '_error_code'], map(['_error_code', 'city']), 'Rename it in the file, e.g. to "city".'],
  [['city'], {}, 'No column identifies the process. Name one "lead_id" or "id"'],
  [['lead_id'], {}, 'No column changes anything'],
  [['lead_id', 'city'], { key: 'Ref' }, '--key names the column "Ref", which the file does not have'],
  [['lead_id', 'city'], map(['Town', 'city']), '--map names the column "Town", which the file does not have'],
])('the columns %j with %j are refused', ([headers, options, message]) => {
  expect(() => plan(headers, options)).toThrow(message);
});

test('of ten thousand unknown columns the first are told, at once', () => {
  const attributes = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, n) => [`a${n}`, { type: 'string' as const }]),
  );
  const headers = Array.from({ length: 10_000 }, (_, number) => `${'Unknown'.repeat(50)} ${number}`);
  const startedAt = performance.now();
  const names = map(...headers.map((header): [string, string] => [`${header}x`, '']));
  for (const options of [{}, names]) {
    expect(() => planColumns(headers, aProcedure({ attributes }), options)).toThrow(
      expect.objectContaining({ faults: expect.objectContaining({ length: 20 }) }),
    );
  }
  // Comparing each with each takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('a name of megabytes is not shown, and not compared, as a whole', () => {
  const name = 'x'.repeat(4_000_000);
  expect(() => plan(['lead_id', 'city', name])).toThrow(
    `The column "${'x'.repeat(100)}…" is not an attribute of lead.`,
  );
});

describe('how cells are read', () => {
  const read = (header: string, options: ColumnOptions) => {
    const [column] = planColumns([header, 'lead_id', 'city'], lead, options);
    return column !== undefined && 'reading' in column ? column.reading : undefined;
  };

  test('is as the locale writes the values of the column, but for what identifies the process', () => {
    expect(read('rating', { locale: 'de' })).toEqual({ number: '1.234,50' });
    expect(read('phone_number', { locale: 'de' })).toBeUndefined();
    expect(read('id', { locale: 'de' })).toBeUndefined();
    const keyed = aProcedure({ attributes: { lead_id: { type: 'integer' }, city: { type: 'string' } } });
    expect(planColumns(['id', 'lead_id'], keyed, { key: 'id', locale: 'de' })[1]).toEqual({
      ...{ is: 'attribute', name: 'lead_id', type: 'integer' },
    });
  });

  test('is as the column itself says before that', () => {
    const readings = new Map<string, Reading>([
      ['rating', { number: '1,234.50' }],
      ['subscribed', { values: { x: true } }],
      ['nextActionAt', { timeZone: 'UTC' }],
    ]);
    expect(read('rating', { locale: 'de', readings })).toEqual({ number: '1,234.50' });
    expect(read('subscribed', { locale: 'de', readings })).toMatchObject({
      ...{ ignoreCase: true, values: { ja: true, x: true } },
    });
    const inBerlin = { locale: 'de', timeZone: 'Europe/Berlin' };
    expect(read('nextActionAt', { ...inBerlin, readings })).toMatchObject({ date: 'dmy', timeZone: 'UTC' });
    expect(read('nextActionAt', inBerlin)).toMatchObject({ date: 'dmy', timeZone: 'Europe/Berlin' });
  });

  test('of times is with the year first where only the time zone is said, or needs to be', () => {
    const timeZone = 'Europe/Berlin';
    expect(read('nextActionAt', { timeZone })).toEqual({ date: 'ymd', timeZone });
    expect(read('nextActionAt', { isSheet: true })).toEqual({ date: 'ymd' });
    expect(read('nextActionAt', {})).toBeUndefined();
    expect(read('rating', { timeZone, isSheet: true })).toBeUndefined();
  });

  test('knows the options of the column', () => {
    expect(planColumns(['lead_id', 'state', 'status'], lead, { locale: 'de' })).toMatchObject([
      {},
      { options: ['NEW', 'IN_PROGRESS', 'CONVERTED'] },
      { options: ['OPEN', 'COMPLETED', 'CANCELLED'] },
    ]);
  });

  test.for<[string, Reading, string]>([
    [
      'city',
      { number: '1.234,50', date: 'dmy' },
      'is the attribute city, for which "number" and "date" mean nothing',
    ],
    ['state', { separator: ';' }, 'is the field state, for which "separator" means nothing. Remove it'],
    [
      'lead_id',
      { values: { a: 'b' } },
      'identifies the process, so its cells are sent as they are. Remove "values"',
    ],
  ])('of %s cannot be %j', ([header, reading, message]) => {
    expect(() => plan(['lead_id', 'city', 'state'], { readings: new Map([[header, reading]]) })).toThrow(
      message,
    );
  });

  test('of a column that the file does not have is refused', () => {
    const options = { map: new Map([['Town', 'city']]), readings: new Map([['Town', {}]]) };
    expect(() => plan(['lead_id', 'city'], options)).toThrow('The map file names the column "Town"');
  });
});

describe('expected', () => {
  const expected = (headers: readonly string[], expect: [string, string][], options: ColumnOptions = {}) =>
    planColumns(headers, lead, { expect: new Map(expect), ...options }).map(({ is, expects }) => [
      is,
      expects === undefined ? undefined : `${expects.is} ${expects.name}`,
    ]);
  const faults = (headers: readonly string[], ...pairs: [string, string][]) => {
    try {
      return expected(headers, pairs);
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };

  test('a column is not sent, unless it is mapped, too', () => {
    const headers = ['lead_id', 'city', 'state', 'Version'];
    const pairs: [string, string][] = [
      ['state', 'state'],
      ['Version', 'version'],
    ];
    const version = ['left out', 'field version'];
    expect(expected(headers, pairs).slice(2)).toEqual([['left out', 'field state'], version]);
    expect(expected(headers, pairs, map(['state', 'state'])).slice(2)).toEqual([
      ['field', 'field state'],
      version,
    ]);
    expect(expected(['lead_id', 'state'], [['lead_id', 'data.city']])[0]).toEqual([
      'identifier',
      'attribute city',
    ]);
  });

  test('a column is read by the locale as others are', () => {
    const [, , column] = planColumns(['lead_id', 'city', 'Score'], lead, {
      ...{ expect: new Map([['Score', 'score']]), locale: 'de' },
    });
    expect(column?.expects?.reading).toEqual({ number: '1.234,50' });
  });

  test('what is unknown or expected twice is refused with the nearest name', () => {
    expect(faults(['lead_id', 'city', 'Stage'], ['Stag', 'state'], ['Stage', 'isDeleted'])).toEqual([
      '--expect names the column "Stag", which the file does not have. Did you mean "Stage"?',
      expect.stringMatching(
        /"isDeleted" is nothing that a process of lead can be expected to have\. Write version, /,
      ),
    ]);
    expect(faults(['lead_id', 'state', 'A', 'B'], ['A', 'city'], ['B', 'data.city'])).toEqual([
      'Several columns are expected to be the attribute city. Omit all but one --expect.',
    ]);
    expect(faults(['lead_id', 'state'], ['state', 'state'])).toEqual([
      expect.stringContaining('No column changes anything.'),
    ]);
  });
});
