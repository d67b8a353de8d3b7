import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { JsonSchema, OperationObject, ParameterObject } from '../../lib/openapi/document.ts';
import { document } from '../support/contract.ts';
import { anything, type Dictionary, textOf } from './json-text.ts';

export interface FuzzRequest {
  method: string;
  /** With its query; `{job}` stands for the job that was accepted last. */
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array;
}

/** What the API is known to hold, for requests that reach something. */
export interface Known extends Dictionary {
  keys: { valid: string; others: readonly string[] };
  procedures: readonly string[];
  jobs: readonly string[];
}

/** In a path, as they are sent. */
const HOSTILE_SEGMENTS = [
  ...['%00', '%2e%2e', '..', '%2F', '%E0%A4%A', '%ED%A0%80', '%', '__proto__', 'constructor', '%F0%9F%98%80'],
  ...['team%23local', '%22', "'", '$', 'x'.repeat(1_100), 'x'.repeat(2_100), '-'.repeat(36)],
];

/** In a query or header. */
const HOSTILE_VALUES = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1001',
    '1e3',
    '99999999999999999999',
    'null',
    'true',
    'TRUE',
    '__proto__',
    '*',
    '"',
    ',;=',
  ],
  ...[
    'x'.repeat(300),
    'ZnJvbTotMQ',
    'ZnJvbTo5OTk5OTk5OTk5OTk5OTk',
    'ZnJvbToxMDAw',
    '\u00e9\u00ff',
    '%00',
    'wait=-1',
  ],
];

/** Values of headers that a schema says little about. */
const HEADER_VALUES: Record<string, readonly string[]> = {
  'idempotency-key': ['fuzz-1', 'fuzz-2', 'k'.repeat(255), 'k'.repeat(256)],
  prefer: ['wait=0', 'wait=1', 'respond-async, wait=1', 'wait="1"', 'wait=1.5'],
  'if-none-match': ['*', '"x"', 'W/"x", *'],
};

const ACCEPT = [
  'application/json',
  'application/x-ndjson',
  'text/csv',
  'text/csv;q=0.1, */*',
  'text/html',
  ';q=x',
];
const CONTENT_ENCODINGS = ['GZIP', 'x-gzip', 'identity', 'br', 'gzip, gzip', ''];
const OTHER_METHODS = ['HEAD', 'PUT', 'DELETE', 'OPTIONS'];
const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'application/merge-patch+json',
  'text/plain',
  '',
  'json',
  'application/json; charset=latin1',
];

/** Requests to every operation of the description: as it says, nearly so, and hostile. */
export function requestsTo(known: Known): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return fc.oneof(
    ...operations.map(({ method, path, operation }) => ({
      weight: operation.requestBody === undefined ? 1 : 8,
      arbitrary: requestTo(method, path, operation, known),
    })),
  );
}

function requestTo(
  method: string,
  path: string,
  { parameters, requestBody }: OperationObject,
  known: Known,
): fc.Arbitrary<FuzzRequest> {
  const of = (place: ParameterObject['in']) => parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      // Refused before anything is looked at, but a HEAD.
      other: requestBody === undefined ? seldomly(20, fc.constantFrom(...OTHER_METHODS)) : fc.constant(null),
      segments: fc.tuple(...of('path').map((parameter) => segment(parameter, known))),
      query: fc.tuple(...of('query').map((parameter) => queryPart(parameter, known))),
      stray: seldomly(
        20,
        fc.constantFrom(
          '__proto__=1',
          'x=%',
          'limit=1&limit=2',
          'DRYRUN=true',
          '&&=',
          'dryRun=true&dryRun=false',
        ),
      ),
      headers: fc.tuple(
        ...of('header')
          .filter(({ name }) => name !== 'content-encoding')
          .map((parameter) => seldomly(4, header(parameter))),
      ),
      authorization: authorization(known),
      accept: fc.option(fc.constantFrom(...ACCEPT)),
      content: requestBody === undefined ? fc.constant(undefined) : contentOf(requestBody, known),
    })
    .map(({ other, segments, query, stray, headers, authorization, accept, content }) => {
      let next = 0;
      const filled = path.replace(/\{\w+\}/g, () => segments[next++] ?? '');
      const queries = [...query, stray].filter((part) => part !== null);
      return {
        method: other ?? method,
        path: queries.length === 0 ? filled : `${filled}?${queries.join('&')}`,
        headers: Object.fromEntries(
          [
            ...headers,
            ['authorization', authorization],
            ['accept', accept],
            ...Object.entries(content?.headers ?? {}),
          ].filter(
            (pair): pair is [string, string] => pair !== null && pair[1] !== null && pair[1] !== undefined,
          ),
        ),
        ...(content === undefined ? {} : { body: content.body }),
      };
    });
}

