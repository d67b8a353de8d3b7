import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BulkUpdateClient, type Item } from '../../../../lib/client/index.ts';
import { jsonText } from '../../../../lib/client/json-text.ts';

const client = new BulkUpdateClient({ url: 'http://127.0.0.1:1', apiKey: 'key', attempts: 1 });

class Money {
  readonly amount = 5;
}

describe('what JSON would turn into null or leave out is refused with its place, before anything is sent', () => {
  test.for<[string, unknown, string]>([
    ['NaN', { score: Number('n/a') }, 'items[1].data.score is NaN'],
    ['infinity', { score: -1 / 0 }, 'items[1].data.score is -Infinity'],
    ['a wrapped NaN', { score: Object(Number.NaN) }, 'items[1].data.score is NaN'],
    ['a time that is none', { due: new Date('24.11.2026 14:30') }, 'items[1].data.due is an invalid Date'],
    ['undefined in a list', { tags: ['a', undefined] }, 'items[1].data.tags[1] is undefined'],
    // biome-ignore lint/suspicious/noSparseArray: it is what is tested
    ['a hole in a list', { tags: ['a', , 'b'] }, 'items[1].data.tags[1] is undefined'],
    ['a function', { city: () => 'Goa' }, 'items[1].data.city is a function'],
    ['a function in a list', { tags: [() => 'Goa'] }, 'items[1].data.tags[0] is a function'],
    ['a symbol', { city: Symbol('Goa') }, 'items[1].data.city is a symbol'],
    ['a BigInt', { score: 5n }, 'items[1].data.score is a BigInt'],
    ['a Map', { extra: new Map([['a', 1]]) }, 'items[1].data.extra is of type Map'],
    ['a Set', { tags: new Set(['a']) }, 'items[1].data.tags is of type Set'],
    ['a regular expression', { city: /Goa/ }, 'items[1].data.city is of type RegExp'],
    ['an error', { city: new Error('Goa') }, 'items[1].data.city is of type Error'],
    ['a promise', { city: Promise.resolve('Goa') }, 'items[1].data.city is of type Promise'],
    ['bytes', { extra: new Uint8Array(2) }, 'items[1].data.extra is of type Uint8Array'],
    [
      'a toJSON to null',
      { city: { toJSON: () => null } },
      'items[1].data.city is changed to null by its toJSON',
    ],
    [
      'a toJSON to nothing',
      { city: { toJSON: () => undefined } },
      'items[1].data.city is dropped by its toJSON',
    ],
    ['a toJSON to NaN', { score: { toJSON: () => Number.NaN } }, 'items[1].data.score is NaN'],
    ['a name that is no word', { 'a.b': { '': [Number.NaN] } }, 'items[1].data["a.b"][""][0] is NaN'],
  ])('%s', ([, data, message]) => {
    const items = [{ id: 'a' }, { id: 'b', data }] as unknown as Item[];
    expect(() => client.submit('lead', items)).toThrow(TypeError);
    expect(() => client.submit('lead', items)).toThrow(message);
    expect(() => client.submit('lead', items, { dryRun: true })).toThrow(message);
  });

  test('in every field of an item, and in place of one', () => {
    const fields = { nextActionAt: Date.parse('n/a'), update: { nextActionAt: Number.NaN } } as const;
    for (const [name, value] of Object.entries(fields)) {
      expect(() => client.submit('lead', [{ [name]: value }])).toThrow(`items[0].${name}`);
    }
    const nothing = [undefined, { id: 'a' }] as unknown as Item[];
    expect(() => client.submit('lead', nothing)).toThrow('items[0] is undefined');
  });

  test('though it is met in several places', () => {
    const shared: unknown[] = [1];
    const items = [{ a: shared }, { b: { c: shared } }];
    expect(jsonText('items', items)).toBe(JSON.stringify(items));
    shared.push(Number.NaN);
    expect(() => jsonText('items', [{ b: { c: shared } }, { a: shared }])).toThrow('items[0].b.c[1] is NaN');
  });
});

test('anything else is the JSON that it always was', () => {
  const told = {
    city: null,
    left: undefined,
    date: new Date(0),
    url: new URL('https://a.example/'),
    zero: -0,
  };
  const items = [
    { ...told, boxed: [Object('a'), Object(1), Object(true)], own: new Money(), none: Object.create(null) },
  ];
  expect(jsonText('items', items)).toBe(JSON.stringify(items));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonText('items', value)).toBe(JSON.stringify(value));
    }),
  );
});

test.for<[object, string]>([
  [{ dryrun: true }, 'The option "dryrun" is unknown. Use one of idempotencyKey, dryRun'],
  [{ dry_run: true }, 'The option "dry_run" is unknown.'],
  [{ dryRun: 'false' }, 'The option "dryRun" must be a boolean.'],
  [{ dryRun: 0 }, 'The option "dryRun" must be a boolean.'],
  [{ dryRun: null }, 'The option "dryRun" must be a boolean.'],
  [{ idempotencyKey: 5 }, 'The option "idempotencyKey" must be a string.'],
  [{ idempotencyKey: 'a\nb' }, 'Use printable ASCII.'],
  [{ idempotencyKey: 'München' }, 'Use printable ASCII.'],
])('the options %j are refused before anything is sent', ([options, message]) => {
  for (const call of [
    () => client.submit('lead', [], options as { dryRun: true }),
    () => client.submitText('lead', '{}', options as { dryRun: true }),
  ]) {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  }
});

test('misspelt options of other calls are refused as well', async () => {
  const { url, apiKey } = { url: 'http://127.0.0.1:1', apiKey: 'key' };
  const misspelt = { url, apiKey, atempts: 1 } as never;
  expect(() => new BulkUpdateClient(misspelt)).toThrow(
    'The option "atempts" is unknown. Use one of url, apiKey, attempts, signal, onRetry.',
  );
  for (const list of [
    client.watch('job', { everySecond: 1 } as never),
    client.entries('job', { status: 'ERROR' } as never),
    client.entriesText('job', 'text/csv', { completion: 'ERROR' } as never),
    client.jobs({ limits: 1 } as never),
  ]) {
    await expect(list.next()).rejects.toThrow(/^The option "\w+" is unknown\. Use one of [\w, ]+\.$/);
  }
});
