import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../../../lambdas/http/json-body.ts';
import { codesOf, readBody } from '../../../support/requests.ts';

const BODY = '{"processes":[{"id":"a","state":"NEW"}]}';

describe('a body', () => {
  it('is UTF-8', () => {
    expect(codesOf(() => readBody(Buffer.from([0x22, 0xff, 0x22])))).toBe('400 MALFORMED_BODY');
  });

  it('may be compressed, up to a bound of what comes out', () => {
    const gzip = { 'content-encoding': 'GZIP' };
    expect(readBody(gzipSync(BODY), gzip).items).toHaveLength(1);
    expect(codesOf(() => readBody(gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1, ' ')), gzip))).toBe(
      '413 BODY_TOO_LARGE',
    );
    expect(codesOf(() => readBody(Buffer.alloc(MAX_BODY_BYTES + 1, ' ')))).toBe('413 BODY_TOO_LARGE');
    expect(codesOf(() => readBody('no gzip', gzip))).toBe('400 MALFORMED_BODY');
    expect(codesOf(() => readBody(gzipSync(BODY).subarray(0, 20), gzip))).toBe('400 MALFORMED_BODY');
    for (const encoding of ['gzip', 'x-gzip', 'X-GZip', ' gzip ']) {
      expect(readBody(gzipSync(BODY), { 'content-encoding': encoding }).items).toHaveLength(1);
    }
    for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x-gzip2', 'zstd']) {
      expect(codesOf(() => readBody(BODY, { 'content-encoding': encoding }))).toBe(
        '415 UNSUPPORTED_ENCODING',
      );
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
    expect(codesOf(() => readBody(BODY, { 'content-type': type }))).toBe(
      isRead ? 'accepted' : '415 UNSUPPORTED_MEDIA_TYPE',
    );
  });
});