/** The value once in that many times. */
const seldomly = <Value>(times: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

function segment({ name, example }: ParameterObject, { procedures, jobs, texts }: Known) {
  const meant =
    name === 'procedure'
      ? procedures
      : name === 'id'
        ? [...jobs, '{job}']
        : [String(example), ...texts.map(encodeURIComponent)];
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...meant) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_SEGMENTS) },
    {
      weight: 1,
      arbitrary: fc
        .string({ unit: 'binary', minLength: 1 })
        .map((text) => encodeURIComponent(text.toWellFormed())),
    },
  );
}

/** A text for a parameter of a query, mostly one that its schema takes. */
function textFor({ schema }: ParameterObject, known: Known): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: textOf(schema, known).map(unquoted) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  );
}

function unquoted(json: string): string {
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function queryPart(parameter: ParameterObject, known: Known) {
  return fc.option(
    textFor(parameter, known).map((text) => `${parameter.name}=${encodeURIComponent(text.toWellFormed())}`),
    { freq: 2 },
  );
}

function header({ name }: ParameterObject): fc.Arbitrary<[string, string]> {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(HEADER_VALUES[name] ?? [''])) },
    { weight: 4, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
    // What Node.js sends as a header: Latin-1 without control characters.
    {
      weight: 1,
      arbitrary: fc.string({
        unit: fc
          .integer({ min: 0x20, max: 0xff })
          .filter((unit) => unit !== 0x7f)
          .map((unit) => String.fromCharCode(unit)),
      }),
    },
  );
  return value.map((text) => [name, text]);
}

function authorization({ keys }: Known): fc.Arbitrary<string | null> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(`Bearer ${keys.valid}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...keys.others.map((key) => `bearer ${key}`),
        ...['Bearer nobody', 'Bearer', `Basic ${keys.valid}`, `Bearer ${'k'.repeat(3_000)}`, '__proto__'],
        null,
      ),
    },
  );
}

interface Content {
  headers: Record<string, string>;
  body: Uint8Array;
}

const BROKEN_BODIES = [
  ...[
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '{"processes":[',
    '{"processes":[{}]}x',
    '{"processes":[NaN]}',
    "{'processes':[]}",
  ],
  ...[
    '\ufeff{"processes":[{}]}',
    '{"processes":[{}],"processes":[{}]}',
    '{"processes":{"0":{}}}',
    '{"__proto__":{"processes":[{}]}}',
  ],
].map((text) => Buffer.from(text));
const BROKEN_BYTES = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from('{"processes":[{"id":"\xff"}]}', 'latin1'),
  gzipSync('{}').subarray(0, 12),
];

function contentOf(
  { content }: NonNullable<OperationObject['requestBody']>,
  known: Known,
): fc.Arbitrary<Content> {
  const [[mediaType, { schema }] = ['', { schema: {} as JsonSchema }]] = Object.entries(content);
  const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
    { weight: 20, arbitrary: textOf(schema, known).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.constantFrom<Uint8Array>(...BROKEN_BODIES, ...BROKEN_BYTES) },
    { weight: 1, arbitrary: anything(known).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  );
  return fc
    .record({
      bytes,
      encoding: fc.oneof(
        { weight: 10, arbitrary: fc.constant('none') },
        { weight: 2, arbitrary: fc.constantFrom('gzip', 'truncated') },
        { weight: 1, arbitrary: fc.constantFrom(...CONTENT_ENCODINGS) },
      ),
      contentType: fc.oneof(
        { weight: 12, arbitrary: fc.constant(mediaType) },
        { weight: 1, arbitrary: fc.constantFrom(...CONTENT_TYPES) },
      ),
    })
    .map(({ bytes: plain, encoding, contentType }) => {
      const headers = { 'content-type': contentType };
      if (encoding === 'none') return { headers, body: plain };
      const zipped = gzipSync(plain);
      const isTruncated = encoding === 'truncated';
      return {
        headers: { ...headers, 'content-encoding': isTruncated ? 'gzip' : encoding },
        body: isTruncated ? zipped.subarray(0, zipped.length / 2) : zipped,
      };
    });
}
