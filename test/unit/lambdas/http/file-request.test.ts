import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it, test } from 'vitest';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { readFileJob, readUploadComplete } from '../../../../lambdas/http/file-request.ts';
import { aProcedure } from '../../../support/builders.ts';

const eventOf = (body: unknown) =>
  ({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    isBase64Encoded: false,
  }) as unknown as APIGatewayProxyEvent;

const CSV = { format: 'csv', size: 5, columns: { Lead: 'lead_id', City: 'city' } };

/** The code and the pointer of each error. */
function errorsOf(read: () => unknown): (string | undefined)[][] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ code, pointer }) => [code, pointer]);
  }
}

const begun = (body: unknown) => errorsOf(() => readFileJob(eventOf(body), aProcedure()));
const completed = (body: unknown) => errorsOf(() => readUploadComplete(eventOf(body)));

describe('what begins a file job', () => {
  it.each([
    [CSV],
    [{ ...CSV, compression: null, clearMarker: 'NULL', delimiter: ';', expect: { Stage: 'state' } }],
    [{ format: 'ndjson', size: 10_737_418_240, compression: 'gzip' }],
    [
      {
        ...CSV,
        options: {
          name: 'a',
          canary: 5,
          abortOn: { errorPercent: 1 },
          onMissing: 'create',
          onInvalid: 'skip',
        },
      },
    ],
    [{ ...CSV, options: { source: { file: 'leads.csv' } } }],
  ])('%j is accepted', (body) => expect(begun(body)).toEqual([]));

  it.each([
    ['', [['MALFORMED_JSON', undefined]]],
    ['[]', [['INVALID_UPLOAD', '']]],
    [
      {},
      [
        ['INVALID_UPLOAD', ''],
        ['INVALID_UPLOAD', ''],
      ],
    ],
    ['{"format":"ndjson","size":5,"size":6}', [['DUPLICATE_KEY', '/size']]],
    [{ ...CSV, size: 0 }, [['INVALID_UPLOAD', '/size']]],
    [{ ...CSV, size: 1.5 }, [['INVALID_UPLOAD', '/size']]],
    [{ ...CSV, size: '5' }, [['INVALID_UPLOAD', '/size']]],
    [{ ...CSV, size: 10_737_418_241 }, [['INVALID_UPLOAD', '/size']]],
    [{ ...CSV, format: 'CSV' }, [['INVALID_UPLOAD', '/format']]],
    [{ ...CSV, compression: 'zip' }, [['INVALID_UPLOAD', '/compression']]],
    [{ ...CSV, columns: undefined }, [['INVALID_UPLOAD', '']]],
    [{ ...CSV, columns: {} }, [['INVALID_UPLOAD', '/columns']]],
    [{ ...CSV, columns: [] }, [['INVALID_UPLOAD', '/columns']]],
    [{ ...CSV, columns: { Lead: 5, City: 'city' } }, [['INVALID_UPLOAD', '/columns/Lead']]],
    [{ ...CSV, columns: { City: 'city' } }, [['INVALID_UPLOAD', '/columns']]],
    [{ ...CSV, columns: { Lead: 'lead_id' } }, [['INVALID_UPLOAD', '/columns']]],
    [{ ...CSV, columns: { Lead: 'lead_id', City: 'citi' } }, [['INVALID_UPLOAD', '/columns/City']]],
    [{ ...CSV, columns: { Lead: 'lead_id', 'a/b~': 'citi' } }, [['INVALID_UPLOAD', '/columns/a~1b~0']]],
    [{ ...CSV, expect: { City: 'version2' } }, [['INVALID_UPLOAD', '/expect/City']]],
    [
      '{"format":"csv","size":5,"columns":{"Lead":"lead_id","City":"city"},"expect":{"constructor":"state"}}',
      [['INVALID_UPLOAD', '/expect']],
    ],
    [
      '{"format":"csv","size":5,"columns":{"__proto__":"lead_id","City":"city"}}',
      [['INVALID_UPLOAD', '/columns']],
    ],
    [
      { ...CSV, columns: { Lead: 'lead_id', ['h'.repeat(60_000)]: 'city' } },
      [['INVALID_UPLOAD', '/columns']],
    ],
    [
      { ...CSV, size: 0, columns: { Lead: 'lead_id', City: 'citi' } },
      [
        ['INVALID_UPLOAD', '/size'],
        ['INVALID_UPLOAD', '/columns/City'],
      ],
    ],
    [{ ...CSV, delimiter: '' }, [['INVALID_UPLOAD', '/delimiter']]],
    [{ ...CSV, clearMarker: '' }, [['INVALID_UPLOAD', '/clearMarker']]],
    [{ ...CSV, column: {} }, [['UNKNOWN_MEMBER', '/column']]],
    [{ format: 'ndjson', size: 5, columns: {} }, [['INVALID_UPLOAD', '/columns']]],
    [
      { format: 'ndjson', size: 5, expect: {}, delimiter: ',' },
      [
        ['INVALID_UPLOAD', '/delimiter'],
        ['INVALID_UPLOAD', '/expect'],
      ],
    ],
    [{ ...CSV, options: { plan: true } }, [['INVALID_OPTION', '/options/plan']]],
    [{ ...CSV, options: { plan: false } }, [['INVALID_OPTION', '/options/plan']]],
    [{ ...CSV, options: { onInvalid: 'reject' } }, [['INVALID_OPTION', '/options/onInvalid']]],
    [{ ...CSV, options: { source: { lines: [1] } } }, [['INVALID_OPTION', '/options/source/lines']]],
    [
      { ...CSV, options: { canary: 0 }, size: -1 },
      [
        ['INVALID_UPLOAD', '/size'],
        ['INVALID_OPTION', '/options/canary'],
      ],
    ],
  ])('%j is refused', (body, errors) => expect(begun(body)).toEqual(errors));
});

