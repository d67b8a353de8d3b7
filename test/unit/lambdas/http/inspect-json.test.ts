import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_LEVELS } from '../../../../lambdas/contract/attribute-types.ts';
import { MAX_ERRORS } from '../../../../lambdas/contract/limits.ts';
import { cursorOf, cursorSchema, limitSchema, noQuery } from '../../../../lambdas/contract/queries.ts';
import { checkItems } from '../../../../lambdas/domain/accept-updates.ts';
import { MAX_ITEM_BYTES } from '../../../../lambdas/domain/check-item.ts';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { readChunk, SubmissionWriter, type SubmittedEntry } from '../../../../lambdas/domain/submission.ts';
import { entriesFormat, formatEntries } from '../../../../lambdas/http/entries-format.ts';
import { inspectBody, MAX_LEVELS } from '../../../../lambdas/http/inspect-json.ts';
import { jobResponse } from '../../../../lambdas/http/job-response.ts';
import { MAX_BODY_BYTES } from '../../../../lambdas/http/json-body.ts';
import {
  idempotencyKey,
  pathWithQuery,
  preferredWait,
  readQuery,
} from '../../../../lambdas/http/parameters.ts';
import { readUpdateRequest } from '../../../../lambdas/http/update-request.ts';
import { aJob, aProcedure } from '../../../support/builders.ts';

const anEvent = (fields: Partial<APIGatewayProxyEvent>) =>
  ({ httpMethod: 'GET', headers: {}, body: null, isBase64Encoded: false, ...fields }) as APIGatewayProxyEvent;

function read(body: string | Buffer, headers: Record<string, string> = {}) {
  return readUpdateRequest(
    anEvent({
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    }),
  );
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RequestError) return `${error.status} ${error.errors.map(({ code }) => code)}`;
    throw error;
  }
  return 'accepted';
}

const BODY = '{"processes":[{"id":"a","state":"NEW"}]}';

