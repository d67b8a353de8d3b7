import { describe, expect, it } from 'vitest';
import { MAX_JSON_LEVELS } from '../../../../lambdas/contract/attribute-types.ts';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { checkItems } from '../../../../lambdas/domain/accept-updates.ts';
import { MAX_ITEM_BYTES } from '../../../../lambdas/domain/check-item.ts';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import { inspectBody, MAX_LEVELS } from '../../../../lambdas/domain/inspect-json.ts';
import { readChunk, SubmissionWriter, type SubmittedEntry } from '../../../../lambdas/domain/submission.ts';
import { aJob, aProcedure } from '../../../support/builders.ts';
import { codesOf, readBody } from '../../../support/requests.ts';

describe('a body', () => {
  // The body and its array are two levels more.
  const nested = (levels: number) => `{"processes":[${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}]}`;

  it.each([3, MAX_LEVELS])('nested %i levels deep is read, and its item invalid', (levels) => {
    const request = { procedure: aProcedure(), ...readBody(nested(levels)) };
    const entries: SubmittedEntry[] = [];
    checkItems(request, (entry) => entries.push(entry));
    expect(entries.map(({ errors }) => errors?.map(({ code }) => code))).toEqual([['INVALID_ITEM']]);
  });

  it.each([MAX_LEVELS + 1, 5_000, 10_000, 2_000_000])('nested %i levels deep is refused', (levels) => {
    expect(codesOf(() => readBody(nested(levels)))).toBe('400 MALFORMED_BODY');
  });

  it('nested too deeply is told the limit', () => {
    expect(() => readBody(nested(MAX_LEVELS + 1))).toThrow('more than 40 levels');
  });

  it('is not nested by what stands in its strings', () => {
    const text = JSON.stringify({ processes: [{ id: '[{"\\'.repeat(100), '{"[': '\\"[' }] });
    expect(codesOf(() => readBody(text))).toBe('accepted');
  });

  it('may hold the deepest value that an attribute may have, wrapped, and a deeper one costs its item only', () => {
    const procedure = aProcedure({ attributes: { lead_id: { type: 'string' }, tree: { type: 'json' } } });
    const item = (levels: number) =>
      `{"id":"a","update":{"data":{"tree":${'['.repeat(levels)}${']'.repeat(levels)}}}}`;
    const entries: SubmittedEntry[] = [];
    const request = readBody(`{"processes":[${item(MAX_JSON_LEVELS)},${item(MAX_JSON_LEVELS + 1)}]}`);
    checkItems({ procedure, ...request }, (entry) => entries.push(entry));
    expect(entries.map(({ errors }) => errors?.map(({ code }) => code))).toEqual([
      undefined,
      ['INVALID_VALUE'],
    ]);
  });
});