test('each message says what is wrong and what to send', () => {
  const messageOf = (body: unknown) => {
    try {
      readFileJob(eventOf(body), aProcedure());
    } catch (error) {
      if (error instanceof RequestError) return error.errors.map(({ message }) => message);
    }
    return [];
  };
  expect(messageOf({ format: 'csv' })).toEqual(['"size" is missing: send the size of the file in bytes.']);
  expect(messageOf({ ...CSV, format: 'xml' })).toEqual([
    '"format": "xml" is not a format: send "csv" or "ndjson".',
  ]);
  expect(messageOf({ ...CSV, options: { onInvalid: 'reject' } })).toEqual([
    '"onInvalid": "reject" is not "skip": a file job processes its valid rows. Leave it out, or check the file with requests of at most 10,000 items.',
  ]);
});

describe('what completes an upload', () => {
  const part = { partNumber: 1, etag: '"a"' };
  it.each([
    [{ parts: [part] }, []],
    [{ parts: [] }, []],
    [{}, [['INVALID_UPLOAD', '']]],
    [{ parts: {} }, [['INVALID_UPLOAD', '/parts']]],
    [
      { parts: [part, { partNumber: 0, etag: '' }] },
      [
        ['INVALID_UPLOAD', '/parts/1/partNumber'],
        ['INVALID_UPLOAD', '/parts/1/etag'],
      ],
    ],
    [{ parts: [{ partNumber: 641, etag: 'a' }] }, [['INVALID_UPLOAD', '/parts/0/partNumber']]],
    [{ parts: [{ partNumber: 1 }] }, [['INVALID_UPLOAD', '/parts/0']]],
    [{ parts: [7] }, [['INVALID_UPLOAD', '/parts/0']]],
    [{ parts: [part], part }, [['UNKNOWN_MEMBER', '/part']]],
  ])('%j', (body, errors) => expect(completed(body)).toEqual(errors));
});