describe('a body', () => {
  it.each([
    ['', '400 MALFORMED_JSON'],
    [' ', '400 MALFORMED_JSON'],
    ['{', '400 MALFORMED_JSON'],
    ['NaN', '400 MALFORMED_JSON'],
    ['null', '400 PROCESSES_MISSING'],
    ['[]', '400 PROCESSES_MISSING'],
    ['"x"', '400 PROCESSES_MISSING'],
    ['{}', '400 PROCESSES_MISSING'],
    ['{"processes":null}', '400 PROCESSES_MISSING'],
    ['{"processes":{}}', '400 PROCESSES_MISSING'],
    ['{"__proto__":{"processes":[]}}', '400 PROCESSES_MISSING'],
    ['{"processes":[],"processes":[]}', '400 DUPLICATE_KEY'],
    [BODY, 'accepted'],
    ['{"processes":[],"more":1e400}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"Processes":[]}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"__proto__":1}', '400 UNKNOWN_MEMBER'],
    ['{"processes":[],"option":{"plan":true},"dryRun":true}', '400 UNKNOWN_MEMBER,UNKNOWN_MEMBER'],
    ['{"processes":[],"options":{}}', 'accepted'],
    ['{"processes":[],"options":{"plan":true,"__proto__":1}}', '400 INVALID_OPTION,INVALID_OPTION'],
    ['{"processes":[],"options":null}', '400 INVALID_OPTION'],
    ['{"processes":[],"options":[]}', '400 INVALID_OPTION'],
    ['{"processes":[],"options":{"a":1},"x":1}', '400 UNKNOWN_MEMBER,INVALID_OPTION'],
    ['{"processes":[],"options":{},"options":{"plan":true}}', '400 DUPLICATE_KEY'],
  ])('%s: %s', (body, code) => expect(codeOf(() => read(body))).toBe(code));

  it('that has what is not known is told where, and what may be meant', () => {
    const refused = (body: string) => {
      try {
        read(body);
      } catch (error) {
        return (error as RequestError).errors.map(({ pointer, message }) => [pointer, message]);
      }
    };
    expect(refused('{"processes":[],"opt-ions":{},"options":{"a/b":1}}')).toEqual([
      ['/opt-ions', expect.stringContaining('the nearest is "options"')],
      ['/options/a~1b', expect.stringMatching(/^"a\/b" is not an option\. Leave it out/)],
    ]);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`m${i}`, 1])));
    expect(refused(`{"processes":[],"options":${many},${many.slice(1)}`)).toHaveLength(2 * MAX_ERRORS);
    expect(refused('{"processes":[],"options":1}')).toEqual([['/options', expect.stringContaining('is 1')]]);
  });

  // The body and its array are two levels more.
  const nested = (levels: number) => `{"processes":[${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}]}`;

  it.each([3, MAX_LEVELS])('nested %i levels deep is read, and its item invalid', (levels) => {
    const request = { procedure: aProcedure(), ...read(nested(levels)) };
    const entries: SubmittedEntry[] = [];
    checkItems(request, (entry) => entries.push(entry));
    expect(entries.map(({ errors }) => errors?.map(({ code }) => code))).toEqual([['INVALID_ITEM']]);
  });

  it.each([MAX_LEVELS + 1, 5_000, 10_000, 2_000_000])('nested %i levels deep is refused', (levels) => {
    expect(codeOf(() => read(nested(levels)))).toBe('400 MALFORMED_BODY');
  });

  it('nested too deeply is told the limit', () => {
    expect(() => read(nested(MAX_LEVELS + 1))).toThrow('more than 40 levels');
  });

  it('nested too deeply is refused before it is parsed, which takes a gigabyte', () => {
    const text = '['.repeat(MAX_BODY_BYTES);
    expect(codeOf(() => read(gzipSync(text), { 'content-encoding': 'gzip' }))).toBe('400 MALFORMED_BODY');
  });

  it('is not nested by what stands in its strings', () => {
    const text = JSON.stringify({ processes: [{ id: '[{"\\'.repeat(100), '{"[': '\\"[' }] });
    expect(codeOf(() => read(text))).toBe('accepted');
  });

  it('may hold the deepest value that an attribute may have, wrapped, and a deeper one costs its item only', () => {
    const procedure = aProcedure({ attributes: { lead_id: { type: 'string' }, tree: { type: 'json' } } });
    const item = (levels: number) =>
      `{"id":"a","update":{"data":{"tree":${'['.repeat(levels)}${']'.repeat(levels)}}}}`;
    const entries: SubmittedEntry[] = [];
    const request = read(`{"processes":[${item(MAX_JSON_LEVELS)},${item(MAX_JSON_LEVELS + 1)}]}`);
    checkItems({ procedure, ...request }, (entry) => entries.push(entry));
    expect(entries.map(({ errors }) => errors?.map(({ code }) => code))).toEqual([
      undefined,
      ['INVALID_VALUE'],
    ]);
  });

  it('is UTF-8', () => {
    expect(codeOf(() => read(Buffer.from([0x22, 0xff, 0x22])))).toBe('400 MALFORMED_BODY');
  });

  it('may be compressed, up to a bound of what comes out', () => {
    const gzip = { 'content-encoding': 'GZIP' };
    expect(read(gzipSync(BODY), gzip).items).toHaveLength(1);
    expect(codeOf(() => read(gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1, ' ')), gzip))).toBe(
      '413 BODY_TOO_LARGE',
    );
    expect(codeOf(() => read(Buffer.alloc(MAX_BODY_BYTES + 1, ' ')))).toBe('413 BODY_TOO_LARGE');
    expect(codeOf(() => read('no gzip', gzip))).toBe('400 MALFORMED_BODY');
    expect(codeOf(() => read(gzipSync(BODY).subarray(0, 20), gzip))).toBe('400 MALFORMED_BODY');
    for (const encoding of ['gzip', 'x-gzip', 'X-GZip', ' gzip ']) {
      expect(read(gzipSync(BODY), { 'content-encoding': encoding }).items).toHaveLength(1);
    }
    for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x-gzip2', 'zstd']) {
      expect(codeOf(() => read(BODY, { 'content-encoding': encoding }))).toBe('415 UNSUPPORTED_ENCODING');
    }
  });

  it.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['APPLICATION/JSON;charset="UTF-8"', true],
    ['application/json ; charset=utf8', true],
    ['application/json;', true],
    ['application/json; profile="x"; charset=UTF-8', true],
    ['application/json; charset="latin1"', false],
    ['application/vnd.api+json', true],
    ['application/json; charset=latin1', false],
    ['text/plain', false],
    ['application/jsonp', false],
    ['', false],
  ])('of type %j is read: %s', (type, isRead) => {
    expect(codeOf(() => read(BODY, { 'content-type': type }))).toBe(
      isRead ? 'accepted' : '415 UNSUPPORTED_MEDIA_TYPE',
    );
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
    const request = read(`{"processes":[{"id":"a","data":{"${name}":1e400}}]}`);
    const entries: SubmittedEntry[] = [];
    checkItems({ procedure: aProcedure(), ...request }, (entry) => entries.push(entry));
    expect(entries[0]?.errors).toMatchObject([
      { code: 'NUMBER_NOT_EXACT', message: expect.stringContaining('up to 9007199254740991') },
    ]);
  });

  it('is kept as it is written, to be corrected and sent again', () => {
    const texts = ['{"id":"a","data":{\r\n"score":1e400}}', '{"id":"a","id":"b\\n"}', '1.0000000000000001'];
    const { textErrors, items } = read(`{"processes":[ ${texts.join(' , {},')} ]}`);
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
    const request = read(`{"processes":[{"lead_id":${written},"data":{"score":1.0}},{"id":${written}}]}`);
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
    const { textErrors, items } = read(
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
      const request = read(`{"processes":[{"lead_id":${written},"data":{"city":"${city}"}}]}`);
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
    const { textErrors } = read(`{"processes":[${item},${item}]}`);
    for (const index of [0, 1]) {
      const { listed = [], more } = textErrors.get(index)?.(MAX_ERRORS) ?? {};
      expect([listed.length, more]).toEqual([MAX_ERRORS, 1_000 - MAX_ERRORS]);
    }
  });

  it('costs the memory of what is listed', () => {
    const depth = MAX_LEVELS - 10;
    const item = `{"id":"a","data":${'{"city":'.repeat(depth)}[${Array(200_000).fill('1e999')}]${'}'.repeat(depth)}}`;
    const before = process.memoryUsage().heapUsed;
    const { textErrors } = read(`{"processes":[${item}]}`);
    const { listed = [] } = textErrors.get(0)?.(MAX_ERRORS) ?? {};
    expect(JSON.stringify(listed).length).toBeLessThan(100_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
  });

  it('is told with a pointer that does not grow endless', () => {
    const name = 'x'.repeat(200);
    const item = `${`{"${name}":`.repeat(30)}[0,1e999]${'}'.repeat(30)}`;
    const { textErrors } = read(`{"processes":[${item}]}`);
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

  it('lists as many errors of all items together as the memory holds, and at least one of each', () => {
    const item = `{"id":"a","data":{${Array(120).fill('"city":1').join()},${Array(40).fill('"score":1e999').join()}}}`;
    const request = read(`{"processes":[${Array(10_000).fill(item)}]}`);
    let characters = 0;
    const last: SubmittedEntry[] = [];
    checkItems({ procedure: aProcedure(), ...request }, (entry) => {
      characters += JSON.stringify(entry.errors).length;
      last[0] = entry;
    });
    expect(characters).toBeLessThan(2 * MAX_BODY_BYTES);
    expect(last[0]?.errors).toMatchObject([
      { code: 'DUPLICATE_KEY', pointer: '/processes/9999/data/city' },
      { code: 'TOO_MANY_ERRORS', message: expect.stringMatching(/has \d+ more errors/) },
    ]);
  });
});

describe('parameters', () => {
  const schema = v.object({ limit: limitSchema(1000, 100), cursor: cursorSchema });
  const query = (
    queryStringParameters: Record<string, string> | null,
    multiValueQueryStringParameters: Record<string, string[]> | null = null,
  ) => readQuery(anEvent({ queryStringParameters, multiValueQueryStringParameters }), schema);

  it('have their standard', () => {
    expect(query(null)).toEqual({ limit: 100 });
    expect(query({ limit: '1000', cursor: cursorOf(17) })).toEqual({ limit: 1000, cursor: 17 });
  });

  it.each(['0', '1001', '-1', '1.5', 'x', '', '1e2', '99999999999'])('limit %j is refused', (limit) => {
    expect(codeOf(() => query({ limit }))).toBe('400 MALFORMED_PARAMETER');
  });

  it.each([
    '',
    '0',
    'zzz',
    Buffer.from('from:-1').toString('base64url'),
    Buffer.from('from:017').toString('base64url'),
    cursorOf(Number.NaN),
    `${cursorOf(1)}!!`,
    `${cursorOf(1)}=`,
    ` ${cursorOf(1)}`,
  ])('cursor %j is refused', (cursor) => {
    expect(codeOf(() => query({ cursor }))).toBe('400 MALFORMED_PARAMETER');
  });

  it('that are wrong are all told', () => {
    expect(codeOf(() => query({ limit: '0', cursor: '?' }))).toBe(
      '400 MALFORMED_PARAMETER,MALFORMED_PARAMETER',
    );
  });

  it.each([
    ['LIMIT', '"LIMIT" is not known. Send limit, or leave it out.'],
    ['lim-it', '"lim-it" is not known. Send limit, or leave it out.'],
    ['_Cursor', '"_Cursor" is not known. Send cursor, or leave it out.'],
    ['__proto__', '"__proto__" is not known.'],
    ['', '"" is not known.'],
    ['x'.repeat(10_000), '"xxxxx'],
  ])('%s is not known', (name, message) => {
    const sent = () => query(Object.fromEntries([[name, '5']]));
    expect(codeOf(sent)).toBe('400 MALFORMED_PARAMETER');
    expect(sent).toThrow(message);
  });

  it('of a route that takes none are refused', () => {
    const sent = () => readQuery(anEvent({ queryStringParameters: { dryRun: 'true' } }), noQuery);
    expect(sent).toThrow('"dryRun" is not known. Leave it out: this route takes none.');
  });

  it('are not given twice with different values', () => {
    expect(codeOf(() => query({ limit: '6' }, { limit: ['5', '6'] }))).toBe('400 MALFORMED_PARAMETER');
    expect(query({ limit: '5' }, { limit: ['5', '5'] })).toEqual({ limit: 5 });
  });

  it('make a path', () => {
    expect(pathWithQuery('/x', { a: 'b c', n: 1, none: undefined })).toBe('/x?a=b+c&n=1');
  });

  it.each([
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['wait="7"; x=1', 7],
    ['wait=99', 20],
    ['wait=x', undefined],
    ['await=5', undefined],
    ['', undefined],
  ])('Prefer: %s waits %s seconds', (prefer, seconds) => {
    expect(preferredWait(anEvent({ headers: { prefer } }), 20)).toBe(seconds);
  });

  it('Idempotency-Key has 1 to 255 characters', () => {
    const key = (value: string) => () => idempotencyKey(anEvent({ headers: { 'idempotency-key': value } }));
    expect(key('k'.repeat(255))()).toHaveLength(255);
    expect(codeOf(key(''))).toBe('400 MALFORMED_PARAMETER');
    expect(codeOf(key('k'.repeat(256)))).toBe('400 MALFORMED_PARAMETER');
    expect(idempotencyKey(anEvent({}))).toBeUndefined();
    const twice = anEvent({
      headers: { 'idempotency-key': 'k' },
      multiValueHeaders: { 'idempotency-key': ['k', 'k'] },
    });
    expect(codeOf(() => idempotencyKey(twice))).toBe('400 MALFORMED_PARAMETER');
  });
});

describe('a job', () => {
  it('is answered with 304 when the client knows where it stands', () => {
    const state = { job: aJob(), log: [] };
    const first = jobResponse(state, anEvent({}), 3_000);
    const etag = first.headers?.etag ?? '';
    expect(first).toMatchObject({ status: 200, headers: { 'retry-after': '1' } });
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect(jobResponse(state, anEvent({ headers: { 'if-none-match': tag } }), 3_000).status).toBe(304);
    }
    const cancelling = anEvent({ httpMethod: 'POST', headers: { 'if-none-match': etag } });
    expect(jobResponse(state, cancelling, 3_000).status).toBe(200);
    const changed = { ...state, job: aJob({ cancelledAt: 2_500 }) };
    expect(jobResponse(changed, anEvent({ headers: { 'if-none-match': etag } }), 3_000).status).toBe(200);
  });
});

it('a finished job keeps its tag, in whatever order its counts come back', () => {
  const counts = { INVALID: 1, NOT_STARTED: 0, SUCCESS: 2, ERROR: 0, CANCELLED: 0 };
  const reversed = Object.fromEntries(Object.entries(counts).reverse()) as typeof counts;
  const tags = [counts, reversed].map((counts) => {
    const end = { status: 'COMPLETED' as const, counts, startedAt: 2_000, completedAt: 3_000 };
    return jobResponse({ job: aJob({ end }), log: [] }, anEvent({}), 4_000).headers?.etag;
  });
  expect(tags[0]).toBe(tags[1]);
});

describe('entries', () => {
  const named = (lead_id: string, index: number) => {
    const item = { lead_id, state: 'NEW' };
    return { entry: entryOf(aJob({ total: 10 }), index, { item }, undefined), item };
  };
  const listed = ['=1+1', '+1', '-1', '@x', '\tx', '"a", b', 'LEAD-1'].map(named);
  const ENDS = String.raw`[,;\|\t-\r\x85\u2028\u2029]`;
  const GUARD = new RegExp(
    String.raw`(?<=^|${ENDS})'(?=[[\s\p{C}\p{DI}\u2800"']--${ENDS}]*[=+\-@＝＋－＠﹦﹢﹣﹫])|^'(?='*[\0\t-\r])`,
    'gv',
  );
  /** Without the apostrophes of the guard, and with all others. */
  const bare = (field = '') => field.replace(GUARD, '');
  /** Parts of a file that would be formulas in a spreadsheet that splits it at any of the separators, quoted or not. */
  const formulasIn = (text: string) =>
    text
      .split(new RegExp(ENDS, 'v'))
      .map((part) => part.replace(/^[\s\p{C}\p{DI}\u2800"]+/u, ''))
      .filter((part) => /^[-=+@]/.test(part.normalize('NFKC')));
  const readCsv = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });

  it.each([
    [undefined, undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['text/html', undefined],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['application/x-ndjson, application/json', 'application/x-ndjson'],
    ['text/csv;q=0.5, application/json', undefined],
    ['text/csv;q=0', undefined],
    ['constructor', undefined],
    ['__proto__, text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/*;q=0.5, application/json', undefined],
  ])('are given for Accept: %s as %s', (accept, format) => expect(entriesFormat(accept)).toBe(format));

  it('as JSON lines are the entries with their items', () => {
    const lines = formatEntries('application/x-ndjson', listed, 'lead_id').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      listed.map(({ entry, item }) => ({ ...entry, item })),
    );
  });

  it('as CSV hold nothing that a spreadsheet takes for a formula', () => {
    const [head, ...rows] = formatEntries('text/csv', listed, 'lead_id').trimEnd().split('\r\n');
    expect(head).toBe(
      'index,id,lead_id,processId,completionStatus,outcome,errorCodes,errorMessages,errorPointers,attempts,completedAt,item',
    );
    const keys = rows.map((row) => row.split(',')[2]);
    expect(keys.slice(0, 5)).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\tx"]);
    expect(rows[5]).toContain('"""a"", b"');
    expect(rows[6]).toContain('LEAD-1');
  });

  const unit = fc.oneof(
    fc.constantFrom(
      ...'=+-@＝﹣',
      ..."'",
      ...'"',
      ...',;|\t\n\r\v\u0085\u2028 \u00a0\u3000\ufeff\u200b\u202e\u00ad\0',
      'a',
    ),
    fc.string(),
  );
  const texts = fc.array(fc.string({ unit }), { minLength: 1 });

  it('as CSV are read again as they were, whatever characters they have', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        const rows = readCsv(formatEntries('text/csv', keys.map(named), 'lead_id'));
        expect(rows.map(({ lead_id }) => bare(lead_id))).toEqual(keys);
        expect(rows.map(({ item }) => JSON.parse(bare(item)))).toEqual(keys.map((key) => named(key, 0).item));
      }),
    );
  });

  const LENIENT = {
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  };
  it('as CSV hold no formula, wherever a spreadsheet splits them', () => {
    fc.assert(
      fc.property(texts, (keys) => {
        const csv = formatEntries('text/csv', keys.map(named), 'lead_id');
        expect(formulasIn(csv)).toEqual([]);
        for (const delimiter of [',', ';', '\t', '|']) {
          const rows: string[][] = parse(csv, { ...LENIENT, delimiter });
          expect(rows.flat().filter((cell) => /^[\s\p{C}"]*[-=+@＝＋－＠]/u.test(cell))).toEqual([]);
        }
      }),
    );
  });

  it.each([
    '=1',
    '\n=1',
    '\r=1',
    '\t=1',
    '\r\n\t =1',
    ' =1',
    '\u0000=1',
    '\ufeff@x',
    'a\n-1',
    'a\r\u200b+1',
    '＝1',
    'a;=1+1',
    'a\t=1+1',
    'a,=1+1',
    'a|=1+1',
    'a;"=1+1"',
    'a; \u00a0\u3000\u00ad\ufe0f\u2060=1',
    'a;\u3164@SUM(1)',
    "a\u2028+cmd|'/C calc'!A0",
    'a;\u202e＠x',
    "a;'=1",
    "' =1",
    "'=1",
    '"=1',
    '-1',
  ])('as CSV hold nothing that a spreadsheet takes for the formula of %j', (key) => {
    const csv = formatEntries('text/csv', [named(key, 0)], 'lead_id');
    expect(formulasIn(csv)).toEqual([]);
    expect(bare(readCsv(csv)[0]?.lead_id)).toBe(key);
  });

  it('as CSV hold an item as it is where nothing in it begins a formula', () => {
    const item = { lead_id: 'a', data: { score: -1, note: 'b-c = d+e', phone: '+81 3', mail: 'x@y.z' } };
    const [row] = readCsv(
      formatEntries('text/csv', [{ ...named('a', 0), item, text: JSON.stringify(item) }], 'lead_id'),
    );
    expect(row?.item).toBe(JSON.stringify(item));
  });

  it('as CSV take a time in proportion to their length', () => {
    const key = ['\n', ' ', '"', "'", '\u200b'].map((character) => character.repeat(120_000)).join('');
    expect(formatEntries('text/csv', [named(key, 0)], 'lead_id').length).toBeGreaterThan(600_000);
  }, 2_000);
});