describe('what parsing would lose', () => {
  const inspect = (text: string) => {
    const told = [...inspectBody(text)].map(([index, tell]) => [
      index,
      tell(MAX_ERRORS).listed.map(({ code, pointer }) => `${code} ${pointer}`),
    ]);
    return Object.fromEntries(told);
  };

  it('is found with its place', () => {
    const text =
      '{"a":[1e400],"processes":[{},{"a":1,"a":2,"n":9007199254740993,"o":{"a":1.0,"b":[1e400]}},[],1e400],"b":[1e400]}';
    expect(inspect(text)).toEqual({
      1: [
        'DUPLICATE_KEY /processes/1/a',
        'NUMBER_NOT_EXACT /processes/1/n',
        'NUMBER_NOT_EXACT /processes/1/o/b/0',
      ],
      3: ['NUMBER_NOT_EXACT /processes/3'],
    });
  });

  it.each(['score', 'city', 'rating'])('of a number too large for %s is one error', (name) => {
    const request = readBody(`{"processes":[{"id":"a","data":{"${name}":1e400}}]}`);
    const entries: SubmittedEntry[] = [];
    checkItems({ procedure: aProcedure(), ...request }, (entry) => entries.push(entry));
    expect(entries[0]?.errors).toMatchObject([
      { code: 'NUMBER_NOT_EXACT', message: expect.stringContaining('up to 9007199254740991') },
    ]);
  });

  it('is kept as it is written, to be corrected and sent again', () => {
    const texts = ['{"id":"a","data":{\r\n"score":1e400}}', '{"id":"a","id":"b\\n"}', '1.0000000000000001'];
    const { textErrors, items } = readBody(`{"processes":[ ${texts.join(' , {},')} ]}`);
    const writer = new SubmissionWriter();
    checkItems({ procedure: aProcedure(), items, textErrors }, (entry) => writer.add(entry));
    writer.end();
    const entries = writer.chunks.flatMap(readChunk);
    expect(entries.map(({ text }) => text)).toEqual([
      '{"id":"a","data":{ "score":1e400}}',
      undefined,
      '{"id":"a","id":"b\\n"}',
      undefined,
      '1.0000000000000001',
    ]);
    expect(entries.map(({ item }) => item)).toEqual([
      { id: 'a', data: { score: Infinity } },
      {},
      { id: 'b\n' },
      {},
      1,
    ]);
  });

  it.each([
    '9007199254740993',
    '12345678901234567890.50',
    '1e400',
    '-0',
    '1.50',
    '1E3',
    '42',
    '"9007199254740993"',
  ])('does not change the identifier %s of an entry', (written) => {
    const request = readBody(`{"processes":[{"lead_id":${written},"data":{"score":1.0}},{"id":${written}}]}`);
    const writer = new SubmissionWriter();
    const valid = checkItems({ procedure: aProcedure(), ...request }, (entry) => writer.add(entry));
    writer.end();
    const entries = writer.chunks
      .flatMap(readChunk)
      .map((submitted, index) => entryOf(aJob({ total: 2 }), index, submitted, undefined));
    expect(entries.map(({ identifier }) => JSON.stringify(identifier))).toEqual([
      `{"lead_id":${written}}`,
      `{"id":${written}}`,
    ]);
    const isLossy = ['9007199254740993', '12345678901234567890.50', '1e400'].includes(written);
    expect(valid.map(({ index }) => index)).toEqual(isLossy ? [] : [0]);
  });

  it('is not kept as it is written when that is larger than an item may be', () => {
    const { textErrors, items } = readBody(
      `{"processes":[{"id":1e400,${' '.repeat(MAX_ITEM_BYTES)}"state":"NEW"}]}`,
    );
    const entries: SubmittedEntry[] = [];
    checkItems({ procedure: aProcedure(), items, textErrors }, (entry) => entries.push(entry));
    expect(entries).toMatchObject([{ item: { state: 'NEW' }, errors: [{ code: 'NUMBER_NOT_EXACT' }, {}] }]);
    expect(entries[0]).not.toHaveProperty('text');
  });

  it.each(['9007199254740993', '1.50', '"LEAD-1"'])(
    'does not change the identifier %s of an item that is too large to be kept',
    (written) => {
      const city = 'x'.repeat(MAX_ITEM_BYTES);
      const request = readBody(`{"processes":[{"lead_id":${written},"data":{"city":"${city}"}}]}`);
      const writer = new SubmissionWriter();
      checkItems({ procedure: aProcedure(), ...request }, (entry) => writer.add(entry));
      writer.end();
      const [submitted] = writer.chunks.flatMap(readChunk);
      const { identifier } = entryOf(aJob({ total: 1 }), 0, submitted ?? { item: {} }, undefined);
      expect(JSON.stringify(identifier)).toBe(`{"lead_id":${written}}`);
    },
  );

  it('is not the same key in two objects, but one that is written in two ways', () => {
    expect(inspect('{"processes":[{"a":1},{"a":1,"b":{"a":1}}]}')).toEqual({});
    expect(inspect('{"processes":[{"a":1,"\\u0061":2}]}')).toEqual({ 0: ['DUPLICATE_KEY /processes/0/a'] });
    expect(inspect('{"processes":[{"__proto__":1,"constructor":2}]}')).toEqual({});
  });

  it('is listed up to a bound for each item, and the rest is counted', () => {
    const item = `{"id":"a","data":{"x":[${Array(1_000).fill('1e999')}]}}`;
    const { textErrors } = readBody(`{"processes":[${item},${item}]}`);
    for (const index of [0, 1]) {
      const { listed = [], more } = textErrors.get(index)?.(MAX_ERRORS) ?? {};
      expect([listed.length, more]).toEqual([MAX_ERRORS, 1_000 - MAX_ERRORS]);
    }
  });

  it('is told with a pointer that does not grow endless', () => {
    const name = 'x'.repeat(200);
    const item = `${`{"${name}":`.repeat(30)}[0,1e999]${'}'.repeat(30)}`;
    const { textErrors } = readBody(`{"processes":[${item}]}`);
    const [error] = textErrors.get(0)?.(MAX_ERRORS).listed ?? [];
    expect(error?.pointer).toBe(`/processes/0${`/${name}`.repeat(5)}`);
  });

  it('has the place of each, though places are made once', () => {
    const text =
      '{"processes":[{"a":[{"x":1,"x":2},{"x":1e999,"y":[[1e999,0,1e999]]}],"b":1e999,"a":{"z":1e999}}]}';
    expect(inspect(text)).toEqual({
      0: [
        'DUPLICATE_KEY /processes/0/a/0/x',
        'NUMBER_NOT_EXACT /processes/0/a/1/x',
        'NUMBER_NOT_EXACT /processes/0/a/1/y/0/0',
        'NUMBER_NOT_EXACT /processes/0/a/1/y/0/2',
        'NUMBER_NOT_EXACT /processes/0/b',
        'DUPLICATE_KEY /processes/0/a',
        'NUMBER_NOT_EXACT /processes/0/a/z',
      ],
    });
  });
});
